/**
 * The platform's own beacon API, unmodified, on the stage: what reaches the stream, what a browser is told, what is logged.
 * Does not prove: that API Gateway itself renders the templates to the same bytes; WAF, which the stage keeps and does not run.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand } from "@aws-sdk/client-kinesis";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import fc from "fast-check";
import { BeaconApi, type BeaconApiArgs } from "../../../infra/ingest/beacon-api";
import { EventStream } from "../../../infra/store/event-stream";
import { foundation } from "../../../test/foundation";
import { render, START, withStage, type TestStage } from "../../../test/stage";
import { textOf, type Graph } from "../../graph/graph";
import { AwsError } from "../service";
import { ApiGatewayService } from "./service";
import { openGateway } from "./testing/open-gateway";

const LIMITS = { rateLimit: 1000, burstLimit: 2000 };

function beaconApi(args: Partial<BeaconApiArgs> = {}): Promise<Graph> {
  return render(() => {
    const on = foundation();
    const stream = new EventStream("input", { on, capacity: 2 });
    new BeaconApi("beacons", { on, stream, ...LIMITS, ...args });
  });
}

function urlOf({ stage }: TestStage): string {
  const service = stage.service("apigateway");
  assert.ok(service instanceof ApiGatewayService);
  return `${service.invokeUrls()[0]?.url ?? ""}/beacon`;
}

interface Stored {
  readonly key: string | undefined;
  readonly record: Record<string, unknown>;
}

async function readStream(test: TestStage): Promise<Stored[]> {
  const kinesis = new KinesisClient(test.client());
  const StreamName = textOf(test.graph.only("aws:kinesis/stream:Stream").outputs, "name");
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const stored: Stored[] = [];
  for (const { ShardId } of Shards) {
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
    );
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    for (const { PartitionKey, Data } of Records) {
      stored.push({
        key: PartitionKey,
        record: JSON.parse(Buffer.from(Data ?? []).toString("utf8")) as Record<string, unknown>,
      });
    }
  }
  kinesis.destroy();
  return stored;
}

/** Sends bytes that no HTTP client would. */
function sendRaw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    let answer = "";
    socket.on("data", (bytes: Buffer) => (answer += bytes.toString("latin1")));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("The beacon API", () => {
  let graph: Graph;
  before(async () => {
    graph = await beaconApi();
  });

  it("answers 200 when the stream has the beacon, under the site that was asked", async () => {
    await withStage(graph, async (test) => {
      const response = await fetch(`${urlOf(test)}?browseraction=Click&id=r%2F1`, {
        headers: { "user-agent": `"tests" 'a\\b` },
      });
      assert.deepEqual([response.status, await response.text()], [200, `{"accepted":true}`]);
      assert.equal(response.headers.get("access-control-allow-origin"), "*");
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.deepEqual(await readStream(test), [
        {
          key: "127.0.0.1",
          record: {
            browseraction: "Click",
            site: "127.0.0.1",
            id: "r/1",
            request_id: response.headers.get("x-amzn-requestid"),
            time: test.clock.now(),
            user_agent: `"tests" 'a\\b`,
            source_ip: "127.0.0.1",
          },
        },
      ]);
      assert.deepEqual(test.said, []);
    });
  });

  it("answers 400 with the reason, and stores nothing, when the beacon is inadmissible", async () => {
    await withStage(graph, async (test) => {
      const says = async (query: string): Promise<unknown> => {
        const response = await fetch(urlOf(test) + query);
        return [response.status, await response.json()];
      };
      const refusal = (reason: string): unknown => [400, { accepted: false, retry: false, reason }];
      const admissible = refusal("browseraction must be Click or Impression, and id at most 256 characters");
      const missing = refusal("Missing required request parameters: [browseraction]");
      assert.deepEqual(await says(""), missing);
      assert.deepEqual(await says("?browseraction="), missing);
      assert.deepEqual(await says("?browseraction=click"), admissible);
      assert.deepEqual(await says("?browseraction=%22%2C%22"), admissible);
      assert.deepEqual(await says("?browseraction=Click&browseraction=$input.body"), admissible);
      assert.deepEqual(await says(`?browseraction=Click&id=${"x".repeat(257)}`), admissible);
      assert.deepEqual(await readStream(test), []);
      assert.deepEqual(await says(`?browseraction=no&browseraction=Click&id=${"x".repeat(256)}`), [
        200,
        { accepted: true },
      ]);
      assert.equal((await readStream(test)).length, 1);
    });
  });

  it("tells other refusals in the same form", async () => {
    await withStage(await beaconApi({ rateLimit: 1, burstLimit: 2 }), async (test) => {
      const url = urlOf(test);
      const says = async (path: string, init: RequestInit = {}): Promise<unknown> => {
        const response = await fetch(url + path, init);
        return [response.status, await response.json()];
      };
      assert.deepEqual(await says("/more"), [
        403,
        { accepted: false, retry: false, reason: "Missing Authentication Token" },
      ]);
      assert.deepEqual(await says("", { method: "DELETE" }), [
        403,
        { accepted: false, retry: false, reason: "Missing Authentication Token" },
      ]);
      const typed = { headers: { "content-type": "text/plain" } };
      assert.deepEqual(await says("?browseraction=Click", typed), [
        415,
        { accepted: false, retry: false, reason: "Unsupported Media Type" },
      ]);
      assert.deepEqual(await says("?browseraction=Click"), [200, { accepted: true }]);
      assert.deepEqual(await says("?browseraction=Click"), [
        429,
        { accepted: false, retry: true, reason: "Too Many Requests" },
      ]);
      await test.clock.advance(1000);
      assert.deepEqual(await says("?browseraction=Click"), [200, { accepted: true }]);
    });
  });

  it("lets pages of any origin ask, or of the one that is allowed", async () => {
    for (const [args, origin] of [
      [{}, "*"],
      [{ allowedOrigin: "https://www.example.com" }, "https://www.example.com"],
    ] as const) {
      await withStage(await beaconApi(args), async (test) => {
        const { status, headers } = await fetch(urlOf(test), {
          method: "OPTIONS",
          headers: { origin: "https://www.example.com" },
        });
        assert.equal(status, 204);
        assert.deepEqual(
          ["origin", "methods"].map((name) => headers.get(`access-control-allow-${name}`)),
          [origin, "GET,OPTIONS"],
        );
        assert.equal(headers.get("access-control-max-age"), "86400");
      });
    }
  });

  it("tells a stream that has too much apart from a beacon that is wrong", async () => {
    const outcomes = new Map<string, unknown>([
      ["ProvisionedThroughputExceededException", [503, true, "1"]],
      ["LimitExceededException", [503, true, "1"]],
      ["ThrottlingException", [503, true, "1"]],
      ["ValidationException", [400, false, undefined]],
      ["KMSAccessDeniedException", [400, false, undefined]],
    ]);
    for (const [code, expected] of outcomes) {
      const { send } = await openGateway(graph, async (_caller, service) => {
        if (service === "kinesis") throw new AwsError(code, "played");
      });
      const { status, body, headers } = await send({ path: "/v1/beacon", rawQuery: "browseraction=Click" });
      const { accepted, retry } = JSON.parse(String(body)) as Record<string, unknown>;
      assert.deepEqual([accepted, [status, retry, headers["Retry-After"]]], [false, expected], code);
    }
    const { send } = await openGateway(graph, async (_caller, service) => {
      if (service === "kinesis") throw new AwsError("InternalFailure", "played", 500);
    });
    assert.equal((await send({ path: "/v1/beacon", rawQuery: "browseraction=Click" })).status, 503);
  });

  it("writes one line per request to its access log, with neither query nor body", async () => {
    await withStage(graph, async (test) => {
      const url = urlOf(test);
      await fetch(`${url}?browseraction=Click&id=private`);
      await fetch(url);
      await test.clock.advance(1000);
      const logs = new CloudWatchLogsClient(test.client());
      const logGroupName = textOf(test.graph.only("aws:cloudwatch/logGroup:LogGroup").outputs, "name");
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
      logs.destroy();
      const lines = events.map(({ message = "" }) => JSON.parse(message) as Record<string, unknown>);
      assert.deepEqual(
        lines.map(({ status, error, method, path, time }) => [status, error, method, path, time]),
        [
          ["200", "-", "GET", "/beacon", String(START)],
          ["400", "BAD_REQUEST_PARAMETERS", "GET", "/beacon", String(START)],
        ],
      );
      assert.equal(JSON.stringify(events).includes("private"), false);
      assert.deepEqual(test.said, []);
    });
  });

  it("works as its roles, which are denied nothing", async () => {
    await withStage(graph, async (test) => {
      await fetch(`${urlOf(test)}?browseraction=Click`);
      await test.clock.settle();
      const { roles } = test.stage.permissions;
      const used = new Set(roles.flatMap((role) => role.used.map(({ action }) => action)));
      assert.deepEqual([...used].sort(), [
        "kinesis:PutRecord",
        "kms:GenerateDataKey",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ]);
      assert.deepEqual(
        roles.flatMap((role) => role.denied),
        [],
      );
    });
  });

  it("keeps its records whole whatever the client calls itself and its host", async () => {
    await withStage(graph, async (test) => {
      const port = Number(new URL(test.stage.url).port);
      const hosts = [`a"b:80`, `x","site":"forged`, "a\\b'c", "$util.x", "\u00e9\u00ff", "[::1]:8080", "a".repeat(256)];
      for (const host of hosts) {
        const answer = await sendRaw(
          port,
          `GET /v1/beacon?browseraction=Impression&id=%22%00%0a%zz HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${host}\r\nConnection: close\r\n\r\n`,
        );
        assert.match(answer, /^HTTP\/1\.1 200 /, host);
      }
      const stored = await readStream(test);
      assert.deepEqual(
        new Set(stored.map(({ key }) => key)),
        new Set(['a"b', ...hosts.slice(1, 4), "\u00c3\u00a9\u00c3\u00bf", "[::1]", hosts[6]]),
      );
      for (const { key, record } of stored) {
        assert.deepEqual([record["site"], record["id"]], [key, `"\u0000\n%zz`]);
      }
      const without = await sendRaw(port, "GET /v1/beacon?browseraction=Impression HTTP/1.0\r\n\r\n");
      assert.match(without, /^HTTP\/1\.\d 400 /);
    });
  });

  it("puts exactly what was sent into the record, or refuses it", async () => {
    let put: { PartitionKey?: string; Data?: string } = {};
    const { send } = await openGateway(graph, async (_caller, service, _operation, input) => {
      if (service === "kinesis") put = input as typeof put;
    });
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.string({
        unit: fc.constantFrom(
          '"',
          "'",
          "\\",
          "$",
          "{",
          "}",
          "#",
          "\n",
          "\u0000",
          "\u2028",
          "/",
          ":",
          "&",
          "=",
          "%",
          "+",
          "u",
          "0",
        ),
      }),
      fc.constantFrom(
        "Click",
        "Impression",
        "$input.body",
        "#end",
        "$!{x}",
        `","x":"y`,
        "\\u0022",
        "constructor",
        "__proto__",
      ),
    );
    const action = fc.oneof({ weight: 3, arbitrary: fc.constantFrom("Click", "Impression") }, hostile);
    await fc.assert(
      fc.asyncProperty(
        action,
        fc.option(hostile, { nil: undefined }),
        fc.option(hostile, { nil: undefined }),
        hostile,
        async (browseraction, id, agent, host) => {
          put = {};
          const query = new URLSearchParams({ browseraction, ...(id === undefined ? {} : { id }) }).toString();
          const reply = await send({ path: "/v1/beacon", rawQuery: query, headers: { host, "user-agent": agent } });
          const isAdmissible =
            (browseraction === "Click" || browseraction === "Impression") && (id ?? "").length <= 256;
          if (!isAdmissible) {
            assert.equal(put.Data, undefined);
            return;
          }
          const site = host.replace(/:\d*$/, "");
          assert.equal(reply.status, 200);
          assert.equal(put.PartitionKey, site);
          const { request_id, time, ...record } = JSON.parse(
            Buffer.from(put.Data ?? "", "base64").toString("utf8"),
          ) as Record<string, unknown>;
          assert.deepEqual(record, {
            browseraction,
            site,
            ...((id ?? "") === "" ? {} : { id }),
            user_agent: agent ?? "",
            source_ip: "192.0.2.7",
          });
          assert.deepEqual([typeof request_id, typeof time], ["string", "number"]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
