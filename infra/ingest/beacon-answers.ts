/** What the API of the beacons answers: its methods, each with its answers, and the refusals that reach no method. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Place } from "../core/foundation";
import type { Role } from "../iam/role";
import type { EventStream } from "../store/event-stream";
import {
  ACCEPTED_TEMPLATE,
  GATEWAY_REFUSAL_TEMPLATE,
  GATEWAY_THROTTLE_TEMPLATE,
  putRecordTemplate,
  REFUSED_TEMPLATE,
  UNAVAILABLE_TEMPLATE,
} from "./beacon-templates";

/** A resource that a deployment holds, and what of it decides whether the deployment is still true. */
export interface Answer {
  readonly resource: pulumi.Resource;
  readonly definition: pulumi.Input<string>;
}

/** Where the beacons' methods stand, and whose pages may read their answers. */
export interface BeaconPath {
  readonly api: aws.apigateway.RestApi;
  readonly path: aws.apigateway.Resource;
  readonly allowedOrigin: string;
  readonly parent: pulumi.Resource;
}

/** `GET`: the stream takes the beacon, or says why not. */
export function answerBeacons(
  name: string,
  at: BeaconPath,
  { role, place, stream }: { readonly role: Role; readonly place: Place; readonly stream: EventStream },
): Answer[] {
  const { api, path, allowedOrigin, parent } = at;
  const validator = new aws.apigateway.RequestValidator(
    name,
    { restApi: api.id, validateRequestParameters: true, validateRequestBody: false },
    { parent },
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
    { parent },
  );
  const requestTemplate = stream.name.apply(putRecordTemplate);
  const integration = new aws.apigateway.Integration(
    name,
    {
      ...placeOf(method),
      type: "AWS",
      integrationHttpMethod: "POST",
      uri: `arn:${place.partition}:apigateway:${place.region}:kinesis:action/PutRecord`,
      credentials: role.arn,
      passthroughBehavior: "NEVER",
      requestParameters: { "integration.request.header.Content-Type": "'application/x-amz-json-1.1'" },
      requestTemplates: { "application/json": requestTemplate },
    },
    { parent, dependsOn: [role.ready] },
  );

  const answers = [
    { status: "200", pattern: undefined, template: ACCEPTED_TEMPLATE },
    { status: "400", pattern: "4\\d{2}", template: REFUSED_TEMPLATE },
    { status: "503", pattern: "5\\d{2}", template: UNAVAILABLE_TEMPLATE },
  ].map(({ status, pattern, template }) =>
    createResponse(`${name}-${status}`, {
      integration,
      status,
      pattern,
      templates: { "application/json": template },
      headers: { "Access-Control-Allow-Origin": `'${allowedOrigin}'`, "Cache-Control": "'no-store'" },
      parent,
    }),
  );
  return [{ resource: integration, definition: requestTemplate }, ...answers];
}

/** `OPTIONS`: what a browser asks before a page of another origin may send beacons by script. */
export function answerPreflight(name: string, { api, path, allowedOrigin, parent }: BeaconPath): Answer[] {
  const method = new aws.apigateway.Method(
    `${name}-preflight`,
    { restApi: api.id, resourceId: path.id, httpMethod: "OPTIONS", authorization: "NONE" },
    { parent },
  );
  const integration = new aws.apigateway.Integration(
    `${name}-preflight`,
    {
      ...placeOf(method),
      type: "MOCK",
      passthroughBehavior: "WHEN_NO_TEMPLATES",
      requestTemplates: { "application/json": `{"statusCode":204}` },
    },
    { parent },
  );
  const answer = createResponse(`${name}-preflight`, {
    integration,
    status: "204",
    pattern: undefined,
    templates: {},
    headers: {
      "Access-Control-Allow-Origin": `'${allowedOrigin}'`,
      "Access-Control-Allow-Methods": "'GET,OPTIONS'",
      "Access-Control-Max-Age": "'86400'",
    },
    parent,
  });
  return [{ resource: integration, definition: "preflight" }, answer];
}

/** Refusals that never reach the stream carry their reason in the same form. */
export function answerRefusals(name: string, { api, parent }: BeaconPath): Answer[] {
  return [
    { responseType: "BAD_REQUEST_PARAMETERS", template: GATEWAY_REFUSAL_TEMPLATE },
    { responseType: "THROTTLED", template: GATEWAY_THROTTLE_TEMPLATE },
    { responseType: "DEFAULT_4XX", template: GATEWAY_REFUSAL_TEMPLATE },
    { responseType: "DEFAULT_5XX", template: GATEWAY_THROTTLE_TEMPLATE },
  ].map(({ responseType, template }) => ({
    resource: new aws.apigateway.Response(
      `${name}-${responseType.toLowerCase().replaceAll("_", "-")}`,
      { restApiId: api.id, responseType, responseTemplates: { "application/json": template } },
      { parent },
    ),
    definition: responseType + template,
  }));
}

interface Response {
  readonly integration: aws.apigateway.Integration;
  readonly status: string;
  /** Statuses of the integration that this one answers; none for all others. */
  readonly pattern: string | undefined;
  readonly templates: Readonly<Record<string, string>>;
  /** Names and values, the values in quotes as API Gateway wants constants. */
  readonly headers: Readonly<Record<string, string>>;
  readonly parent: pulumi.Resource;
}

function createResponse(name: string, { integration, status, pattern, templates, headers, parent }: Response): Answer {
  const parameter = (header: string): string => `method.response.header.${header}`;
  const declared = new aws.apigateway.MethodResponse(
    name,
    {
      ...placeOf(integration),
      statusCode: status,
      responseParameters: Object.fromEntries(Object.keys(headers).map((header) => [parameter(header), true])),
    },
    { parent },
  );
  const resource = new aws.apigateway.IntegrationResponse(
    name,
    {
      ...placeOf(integration),
      statusCode: declared.statusCode,
      ...(pattern === undefined ? {} : { selectionPattern: pattern }),
      responseTemplates: templates,
      responseParameters: Object.fromEntries(
        Object.entries(headers).map(([header, value]) => [parameter(header), value]),
      ),
    },
    { parent, dependsOn: [integration] },
  );
  return { resource, definition: JSON.stringify({ status, pattern, templates, headers }) };
}

function placeOf({ restApi, resourceId, httpMethod }: aws.apigateway.Method | aws.apigateway.Integration) {
  return { restApi, resourceId, httpMethod };
}
