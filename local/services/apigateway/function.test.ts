/**
 * Lambda functions behind an API, played by the test: the event they get, the answers they may give, who calls them.
 * Does not prove: real functions in workers (Lambda's own tests), nor the case of header names, which the endpoint lowers.
 */
import assert from "node:assert/strict";
import { render } from "../../../test/stage";
import type { Reply, Request } from "../../endpoint/http";
import type { Graph } from "../../graph/graph";
import type { Principal } from "../../iam/principal";
import { AwsError } from "../service";
import { declareApi, type MethodDraft } from "./testing/api-program";
import { openGateway } from "./testing/open-gateway";

const FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:f";
const INVOKE = {
  integrationHttpMethod: "POST",
  uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`,
};
const PROXY = { type: "AWS_PROXY", ...INVOKE };

interface Invocation {
  readonly caller: Principal;
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly context: Readonly<Record<string, string>> | undefined;
}

const api = (method: MethodDraft): Promise<Graph> =>
  render(() => void declareApi("api", { methods: [method], stage: { variables: { color: "red" } } }));

/** Sends a request to a function that gives one answer. */
async function send(
  method: MethodDraft,
  outcome: unknown,
  request: Partial<Request> = {},
): Promise<{ reply: Reply; calls: Invocation[] }> {
  const calls: Invocation[] = [];
  const gateway = await openGateway(await api(method), async (caller, service, operation, input, context) => {
    calls.push({ caller, service, operation, input, context });
    if (outcome instanceof AwsError) throw outcome;
    return outcome;
  });
  return { reply: await gateway.send(request), calls };
}

const answering = (payload: unknown): unknown => ({
  StatusCode: 200,
  Payload: typeof payload === "string" ? payload : JSON.stringify(payload),
});

describe("A function behind an API", () => {
  it("gets the whole request as one event", async () => {
    const { calls } = await send({ method: "ANY", path: "jobs/{id}", integration: PROXY }, answering({}), {
      method: "POST",
      path: "/v1/jobs/a%20b",
      rawQuery: "q=1&q=2",
      headers: { host: "shop.example.com:80", "user-agent": "tests", connection: "keep-alive" },
      body: Buffer.from("h\u00e9llo"),
    });
    const [call] = calls;
    const { Payload, FunctionName } = call?.input as { Payload: string; FunctionName: string };
    assert.deepEqual([call?.service, call?.operation, FunctionName], ["lambda", "Invoke", FUNCTION]);
    const { requestContext, ...event } = JSON.parse(Payload) as Record<string, unknown>;
    const headers = {
      host: "shop.example.com:80",
      "user-agent": "tests",
      "x-forwarded-for": "192.0.2.7",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    };
    assert.deepEqual(event, {
      resource: "/jobs/{id}",
      path: "/jobs/a%20b",
      httpMethod: "POST",
      headers,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      queryStringParameters: { q: "2" },
      multiValueQueryStringParameters: { q: ["1", "2"] },
      pathParameters: { id: "a b" },
      stageVariables: { color: "red" },
      body: "h\u00e9llo",
      isBase64Encoded: false,
    });
    const { requestId, extendedRequestId, resourceId, deploymentId, apiId, identity, ...context } =
      requestContext as Record<string, unknown>;
    assert.deepEqual(context, {
      resourcePath: "/jobs/{id}",
      httpMethod: "POST",
      requestTime: "05/Jan/2026:10:00:00 +0000",
      requestTimeEpoch: 1767607200000,
      path: "/v1/jobs/a%20b",
      accountId: "000000000000",
      protocol: "HTTP/1.1",
      stage: "v1",
      domainPrefix: "shop",
      domainName: "shop.example.com",
    });
    assert.ok(
      [requestId, extendedRequestId, resourceId, deploymentId, apiId].every(
        (id) => typeof id === "string" && id.length > 5,
      ),
    );
    const { sourceIp, userAgent, user } = identity as Record<string, unknown>;
    assert.deepEqual([sourceIp, userAgent, user], ["192.0.2.7", "tests", null]);
  });

  it("gets null for what the request has not", async () => {
    const { calls } = await send({ integration: PROXY }, answering({}));
    const event = JSON.parse((calls[0]?.input as { Payload: string }).Payload) as Record<string, unknown>;
    assert.deepEqual(
      [
        event["queryStringParameters"],
        event["multiValueQueryStringParameters"],
        event["pathParameters"],
        event["body"],
      ],
      [null, null, null, null],
    );
  });

  it("is called by API Gateway itself, for one method, unless a role is named", async () => {
    const { calls } = await send({ path: "jobs/{id}", integration: PROXY }, answering({}), { path: "/v1/jobs/1" });
    assert.equal(calls[0]?.caller.arn, "apigateway.amazonaws.com");
    assert.match(
      calls[0]?.context?.["aws:SourceArn"] ?? "",
      /^arn:aws:execute-api:eu-west-1:000000000000:[0-9a-f]{10}\/v1\/GET\/jobs\/\*$/,
    );
    const role = "arn:aws:iam::000000000000:role/caller";
    const asRole = await send({ integration: { ...PROXY, credentials: role } }, answering({}));
    assert.deepEqual(
      [asRole.calls[0]?.caller.arn, asRole.calls[0]?.context],
      ["arn:aws:sts::000000000000:assumed-role/caller/BackplaneAssumeRoleSession", undefined],
    );
  });

  const answers: readonly (readonly [
    claim: string,
    payload: unknown,
    status: number,
    body: string,
    headers?: Record<string, string>,
  ])[] = [
    [
      "an answer in full",
      {
        statusCode: 201,
        headers: { "X-A": "b", "Content-Type": "text/plain" },
        multiValueHeaders: { "X-B": ["1", 2] },
        body: "made",
        isBase64Encoded: false,
      },
      201,
      "made",
      { "x-a": "b", "x-b": "1,2", "content-type": "text/plain" },
    ],
    ["an answer in nothing", {}, 200, "", { "content-type": "application/json" }],
    ["a status as text", { statusCode: "404", body: null }, 404, ""],
    [
      "headers of the endpoint's own, which are passed over",
      { headers: { "Content-Length": 3, Connection: "close" }, body: "x" },
      200,
      "x",
    ],
  ];
  for (const [claim, payload, status, body, headers = {}] of answers) {
    it(`may give ${claim}`, async () => {
      const { reply } = await send({ integration: PROXY }, answering(payload));
      assert.deepEqual([reply.status, reply.body], [status, body]);
      for (const [name, value] of Object.entries(headers)) assert.equal(reply.headers[name], value);
      assert.equal(reply.headers["content-length"], undefined);
    });
  }

  const malformed: readonly (readonly [claim: string, payload: unknown])[] = [
    ["no JSON", "no JSON"],
    ["nothing", ""],
    ["a text", `"x"`],
    ["a list", "[]"],
    ["a body that is no text", { body: { a: 1 } }],
    ["an unknown member", { statusCode: 200, message: "x" }],
    ["no status", { statusCode: "x" }],
    ["a status that is none", { statusCode: 99 }],
    ["a header that cannot be sent", { headers: { "a b": "c" } }],
  ];
  for (const [claim, payload] of malformed) {
    it(`answers 502 when it gives ${claim}`, async () => {
      const { reply } = await send({ integration: PROXY }, answering(payload));
      assert.deepEqual([reply.status, reply.body], [502, `{"message":"Internal server error"}`]);
    });
  }

  it("answers 502 when it fails, 500 when it may not be called, 504 when it cannot be", async () => {
    const failed = { StatusCode: 200, FunctionError: "Unhandled", Payload: `{"errorMessage":"secret"}` };
    assert.equal((await send({ integration: PROXY }, failed)).reply.status, 502);
    assert.equal(
      (await send({ integration: PROXY }, new AwsError("AccessDeniedException", "secret", 403))).reply.status,
      500,
    );
    const unavailable = await send({ integration: PROXY }, new AwsError("ServiceException", "secret", 500));
    assert.deepEqual([unavailable.reply.status, unavailable.reply.body], [504, `{"message":"Internal server error"}`]);
  });

  it("works with templates, and chooses a response by its error", async () => {
    const json = (template: string): Record<string, string> => ({ "application/json": template });
    const method: MethodDraft = {
      integration: { type: "AWS", ...INVOKE, requestTemplates: json(`{"q":"$input.params('q')"}`) },
      responses: [
        { status: "200", templates: json("$input.path('$.ok')") },
        { status: "404", pattern: ".*not found.*", templates: json("$input.path('$.errorMessage')") },
      ],
    };
    const fine = await send(method, answering({ ok: "fine" }), { rawQuery: "q=1" });
    assert.deepEqual(
      [fine.reply.status, fine.reply.body, fine.calls[0]?.input],
      [200, "fine", { FunctionName: FUNCTION, Payload: `{"q":"1"}` }],
    );
    const failing = (errorMessage: string): unknown => ({
      FunctionError: "Unhandled",
      Payload: JSON.stringify({ errorMessage }),
    });
    const missing = await send(method, failing("site not found here"));
    assert.deepEqual([missing.reply.status, missing.reply.body], [404, "site not found here"]);
    assert.equal((await send(method, failing("other"))).reply.status, 200);
    assert.equal((await send(method, new AwsError("AccessDeniedException", "no", 403))).reply.status, 500);
  });
});
