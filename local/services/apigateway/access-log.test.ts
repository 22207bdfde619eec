/**
 * Access logs: what a line holds, and that nobody waits for it.
 * Does not prove: that CloudWatch Logs takes the lines (beacon-api.test.ts does, with the stage's own).
 */
import assert from "node:assert/strict";
import { START } from "../../../test/stage";
import { VirtualClock } from "../../clock";
import { anonymous } from "../../iam/principal";
import { AwsError, type Dispatch } from "../service";
import { AccessLog, PAUSE_MS } from "./access-log";
import { Exchange } from "./exchange";
import { GatewayFailure } from "./gateway-failure";
import { ContextFormat } from "./mapping/context-format";
import { requestOf } from "./testing/open-gateway";

const PLACE = {
  facts: { account: "000000000000", region: "eu-west-1", partition: "aws" },
  apiId: "abc",
  stageName: "v1",
  deploymentId: "d",
  variables: new Map(),
};

interface Put {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logEvents: readonly { readonly timestamp: number; readonly message: string }[];
}

function exchangeOf(headers: Record<string, string> = {}): Exchange {
  const exchange = new Exchange(requestOf({ headers }), PLACE, START);
  exchange.ending = { status: 200, latency: 5, length: 17 };
  return exchange;
}

/** A log whose service is played by the test. */
function openLog(
  dispatch: (operation: string, input: Put) => Promise<void>,
  format = "$context.requestId",
): { log: AccessLog; said: string[]; clock: VirtualClock } {
  const said: string[] = [];
  const clock = new VirtualClock(START);
  const play: Dispatch = (_caller, _service, operation, input) => dispatch(operation, input as Put);
  const context = { clock, dispatch: play, say: (line: string) => void said.push(line) };
  return { log: new AccessLog(context, "api", anonymous, new ContextFormat(format, "-")), said, clock };
}

describe("An access log", () => {
  it("writes the variables of its format, and - for what has no value", () => {
    const format = new ContextFormat(
      `{"s":"$context.status","l":$context.responseLatency,"n":$context.responseLength,"e":"$context.error.responseType","m":$context.error.messageString,"p":"$context.resourcePath","i":"$context.integrationStatus"} $100`,
      "-",
    );
    const exchange = exchangeOf();
    assert.equal(format.render(exchange), `{"s":"200","l":5,"n":17,"e":"-","m":-,"p":"-","i":"-"} $100`);
    exchange.failure = new GatewayFailure("THROTTLED", `Too "many"`);
    exchange.destination = { resourceId: "r", resourcePath: "/beacon", pathParameters: new Map() };
    exchange.integration = { status: 400, latency: 1 };
    assert.equal(
      format.render(exchange),
      `{"s":"200","l":5,"n":17,"e":"THROTTLED","m":"Too \\"many\\"","p":"/beacon","i":"400"} $100`,
    );
  });

  it("lets no value of a request end its text or its line", async () => {
    const puts: Put[] = [];
    const { log } = openLog(
      async (operation, input) => void (operation === "PutLogEvents" && puts.push(input)),
      `{"agent":"$context.identity.userAgent"}`,
    );
    const agent = `x","forged":"y\n\\\u0000\u00e9`;
    log.record(exchangeOf({ "user-agent": agent }));
    await log.close();
    assert.deepEqual(JSON.parse(puts[0]?.logEvents[0]?.message ?? ""), { agent });
  });

  it("has one write under way, and gathers lines meanwhile and for a pause after it", async () => {
    const puts: Put[] = [];
    const waiting: (() => void)[] = [];
    const { log, clock } = openLog(async (operation, input) => {
      if (operation === "CreateLogStream") return;
      puts.push(input);
      await new Promise<void>((done) => waiting.push(done));
    });
    const turn = (): Promise<unknown> => new Promise(setImmediate);
    for (let i = 0; i < 3; i++) log.record(exchangeOf());
    await turn();
    for (let i = 0; i < 4; i++) log.record(exchangeOf());
    await turn();
    assert.equal(waiting.length, 1);
    waiting.shift()?.();
    await clock.settle();
    log.record(exchangeOf());
    await clock.settle();
    assert.equal(waiting.length, 0, "it pauses");
    const resumed = clock.advance(PAUSE_MS);
    while (waiting.length === 0) await turn();
    waiting.shift()?.();
    await resumed;
    await log.close();
    assert.deepEqual(
      puts.map(({ logEvents }) => logEvents.length),
      [3, 5],
    );
    assert.equal(new Set(puts.map(({ logStreamName }) => logStreamName)).size, 1);
    assert.equal(puts[0]?.logEvents[0]?.timestamp, START);
  });

  it("keeps to what one write may hold", async () => {
    const sizes: number[] = [];
    const { log } = openLog(
      async (operation, { logEvents }) => void (operation === "PutLogEvents" && sizes.push(logEvents.length)),
    );
    for (let i = 0; i < 20_001; i++) log.record(exchangeOf());
    await log.close();
    assert.deepEqual(sizes, [10_000, 10_000, 1]);
    const large = openLog(
      async (operation, { logEvents }) => void (operation === "PutLogEvents" && sizes.push(logEvents.length)),
      "$context.identity.userAgent",
    );
    sizes.length = 0;
    for (let i = 0; i < 5; i++) large.log.record(exchangeOf({ "user-agent": "x".repeat(400_000) }));
    await large.log.close();
    assert.deepEqual(sizes, [2, 2, 1]);
  });

  it("drops what it cannot hold, counts it and says so", async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { log, said } = openLog(() => gate);
    for (let i = 0; i < 50_010; i++) log.record(exchangeOf());
    open();
    await log.close();
    assert.deepEqual(said, ["the access log api lost 10 lines"]);
  });

  it("says once that it cannot be written, and how much was lost once it can", async () => {
    let broken = true;
    const { log, said, clock } = openLog(async () => {
      if (broken) throw new AwsError("AccessDeniedException", "not allowed", 403);
    });
    for (let i = 0; i < 3; i++) {
      log.record(exchangeOf());
      await clock.advance(PAUSE_MS);
    }
    assert.deepEqual(said, ["the access log api cannot be written: not allowed"]);
    broken = false;
    log.record(exchangeOf());
    await clock.advance(PAUSE_MS);
    assert.deepEqual(said.slice(1), ["the access log api lost 3 lines"]);
    broken = true;
    log.record(exchangeOf());
    await log.close();
    assert.deepEqual(said.slice(2), [
      "the access log api cannot be written: not allowed",
      "the access log api lost 1 lines",
    ]);
  });

  it("does not mind a stream that is there already", async () => {
    const { log, said } = openLog((operation) =>
      operation === "CreateLogStream"
        ? Promise.reject(new AwsError("ResourceAlreadyExistsException", "there"))
        : Promise.resolve(),
    );
    log.record(exchangeOf());
    await log.close();
    assert.deepEqual(said, []);
  });
});
