/**
 * Integrations and the templates on both sides of them, with other services played by the test: what goes in, what passes
 * through, which response an answer becomes, what a template may override.
 * Does not prove: that AWS answers alike where its documentation is silent; the way through HTTP (beacon-api.test.ts).
 */
import assert from "node:assert/strict";
import { AwsError } from "../../service";
import { MOCK } from "../testing/api-program";
import { callsNobody, renderApi, renderMock, summaryOf } from "../testing/mock-api";
import { openGateway } from "../testing/open-gateway";

const ACTION = {
  type: "AWS",
  integrationHttpMethod: "POST",
  uri: "arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord",
  credentials: "arn:aws:iam::000000000000:role/api",
} as const;
const JSON_TYPE = "application/json";

describe("An integration", () => {
  it("gives templates the request: parameters, context, stage variables", async () => {
    const template = [
      "$input.params('id')|$input.params('q')|$input.params('X-A')|$input.params('none')|",
      "$input.params().path.id|$input.params().querystring.get('q')|$input.params().header.get('x-a')|",
      "$context.httpMethod|$context.path|$context.resourcePath|$context.stage|$context.accountId|$context.requestTime|",
      "$context.requestTimeEpoch|$context.domainName|$context.domainPrefix|$context.identity.sourceIp|",
      "$context.identity.userAgent|$context.protocol|$context.authorizer.principalId|$stageVariables.color",
    ].join("");
    const { send } = await openGateway(
      await renderApi({
        methods: [
          {
            path: "jobs/{id}",
            integration: MOCK,
            responses: [{ status: "200", templates: { [JSON_TYPE]: template } }],
          },
        ],
        stage: { variables: { color: "red" } },
      }),
      callsNobody,
    );
    const { body } = await send({
      path: "/v1/jobs/a%20b",
      rawQuery: "q=1&q=2&id=query",
      headers: { host: "shop.example.com:8080", "x-a": "head", "user-agent": "tests" },
    });
    assert.equal(
      body,
      "a b|2|head||a b|2|head|GET|/v1/jobs/a%20b|/jobs/{id}|v1|000000000000|05/Jan/2026:10:00:00 +0000|" +
        "1767607200000|shop.example.com|shop|192.0.2.7|tests|HTTP/1.1||red",
    );
  });

  it("gives request templates the body as text and as JSON", async () => {
    const inputs: unknown[] = [];
    const template = `{"whole":$input.json('$'),"member":$input.json('$.a.b'),"none":$input.json('$.none'),"text":"$util.base64Encode($input.body)","first":"$input.path('$.list')[0]","print":"$input.path('$.a')","url":"$util.urlEncode($input.params('q'))"}`;
    const { send } = await openGateway(
      await renderApi({
        methods: [{ method: "POST", integration: { ...ACTION, requestTemplates: { [JSON_TYPE]: template } } }],
      }),
      async (_caller, _service, _operation, input) => void inputs.push(input),
    );
    await send({ method: "POST", rawQuery: "q=a%20b%26%7E*", body: Buffer.from(`{"a":{"b":[1]},"list":["x"]}`) });
    await send({ method: "POST" });
    assert.deepEqual(inputs, [
      {
        whole: { a: { b: [1] }, list: ["x"] },
        member: [1],
        none: "",
        text: Buffer.from(`{"a":{"b":[1]},"list":["x"]}`).toString("base64"),
        first: "x",
        print: "{b=[1]}",
        url: "a+b%26%7E*",
      },
      { whole: {}, member: "", none: "", text: "e30=", first: "", print: "", url: "" },
    ]);
  });

  describe("with a template for JSON", () => {
    const cases = [
      { behavior: "NEVER", templates: true, type: undefined, outcome: "template" },
      { behavior: "NEVER", templates: true, type: "application/json; charset=utf-8", outcome: "template" },
      { behavior: "NEVER", templates: true, type: "text/plain", outcome: "415" },
      { behavior: "WHEN_NO_TEMPLATES", templates: true, type: "text/plain", outcome: "415" },
      { behavior: "WHEN_NO_TEMPLATES", templates: false, type: "text/plain", outcome: "body" },
      { behavior: "WHEN_NO_MATCH", templates: true, type: "text/plain", outcome: "body" },
      { behavior: "WHEN_NO_MATCH", templates: true, type: "APPLICATION/JSON", outcome: "template" },
      { behavior: "NEVER", templates: false, type: undefined, outcome: "415" },
    ];
    for (const { behavior, templates, type, outcome } of cases) {
      it(`answers ${type ?? "no type"} with the ${outcome} when it passes ${behavior}${templates ? "" : ", and has none"}`, async () => {
        let input: unknown;
        const graph = await renderApi({
          methods: [
            {
              method: "POST",
              integration: {
                ...ACTION,
                passthroughBehavior: behavior,
                requestTemplates: templates ? { [JSON_TYPE]: `{"from":"template"}` } : {},
              },
            },
          ],
        });
        const { send } = await openGateway(graph, async (_caller, _service, _operation, given) => void (input = given));
        const reply = await send({
          method: "POST",
          headers: { "content-type": type },
          body: Buffer.from(`{"from":"body"}`),
        });
        if (outcome === "415")
          assert.deepEqual([reply.status, reply.body, input], [415, `{"message":"Unsupported Media Type"}`, undefined]);
        else assert.deepEqual([reply.status, input], [200, { from: outcome }]);
      });
    }
  });

  it("selects the response by the service's status, and maps headers and body", async () => {
    const responses = [
      {
        status: "200",
        templates: { [JSON_TYPE]: `{"shard":"$input.path('$.ShardId')"}` },
        headers: {
          "X-Shard": "integration.response.body.ShardId",
          "X-Type": "integration.response.header.Content-Type",
          "X-Fixed": "'a b'",
        },
      },
      {
        status: "404",
        pattern: "4\\d{2}",
        templates: { [JSON_TYPE]: `{"type":"$input.path('$.__type')","says":"$input.path('$.message')"}` },
      },
    ];
    const outcomes: unknown[] = [
      { ShardId: "s-1" },
      new AwsError("ResourceNotFoundException", "no such stream"),
      new AwsError("InternalFailure", "broken", 500),
    ];
    const { send } = await openGateway(await renderApi({ methods: [{ integration: ACTION, responses }] }), async () => {
      const outcome = outcomes.shift();
      if (outcome instanceof AwsError) throw outcome;
      return outcome;
    });
    const found = await send({});
    assert.deepEqual([found.status, found.body], [200, `{"shard":"s-1"}`]);
    assert.deepEqual(
      [found.headers["content-type"], found.headers["X-Shard"], found.headers["X-Type"], found.headers["X-Fixed"]],
      [JSON_TYPE, "s-1", "application/x-amz-json-1.1", "a b"],
    );
    const refused = await send({});
    assert.deepEqual(
      [refused.status, refused.body],
      [404, `{"type":"ResourceNotFoundException","says":"no such stream"}`],
    );
    const other = await send({});
    assert.equal(other.status, 200, "what no pattern takes is the default's");
  });

  it("answers 500 when no response fits", async () => {
    const responses = [{ status: "200", pattern: "2\\d{2}" }];
    const { send } = await openGateway(await renderApi({ methods: [{ integration: ACTION, responses }] }), () =>
      Promise.reject(new AwsError("X", "y")),
    );
    assert.deepEqual(summaryOf(await send({})), [
      500,
      `{"message":"Internal server error"}`,
      "InternalServerErrorException",
    ]);
  });

  it("tells a template that its output was no JSON, as the service would", async () => {
    const responses = [
      { status: "200" },
      { status: "400", pattern: "400", templates: { [JSON_TYPE]: "$input.path('$.__type')" } },
    ];
    for (const output of ["no JSON", `"text"`, "[1]", "null"]) {
      const { send } = await openGateway(
        await renderApi({
          methods: [{ integration: { ...ACTION, requestTemplates: { [JSON_TYPE]: output } }, responses }],
        }),
        callsNobody,
      );
      assert.deepEqual((await send({})).body, "SerializationException", output);
    }
  });

  it("lets a response template override status and headers", async () => {
    const set = `#set($context.responseOverride.status = $x)#set($context.responseOverride.header.Retry-After = "1")#set($context.responseOverride.header["x-fixed"] = "over")done`;
    const responses = (status: string) => [
      { status: "200", templates: { [JSON_TYPE]: set.replace("$x", status) }, headers: { "X-Fixed": "'fixed'" } },
    ];
    for (const [given, expected] of [
      ["503", 503],
      [`"503"`, 200],
      ["99", 200],
      ["600", 200],
      ["204", 204],
    ] as const) {
      const { send } = await openGateway(
        await renderApi({ methods: [{ integration: MOCK, responses: responses(given) }] }),
        callsNobody,
      );
      const reply = await send({});
      assert.deepEqual(
        [reply.status, reply.body, reply.headers["Retry-After"], reply.headers["X-Fixed"], reply.headers["x-fixed"]],
        [expected, "done", "1", "over", undefined],
      );
    }
  });

  it("answers 500 rather than a header that cannot be sent", async () => {
    for (const header of [`["a b"] = "x"`, `.Content-Length = "1"`, `.x = "\n"`]) {
      const { send } = await openGateway(
        await renderMock(`#set($context.responseOverride.header${header})`),
        callsNobody,
      );
      assert.equal((await send({})).status, 500, header);
    }
  });

  it("answers by what the client accepts, else in JSON", async () => {
    const templates = { "text/plain": "plain", [JSON_TYPE]: "{}" };
    const { send } = await openGateway(
      await renderApi({ methods: [{ integration: MOCK, responses: [{ status: "200", templates }] }] }),
      callsNobody,
    );
    for (const [accept, expected] of [
      ["text/plain", "text/plain"],
      ["text/html,*/*", JSON_TYPE],
      [undefined, JSON_TYPE],
    ] as const) {
      assert.equal((await send({ headers: { accept } })).headers["content-type"], expected);
    }
  });

  it("answers a mock by the status its template names", async () => {
    const responses = [{ status: "200" }, { status: "404", pattern: "404" }];
    const template = `{"statusCode": $input.params('code')}`;
    const { send } = await openGateway(
      await renderApi({
        methods: [{ integration: { type: "MOCK", requestTemplates: { [JSON_TYPE]: template } }, responses }],
      }),
      callsNobody,
    );
    const statuses = await Promise.all(
      ["200", "404", "418", `"404"`, ""].map(async (code) => (await send({ rawQuery: `code=${code}` })).status),
    );
    assert.deepEqual(statuses, [200, 404, 200, 500, 500]);
  });
});
