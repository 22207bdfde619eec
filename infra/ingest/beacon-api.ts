/**
 * The front door for beacons: `GET /beacon?browseraction=Click|Impression[&id=...]`, handed to the input stream by API
 * Gateway itself, without a function between. It answers 200 when the stream has the beacon, 400 with the reason when it
 * never will, 503 when the beacon is worth another try.
 */
import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { InputProblems } from "../core/problems";
import { days } from "../core/units";
import { Role } from "../iam/role";
import type { EventStream } from "../store/event-stream";
import {
  ACCEPTED_TEMPLATE,
  ACCESS_LOG_FORMAT,
  GATEWAY_REFUSAL_TEMPLATE,
  GATEWAY_THROTTLE_TEMPLATE,
  putRecordTemplate,
  REFUSED_TEMPLATE,
  UNAVAILABLE_TEMPLATE,
} from "./beacon-templates";
import { RequestFirewall } from "./request-firewall";

export interface BeaconApiArgs {
  readonly on: Foundation;
  readonly stream: EventStream;
  /** Requests per second, in the long run, that the API admits. */
  readonly rateLimit: number;
  /** Requests that may come at once on top of it. */
  readonly burstLimit: number;
  /** Origin that a page may send beacons from by script; beacons carry no credentials. @default "*" */
  readonly allowedOrigin?: string;
  /** Requests that one address may send in five minutes before a firewall stops it. @default - no firewall */
  readonly requestsPerAddress?: number;
}

/** Name of the API's stage: the first part of every path. */
const STAGE_NAME = "v1";

export class BeaconApi extends ClickstreamComponent {
  /** Where a page sends beacons: `<url>?browseraction=Click`. */
  readonly url: pulumi.Output<string>;
  readonly apiName: pulumi.Output<string>;
  readonly stageName = STAGE_NAME;

  constructor(name: string, args: BeaconApiArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planBeaconApi(name, args);
    super("clickstream:ingest:BeaconApi", name, {}, opts);
    const { on, stream } = args;

    const api = new aws.apigateway.RestApi(
      name,
      { description: "Takes beacons into the input stream", endpointConfiguration: { types: "REGIONAL" } },
      this.child(),
    );
    const path = new aws.apigateway.Resource(
      name,
      { restApi: api.id, parentId: api.rootResourceId, pathPart: "beacon" },
      this.child(),
    );
    const role = new Role(
      name,
      {
        on,
        trust: { kind: "service", service: "apigateway.amazonaws.com" },
        description: "API Gateway puts beacons on the input stream",
        access: [stream.canWrite("puts beacons on the input stream", ["kinesis:PutRecord"])],
      },
      { parent: this },
    );
    const answers = [
      ...this.#createBeaconMethod(name, { api, path, role, place: on.place, stream, plan }),
      ...this.#createPreflight(name, { api, path, plan }),
      ...this.#createRefusals(name, api),
    ];

    const deployment = new aws.apigateway.Deployment(
      name,
      {
        restApi: api.id,
        // A deployment is a snapshot: it is made anew when anything it holds changes.
        triggers: { definition: pulumi.all(answers.map((answer) => answer.definition)).apply(digest) },
      },
      this.child({ dependsOn: answers.map((answer) => answer.resource) }),
    );
    const stage = this.#createStage(name, { api, deployment, on, plan });
    if (plan.requestsPerAddress !== undefined) {
      new RequestFirewall(name, { target: stage.arn, requestsPerAddress: plan.requestsPerAddress }, { parent: this });
    }

    this.url = pulumi.interpolate`${stage.invokeUrl}/beacon`;
    this.apiName = api.name;
    this.registerOutputs({ url: this.url });
  }

  #createBeaconMethod(
    name: string,
    {
      api,
      path,
      role,
      place,
      stream,
      plan,
    }: {
      api: aws.apigateway.RestApi;
      path: aws.apigateway.Resource;
      role: Role;
      place: Foundation["place"];
      stream: EventStream;
      plan: BeaconApiPlan;
    },
  ): Answer[] {
    const validator = new aws.apigateway.RequestValidator(
      name,
      { restApi: api.id, validateRequestParameters: true, validateRequestBody: false },
      this.child(),
    );
    const method = new aws.apigateway.Method(
      name,
      {
        restApi: api.id,
        resourceId: path.id,
        httpMethod: "GET",
        authorization: "NONE",
        requestValidatorId: validator.id,
        requestParameters: { "method.request.querystring.browseraction": true, "method.request.querystring.id": false },
      },
      this.child(),
    );
    const at = { restApi: api.id, resourceId: path.id, httpMethod: method.httpMethod };
    const requestTemplate = stream.name.apply(putRecordTemplate);
    const integration = new aws.apigateway.Integration(
      name,
      {
        ...at,
        type: "AWS",
        integrationHttpMethod: "POST",
        uri: `arn:${place.partition}:apigateway:${place.region}:kinesis:action/PutRecord`,
        credentials: role.arn,
        passthroughBehavior: "NEVER",
        requestParameters: { "integration.request.header.Content-Type": "'application/x-amz-json-1.1'" },
        requestTemplates: { "application/json": requestTemplate },
      },
      this.child({ dependsOn: [role.ready] }),
    );

    const answers = [
      { status: "200", pattern: undefined, template: ACCEPTED_TEMPLATE },
      { status: "400", pattern: "4\\d{2}", template: REFUSED_TEMPLATE },
      { status: "503", pattern: "5\\d{2}", template: UNAVAILABLE_TEMPLATE },
    ].map(({ status, pattern, template }) =>
      this.#createResponse(`${name}-${status}`, {
        at,
        status,
        pattern,
        templates: { "application/json": template },
        headers: { "Access-Control-Allow-Origin": `'${plan.allowedOrigin}'`, "Cache-Control": "'no-store'" },
        after: integration,
      }),
    );
    return [{ resource: integration, definition: requestTemplate }, ...answers];
  }

  /** What a browser asks before a page of another origin may send beacons by script. */
  #createPreflight(
    name: string,
    { api, path, plan }: { api: aws.apigateway.RestApi; path: aws.apigateway.Resource; plan: BeaconApiPlan },
  ): Answer[] {
    const method = new aws.apigateway.Method(
      `${name}-preflight`,
      { restApi: api.id, resourceId: path.id, httpMethod: "OPTIONS", authorization: "NONE" },
      this.child(),
    );
    const at = { restApi: api.id, resourceId: path.id, httpMethod: method.httpMethod };
    const integration = new aws.apigateway.Integration(
      `${name}-preflight`,
      {
        ...at,
        type: "MOCK",
        passthroughBehavior: "WHEN_NO_TEMPLATES",
        requestTemplates: { "application/json": `{"statusCode":204}` },
      },
      this.child(),
    );
    const answer = this.#createResponse(`${name}-preflight`, {
      at,
      status: "204",
      pattern: undefined,
      templates: {},
      headers: {
        "Access-Control-Allow-Origin": `'${plan.allowedOrigin}'`,
        "Access-Control-Allow-Methods": "'GET,OPTIONS'",
        "Access-Control-Max-Age": "'86400'",
      },
      after: integration,
    });
    return [{ resource: integration, definition: "preflight" }, answer];
  }

  #createResponse(
    name: string,
    response: {
      at: { restApi: pulumi.Input<string>; resourceId: pulumi.Input<string>; httpMethod: pulumi.Input<string> };
      status: string;
      pattern: string | undefined;
      templates: Record<string, string>;
      headers: Record<string, string>;
      after: pulumi.Resource;
    },
  ): Answer {
    const { at, status, pattern, templates, headers, after } = response;
    const parameter = (header: string): string => `method.response.header.${header}`;
    const declared = new aws.apigateway.MethodResponse(
      name,
      {
        ...at,
        statusCode: status,
        responseParameters: Object.fromEntries(Object.keys(headers).map((header) => [parameter(header), true])),
      },
      this.child(),
    );
    const resource = new aws.apigateway.IntegrationResponse(
      name,
      {
        ...at,
        statusCode: declared.statusCode,
        ...(pattern === undefined ? {} : { selectionPattern: pattern }),
        responseTemplates: templates,
        responseParameters: Object.fromEntries(
          Object.entries(headers).map(([header, value]) => [parameter(header), value]),
        ),
      },
      this.child({ dependsOn: [after] }),
    );
    return { resource, definition: JSON.stringify({ status, pattern, templates, headers }) };
  }

  /** Refusals that never reach the stream carry their reason in the same form. */
  #createRefusals(name: string, api: aws.apigateway.RestApi): Answer[] {
    return [
      { responseType: "BAD_REQUEST_PARAMETERS", template: GATEWAY_REFUSAL_TEMPLATE },
      { responseType: "THROTTLED", template: GATEWAY_THROTTLE_TEMPLATE },
      { responseType: "DEFAULT_4XX", template: GATEWAY_REFUSAL_TEMPLATE },
      { responseType: "DEFAULT_5XX", template: GATEWAY_THROTTLE_TEMPLATE },
    ].map(({ responseType, template }) => ({
      resource: new aws.apigateway.Response(
        `${name}-${responseType.toLowerCase().replaceAll("_", "-")}`,
        { restApiId: api.id, responseType, responseTemplates: { "application/json": template } },
        this.child(),
      ),
      definition: responseType + template,
    }));
  }

  #createStage(
    name: string,
    {
      api,
      deployment,
      on,
      plan,
    }: { api: aws.apigateway.RestApi; deployment: aws.apigateway.Deployment; on: Foundation; plan: BeaconApiPlan },
  ): aws.apigateway.Stage {
    const accessLog = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: days(on.logRetention), kmsKeyId: on.key.arn },
      this.child(),
    );
    const logRole = new Role(
      `${name}-log`,
      {
        on,
        trust: { kind: "service", service: "apigateway.amazonaws.com" },
        description: "API Gateway writes the access logs of this account and region",
        access: [canWriteAccessLogs(on)],
      },
      { parent: this },
    );
    const account = new aws.apigateway.Account(
      name,
      { cloudwatchRoleArn: logRole.arn },
      // One setting per account and region: it stays when this stage goes.
      this.child({ dependsOn: [logRole.ready], retainOnDelete: true }),
    );
    const stage = new aws.apigateway.Stage(
      name,
      {
        restApi: api.id,
        deployment: deployment.id,
        stageName: STAGE_NAME,
        accessLogSettings: { destinationArn: accessLog.arn, format: ACCESS_LOG_FORMAT },
      },
      this.child({ dependsOn: [account] }),
    );
    new aws.apigateway.MethodSettings(
      name,
      {
        restApi: api.id,
        stageName: stage.stageName,
        methodPath: "*/*",
        settings: {
          throttlingRateLimit: plan.rateLimit,
          throttlingBurstLimit: plan.burstLimit,
          metricsEnabled: true,
          loggingLevel: "OFF",
          dataTraceEnabled: false,
        },
      },
      this.child(),
    );
    return stage;
  }
}

/** A resource that a deployment holds, and what of it decides whether the deployment is still true. */
interface Answer {
  readonly resource: pulumi.Resource;
  readonly definition: pulumi.Input<string>;
}

export interface BeaconApiPlan {
  readonly rateLimit: number;
  readonly burstLimit: number;
  readonly allowedOrigin: string;
  readonly requestsPerAddress: number | undefined;
}

/** @throws pulumi.InputPropertiesError */
export function planBeaconApi(name: string, args: Omit<BeaconApiArgs, "on" | "stream">): BeaconApiPlan {
  const { rateLimit, burstLimit, allowedOrigin = "*", requestsPerAddress } = args;
  const problems = new InputProblems(`BeaconApi ${name}`);
  problems.expect(rateLimit >= 1, "rateLimit", rateLimit, "at least 1 request per second");
  problems.expect(burstLimit >= 1, "burstLimit", burstLimit, "at least 1 request");
  problems.expect(
    allowedOrigin === "*" || /^https?:\/\/[A-Za-z0-9.-]+(:\d+)?$/.test(allowedOrigin),
    "allowedOrigin",
    allowedOrigin,
    '"*" or an origin such as https://www.example.com',
  );
  problems.throwIfAny();
  return { rateLimit, burstLimit, allowedOrigin, requestsPerAddress };
}

function canWriteAccessLogs({ place: { partition, region, account } }: Foundation): Capability {
  const reason = "API Gateway writes access logs with one role per account and region";
  const target = {
    arn: pulumi.interpolate`arn:${partition}:logs:${region}:${account}:log-group:*`,
    pattern: `arn:${partition}:logs:${region}:*:log-group:*`,
  };
  return permits(
    { sid: "WriteAccessLogs", reason, actions: ["logs:CreateLogStream", "logs:PutLogEvents"], targets: [target] },
    {
      sid: "InspectAccessLogs",
      reason,
      actions: [
        "logs:CreateLogGroup",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
      ],
      targets: [target],
      idle: "API Gateway demands it of its account role before it accepts the role",
    },
  );
}

function digest(definitions: readonly string[]): string {
  return createHash("sha256").update(definitions.join("\n")).digest("hex");
}
