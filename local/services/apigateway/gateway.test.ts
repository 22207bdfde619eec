/**
 * What an API does by itself, before and after any integration: faults, validation, its own refusals, throttling, metrics.
 * Does not prove: that AWS answers alike where its documentation is silent; the way through HTTP (beacon-api.test.ts).
 */
import assert from "node:assert/strict";
import { MOCK } from "./testing/api-program";
import { callsNobody, renderApi, renderMock, summaryOf } from "./testing/mock-api";
import { openGateway, requestOf } from "./testing/open-gateway";

const ACTION = {
  type: "AWS",
  integrationHttpMethod: "POST",
  uri: "arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord",
  credentials: "arn:aws:iam::000000000000:role/api",
} as const;

describe("An API", () => {
  it("answers 500 when a template fails, and says why once", async () => {
    const { send, said } = await openGateway(await renderMock("$input.params('q').substring(5)"), callsNobody);
    for (const q of ["abc", "abd", "longer"]) await send({ rawQuery: `q=${q}` });
    assert.deepEqual(summaryOf(await send({ rawQuery: "q=abc" })), [
      500,
      `{"message":"Internal server error"}`,
      "InternalServerErrorException",
    ]);
    assert.equal((await send({ rawQuery: "q=abcdef" })).body, "f");
    assert.equal(said.length, 1);
    assert.match(
      said[0] ?? "",
      /GET \/: \$input\.params\(\.\.\.\)\.substring\(\.\.\.\): substring\(5, 3\) of a string of 3 characters/,
    );
  });

  it("does not show a caller what went wrong in the stage", async () => {
    const { send, said } = await openGateway(await renderApi({ methods: [{ integration: ACTION }] }), () =>
      Promise.reject(new Error("disk is full")),
    );
    assert.deepEqual(summaryOf(await send({})), [
      500,
      `{"message":"Internal server error"}`,
      "InternalServerErrorException",
    ]);
    assert.match(said[0] ?? "", /disk is full/);
  });

  it("refuses a request without its required parameters, or with empty ones", async () => {
    const required = { "method.request.querystring.q": true };
    const graph = await renderApi({
      methods: [
        {
          path: "{id}",
          integration: MOCK,
          validates: { parameters: true },
          settings: {
            requestParameters: {
              ...required,
              "method.request.header.X-Key": true,
              "method.request.path.id": true,
              "method.request.querystring.optional": false,
            },
          },
        },
        { path: "free", integration: MOCK, validates: {}, settings: { requestParameters: required } },
      ],
    });
    const { send } = await openGateway(graph, callsNobody);
    const says = async (rawQuery: string, headers: Record<string, string>): Promise<unknown> =>
      summaryOf(await send({ path: "/v1/1", rawQuery, headers }));
    const refusal = (names: string): unknown => [
      400,
      `{"message":"Missing required request parameters: [${names}]"}`,
      "BadRequestException",
    ];
    assert.deepEqual(await says("", {}), refusal("X-Key, q"));
    assert.deepEqual(await says("q=&Q=1", { "x-key": "" }), refusal("X-Key, q"));
    assert.deepEqual(await says("q=1&q=", { "x-key": "k" }), refusal("q"));
    assert.deepEqual(await says("q=1", { "x-key": "k" }), [200, "", undefined]);
    assert.equal((await send({ path: "/v1/free" })).status, 200);
  });

  it("dresses its own refusals: by type, by class, or plainly", async () => {
    const custom = {
      "application/json": `{"why":$context.error.messageString,"type":"$context.error.responseType","id":"$context.requestId"}`,
    };
    const graph = await renderApi({
      methods: [{ integration: MOCK }],
      gatewayResponses: [
        {
          responseType: "MISSING_AUTHENTICATION_TOKEN",
          statusCode: "404",
          responseTemplates: custom,
          responseParameters: { "gatewayresponse.header.X-A": "'b'" },
        },
        {
          responseType: "DEFAULT_5XX",
          statusCode: "503",
          responseTemplates: { "text/plain": "later: $context.error.message" },
        },
      ],
    });
    const { send } = await openGateway(graph, callsNobody);
    const unknown = await send({ path: "/v1/no" });
    assert.deepEqual([unknown.status, unknown.headers["X-A"]], [404, "b"]);
    const { why, type, id } = JSON.parse(String(unknown.body)) as Record<string, string>;
    assert.deepEqual(
      [why, type, id],
      ["Missing Authentication Token", "MISSING_AUTHENTICATION_TOKEN", unknown.headers["x-amzn-RequestId"]],
    );
    const large = await send({ method: "GET", body: Buffer.alloc(10 * 2 ** 20 + 1) });
    assert.deepEqual(summaryOf(large), [413, `{"message":"Request Entity Too Large"}`, "RequestTooLargeException"]);
    const failing = await openGateway(
      await renderApi({
        methods: [{ integration: { type: "MOCK" } }],
        gatewayResponses: [
          {
            responseType: "DEFAULT_5XX",
            statusCode: "503",
            responseTemplates: { "text/plain": "later: $context.error.message" },
          },
        ],
      }),
      callsNobody,
    );
    assert.deepEqual(summaryOf(await failing.send({})), [
      503,
      "later: Internal server error",
      "InternalServerErrorException",
    ]);
  });

  it("admits a burst and then its rate, per method, on the stage's clock", async () => {
    const graph = await renderApi({
      methods: [{ integration: MOCK }, { method: "POST", integration: MOCK }, { path: "free", integration: MOCK }],
      methodSettings: {
        "*/*": { throttlingRateLimit: 2, throttlingBurstLimit: 3 },
        "free/GET": { throttlingRateLimit: 1000, throttlingBurstLimit: 1000 },
      },
    });
    const { send, clock } = await openGateway(graph, callsNobody);
    const burst = async (count: number, request = {}): Promise<number[]> =>
      Promise.all(Array.from({ length: count }, async () => (await send(request)).status));
    assert.deepEqual(await burst(5), [200, 200, 200, 429, 429]);
    assert.deepEqual(await burst(3, { method: "POST" }), [200, 200, 200]);
    assert.equal(
      (await burst(50, { path: "/v1/free" })).every((status) => status === 200),
      true,
    );
    await clock.advance(1000);
    assert.deepEqual(await burst(3), [200, 200, 429]);
    assert.deepEqual(summaryOf(await send({})), [429, `{"message":"Too Many Requests"}`, "TooManyRequestsException"]);
  });

  it("counts every request in its stage's metrics", async () => {
    const { send, measured } = await openGateway(await renderMock("ok"), callsNobody);
    await send({});
    await send({ path: "/v1/none" });
    const values = (name: string): number[] => measured.filter((each) => each.name === name).map((each) => each.value);
    assert.deepEqual(measured[0]?.dimensions["Stage"], "v1");
    assert.deepEqual(
      [values("Count"), values("4XXError"), values("5XXError"), values("Latency")],
      [
        [1, 1],
        [0, 1],
        [0, 0],
        [0, 0],
      ],
    );
  });

  it("leaves requests that are not under a stage's name to others", async () => {
    const { service } = await openGateway(await renderMock("ok"), callsNobody);
    for (const path of ["/", "/v1", "/v2/", "/V1/", "/__proto__/", "/v1x/"]) {
      assert.equal(await service.answer(requestOf({ path })), undefined, path);
    }
  });

  it("says where it is called", async () => {
    const { service } = await openGateway(await renderMock("ok"), callsNobody);
    const [url] = service.invokeUrls();
    assert.deepEqual([url?.stage, url?.url, service.invokeUrls().length], ["v1", "http://127.0.0.1:4566/v1", 1]);
  });
});
