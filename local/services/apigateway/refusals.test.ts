/**
 * What the stage does not honour, it refuses when it opens, with the resource and its place.
 * Does not prove: that the list of settings is AWS's whole; a new one is refused like any that nobody reads.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { render, withStage } from "../../../test/stage";
import { declareApi, declareRole, MOCK, type ApiDraft } from "./testing/api-program";

const ACTION = { type: "AWS", integrationHttpMethod: "POST", credentials: "arn:aws:iam::000000000000:role/api" };
const uri = (target: string): string => `arn:aws:apigateway:eu-west-1:${target}`;
const PUT = { ...ACTION, uri: uri("kinesis:action/PutRecord") };

async function refusal(program: () => unknown): Promise<string> {
  const graph = await render(program);
  let message = "nothing was refused";
  await withStage(graph, async () => undefined).catch(
    (error: unknown) => (message = error instanceof Error ? error.message : String(error)),
  );
  return message;
}

const DRAFTS: readonly (readonly [claim: string, draft: ApiDraft, message: RegExp])[] = [
  [
    "authorization",
    { methods: [{ integration: MOCK, settings: { authorization: "AWS_IAM" } }] },
    /Method api--GET .*authorization NONE only, got AWS_IAM/,
  ],
  [
    "API keys",
    { methods: [{ integration: MOCK, settings: { apiKeyRequired: true } }] },
    /does not model apiKeyRequired/,
  ],
  [
    "HTTP integrations",
    { methods: [{ integration: { type: "HTTP", uri: "https://example.com", integrationHttpMethod: "GET" } }] },
    /Integration api--GET .*AWS, AWS_PROXY and MOCK, got HTTP/,
  ],
  [
    "VPC links",
    { methods: [{ integration: { ...MOCK, connectionType: "VPC_LINK", connectionId: "x" } }] },
    /connectionId|VPC links/,
  ],
  [
    "timeouts of its own",
    { methods: [{ integration: { ...MOCK, timeoutMilliseconds: 100 } }] },
    /does not model timeoutMilliseconds/,
  ],
  [
    "binary conversion",
    { methods: [{ integration: { ...MOCK, contentHandling: "CONVERT_TO_TEXT" } }] },
    /does not model contentHandling/,
  ],
  [
    "an action without a role",
    {
      methods: [{ integration: { type: "AWS", integrationHttpMethod: "POST", uri: uri("kinesis:action/PutRecord") } }],
    },
    /needs credentials/,
  ],
  [
    "a service that takes no JSON",
    { methods: [{ integration: { ...ACTION, uri: uri("sns:action/Publish") } }] },
    /actions of dynamodb, firehose, kinesis, states/,
  ],
  [
    "another region",
    { methods: [{ integration: { ...ACTION, uri: "arn:aws:apigateway:us-east-1:kinesis:action/PutRecord" } }] },
    /uri must be arn:aws:apigateway:eu-west-1/,
  ],
  [
    "a GET to a service",
    { methods: [{ integration: { ...PUT, integrationHttpMethod: "GET" } }] },
    /integrationHttpMethod must be POST, got GET/,
  ],
  [
    "mapped request parameters",
    { methods: [{ integration: { ...PUT, requestParameters: { "integration.request.querystring.a": "'b'" } } }] },
    /write it into the request template/,
  ],
  ["AWS_PROXY to a service", { methods: [{ integration: { ...PUT, type: "AWS_PROXY" } }] }, /AWS_PROXY is for Lambda/],
  [
    "a template that is no Velocity",
    { methods: [{ integration: { ...MOCK, requestTemplates: { "application/json": "#if($a)" } } }] },
    /Integration api--GET .*its template cannot be used: a #if/,
  ],
  [
    "a path that nobody reads",
    { methods: [{ integration: { ...MOCK, requestTemplates: { "application/json": "$input.path('$..a')" } } }] },
    /the path \$\.\.a is not modelled/,
  ],
  [
    "an override before there is a response",
    {
      methods: [
        {
          integration: {
            ...MOCK,
            requestTemplates: { "application/json": "#set($context.responseOverride.status = 1)" },
          },
        },
      ],
    },
    /a request template with \$context.responseOverride/,
  ],
  [
    "an override of the request",
    {
      methods: [
        {
          integration: {
            ...MOCK,
            requestTemplates: { "application/json": "#set($context.requestOverride.header.a = 'b')" },
          },
        },
      ],
    },
    /requestOverride/,
  ],
  [
    "a pattern that JavaScript reads otherwise",
    { methods: [{ integration: MOCK, responses: [{ status: "200" }, { status: "400", pattern: "4\\d++" }] }] },
    /IntegrationResponse api--GET-400 .*possessive/,
  ],
  [
    "two default responses",
    { methods: [{ integration: MOCK, responses: [{ status: "200" }, { status: "400" }] }] },
    /has a default response already/,
  ],
  [
    "a header of the endpoint's own",
    { methods: [{ integration: MOCK, responses: [{ status: "200", headers: { "Content-Length": "'1'" } }] }] },
    /the header Content-Length is the endpoint's own/,
  ],
  [
    "a header that cannot be sent",
    { methods: [{ integration: MOCK, responses: [{ status: "200", headers: { "X-A": "'\n'" } }] }] },
    /cannot carry/,
  ],
  [
    "a header from nowhere",
    { methods: [{ integration: MOCK, responses: [{ status: "200", headers: { "X-A": "context.stage" } }] }] },
    /context.stage is not modelled/,
  ],
  [
    "validation of bodies against models",
    {
      methods: [
        { integration: MOCK, validates: { body: true }, settings: { requestModels: { "application/json": "Empty" } } },
      ],
    },
    /does not validate bodies/,
  ],
  [
    "an unknown gateway response",
    { methods: [], gatewayResponses: [{ responseType: "TEAPOT" }] },
    /TEAPOT is no response type/,
  ],
  [
    "Velocity in a gateway response",
    {
      methods: [],
      gatewayResponses: [{ responseType: "THROTTLED", responseTemplates: { "application/json": "$input.body" } }],
    },
    /\$input.body is not modelled/,
  ],
  ["execution logs", { methods: [], methodSettings: { "*/*": { loggingLevel: "INFO" } } }, /no execution logs/],
  [
    "settings for a method that is not there",
    { methods: [], methodSettings: { "beacon/GET": { throttlingRateLimit: 1 } } },
    /methodPath beacon\/GET names no method/,
  ],
  ["a region of its own", { methods: [], api: { region: "us-east-1" } }, /does not model region/],
  ["caching", { methods: [], methodSettings: { "*/*": { cachingEnabled: true } } }, /does not model cachingEnabled/],
  [
    "canaries",
    { methods: [], stage: { canarySettings: { deploymentId: "x", percentTraffic: 1 } } },
    /Stage api .*does not model canarySettings/,
  ],
  ["tracing", { methods: [], stage: { xrayTracingEnabled: true } }, /does not model xrayTracingEnabled/],
  [
    "binary media types",
    { methods: [], api: { binaryMediaTypes: ["image/png"] } },
    /RestApi api .*does not model binaryMediaTypes/,
  ],
  ["private APIs", { methods: [], api: { endpointConfiguration: { types: "PRIVATE" } } }, /no private APIs/],
  [
    "an access log without the account's role",
    {
      methods: [],
      stage: {
        accessLogSettings: {
          destinationArn: "arn:aws:logs:eu-west-1:000000000000:log-group:x",
          format: "$context.requestId",
        },
      },
    },
    /add an aws.apigateway.Account/,
  ],
  [
    "an access log without the request's id",
    {
      methods: [],
      stage: {
        accessLogSettings: {
          destinationArn: "arn:aws:logs:eu-west-1:000000000000:log-group:x",
          format: "$context.path",
        },
      },
    },
    /must have \$context.requestId/,
  ],
  [
    "an access log in Firehose",
    {
      methods: [],
      stage: {
        accessLogSettings: {
          destinationArn: "arn:aws:firehose:eu-west-1:000000000000:deliverystream/x",
          format: "$context.requestId",
        },
      },
    },
    /writes access logs to log groups/,
  ],
];

describe("The local stage refuses", () => {
  for (const [claim, draft, message] of DRAFTS) {
    it(claim, async () => {
      assert.match(
        await refusal(() => {
          declareRole("api", "apigateway.amazonaws.com", ["kinesis:PutRecord"]);
          declareApi("api", draft);
        }),
        message,
      );
    });
  }

  it("a role that does not trust API Gateway", async () => {
    const program = (): void => {
      declareRole("api", "lambda.amazonaws.com", ["kinesis:PutRecord"]);
      declareApi("api", { methods: [{ integration: PUT }] });
    };
    assert.match(
      await refusal(program),
      /Integration api--GET .*apigateway\.amazonaws\.com may not take on .*role\/api/,
    );
  });

  it("two APIs with a stage of one name", async () => {
    const program = (): void => {
      declareApi("one", { methods: [] });
      declareApi("two", { methods: [] });
    };
    assert.match(await refusal(program), /the APIs one-\w+ and two-\w+ both have a stage v1/);
  });

  it("an unknown variable of an access log", async () => {
    const program = (): void => {
      const role = declareRole("log", "apigateway.amazonaws.com", []);
      new aws.apigateway.Account("account", { cloudwatchRoleArn: role.arn });
      const destinationArn = "arn:aws:logs:eu-west-1:000000000000:log-group:x";
      declareApi("api", {
        methods: [],
        stage: { accessLogSettings: { destinationArn, format: "$context.requestId $context.authorizer.claims" } },
      });
    };
    assert.match(await refusal(program), /Stage api .*\$context.authorizer.claims is not modelled/);
  });

  it("a method without an integration, and a response that the method does not declare", async () => {
    type At = { restApi: pulumi.Output<string>; resourceId: pulumi.Output<string>; httpMethod: string };
    const program = (more: (at: At) => void) => (): void => {
      const api = declareApi("api", { methods: [] });
      const at = { restApi: api.id, resourceId: api.rootResourceId, httpMethod: "GET" };
      new aws.apigateway.Method("bare", { ...at, authorization: "NONE" });
      more(at);
    };
    assert.match(await refusal(program(() => undefined)), /Method bare .*it has no integration/);
    const undeclared = program((at) => {
      new aws.apigateway.Integration("bare", { ...at, type: "MOCK" });
      new aws.apigateway.IntegrationResponse("bare", { ...at, statusCode: "200" });
    });
    assert.match(await refusal(undeclared), /IntegrationResponse bare .*declares no response 200/);
  });
});
