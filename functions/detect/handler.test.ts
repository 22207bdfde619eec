/**
 * The detect function around its ports, which are held in memory here and can be made to fail at any call.
 * Does not prove: DynamoDB, Kinesis and S3 behind the ports (local/ runs them), when Lambda calls.
 */
import assert from "node:assert/strict";
import type { KinesisStreamRecord } from "aws-lambda";
import fc from "fast-check";
import type { Anomaly } from "../lib/anomaly";
import type { RejectedRecord } from "../lib/rejected-records";
import { createDetectHandler, type DetectDeps, type WindowEvent } from "./handler";
import type { SiteHistory } from "./domain";
import { isLater } from "./window-state";

const WINDOW_MS = 10_000;

/** Everything behind the function's ports, in memory; `breakAfter` counts down to a failure. */
class World {
  readonly histories = new Map<string, SiteHistory>();
  readonly seen = new Map<string, { start: number; part: string; digests: readonly string[] }[]>();
  readonly raised: Anomaly[] = [];
  readonly rejected = new Map<string, readonly RejectedRecord[]>();
  readonly printed: Record<string, unknown>[] = [];
  breakAfter = Infinity;

  #step(): void {
    if (this.breakAfter-- === 0) throw new Error("the world broke");
  }

  readonly deps: DetectDeps = {
    policy: {
      rules: { cutoff: 2 },
      raisedBy: ["cutoff"],
      forest: {
        score: (_site, snapshot, _recent, rate) => ({
          score: rate / 10,
          settled: true,
          direction: "high",
          usualRate: null,
          snapshot: Uint8Array.of((snapshot?.[0] ?? 0) + 1),
        }),
      },
    },
    sites: {
      load: async (site) => {
        this.#step();
        return this.histories.get(site);
      },
      save: async (history) => {
        this.#step();
        if ((this.histories.get(history.site)?.version ?? 0) !== history.version - 1) return "conflict";
        this.histories.set(history.site, history);
        // The answer may get lost although the write was done.
        this.#step();
        return "saved";
      },
      settle: async (site, id) => {
        this.#step();
        const history = this.histories.get(site);
        if (history !== undefined)
          this.histories.set(site, { ...history, outbox: history.outbox.filter((anomaly) => anomaly.id !== id) });
      },
    },
    seen: {
      before: async (site, span, part, digests) => {
        this.#step();
        const earlier = (this.seen.get(site) ?? []).filter(
          (each) => each.start < span.start || (each.start === span.start && isLater(part, each.part)),
        );
        const counted = new Set(earlier.flatMap((each) => each.digests));
        return new Set(digests.filter((digest) => counted.has(digest)));
      },
      remember: async (site, span, part, digests) => {
        this.#step();
        const others = (this.seen.get(site) ?? []).filter((each) => each.start !== span.start || each.part !== part);
        this.seen.set(site, [...others, { start: span.start, part, digests }]);
      },
    },
    rejected: {
      keep: async (records) => {
        const [first] = records;
        if (first === undefined) return;
        this.#step();
        this.rejected.set(`${first.shard}/${first.sequence}`, records);
      },
    },
    raise: async (anomaly) => {
      this.#step();
      this.raised.push(anomaly);
      this.#step();
    },
    print: (line) => void this.printed.push(JSON.parse(line) as Record<string, unknown>),
    metricNamespace: "clickstream/test",
  };
}

interface Sent {
  readonly browseraction: string;
  readonly site: string;
  readonly id?: string | undefined;
}

const recordOf = (fields: Sent | string, n: number): KinesisStreamRecord => ({
  awsRegion: "eu-west-1",
  eventID: `shardId-0:${n}`,
  eventName: "aws:kinesis:record",
  eventSource: "aws:kinesis",
  eventSourceARN: "arn:stream",
  eventVersion: "1.0",
  invokeIdentityArn: "arn:role",
  kinesis: {
    kinesisSchemaVersion: "1.0",
    partitionKey: "p",
    sequenceNumber: String(1000 + n),
    approximateArrivalTimestamp: 1_767_607_200 + n,
    data: Buffer.from(typeof fields === "string" ? fields : JSON.stringify(fields)).toString("base64"),
  },
});

/** Runs windows of beacons through the function as Lambda does: batches, then the end; failures are tried again. */
async function runWindows(
  world: World,
  windows: readonly (readonly (Sent | string)[])[],
  batchSize = 3,
  mostAttempts = 1,
): Promise<void> {
  const detect = createDetectHandler(world.deps);
  let sequence = 0;
  for (const [index, sent] of windows.entries()) {
    const start = Date.UTC(2026, 0, 5, 10) + index * WINDOW_MS;
    const frame = {
      window: { start: new Date(start).toISOString(), end: new Date(start + WINDOW_MS).toISOString() },
      shardId: "shardId-0",
      eventSourceARN: "arn:stream",
      isWindowTerminatedEarly: false,
    };
    const records = sent.map((fields) => recordOf(fields, sequence++));
    const batches = Array.from({ length: Math.ceil(records.length / batchSize) }, (_, i) =>
      records.slice(i * batchSize, (i + 1) * batchSize),
    );
    let state: unknown = {};
    for (const [i, batch] of [...batches, []].entries()) {
      const event: WindowEvent = { ...frame, Records: batch, state, isFinalInvokeForWindow: i === batches.length };
      for (let attempt = 1; ; attempt++) {
        try {
          const answer = await detect(JSON.parse(JSON.stringify(event)) as WindowEvent);
          state = JSON.parse(JSON.stringify(answer.state));
          break;
        } catch (error) {
          if (attempt === mostAttempts) throw error;
        }
      }
    }
  }
}

const impressions = (site: string, count: number): Sent[] =>
  Array.from({ length: count }, () => ({ browseraction: "Impression", site }));
const clicks = (site: string, count: number): Sent[] =>
  Array.from({ length: count }, () => ({ browseraction: "Click", site }));

describe("The detect function", () => {
  it("closes each site's window at its end and raises what is above the cutoff", async () => {
    const world = new World();
    await runWindows(world, [
      [...impressions("a", 10), ...clicks("a", 1), ...impressions("b", 4)],
      [...impressions("a", 10), ...clicks("a", 5)],
    ]);
    const windows = world.printed.filter(({ event }) => event === "site-window");
    assert.deepEqual(
      windows.map(({ Site, impressions: seen, clicks: clicked, ClickThroughRate, anomalous }) => [
        Site,
        seen,
        clicked,
        ClickThroughRate,
        anomalous,
      ]),
      [
        ["b", 4, 0, 0, false],
        ["a", 10, 1, 10, false],
        ["a", 10, 5, 50, true],
      ],
    );
    assert.deepEqual(
      world.raised.map(({ kind, site }) => [kind, site]),
      [["click-through-rate", "a"]],
    );
    assert.deepEqual(world.histories.get("a")?.outbox, []);
  });

  it("counts a beacon that is sent again in a later window once", async () => {
    const world = new World();
    const again: Sent = { browseraction: "Click", site: "a", id: "retry-1" };
    await runWindows(world, [
      [...impressions("a", 10), again],
      [...impressions("a", 10), again],
    ]);
    const windows = world.printed.filter(({ event }) => event === "site-window");
    assert.deepEqual(
      windows.map(({ clicks: counted }) => counted),
      [1, 0],
    );
    assert.deepEqual(
      world.printed.filter(({ event }) => event === "shard-window").map(({ Duplicates }) => Duplicates),
      [0, 1],
    );
  });

  it("keeps what it rejects, with the code, the component and the bytes", async () => {
    const world = new World();
    await runWindows(world, [["{broken", ...impressions("a", 1)]]);
    const [kept = []] = [...world.rejected.values()];
    assert.equal(kept.length, 1);
    assert.deepEqual(
      { ...kept[0], detail: undefined },
      {
        code: "not-json",
        detail: undefined,
        component: "detect",
        version: 1,
        stream: "arn:stream",
        shard: "shardId-0",
        sequence: "1000",
        arrived: "2026-01-05T10:00:00.000Z",
        data: Buffer.from("{broken").toString("base64"),
      },
    );
  });

  it("comes to the same counts, scores and anomalies wherever it fails and is tried again", async () => {
    const beacon = fc.record({
      browseraction: fc.constantFrom("Click", "Impression", "Nonsense"),
      site: fc.constantFrom("a", "b"),
      id: fc.option(fc.constantFrom("1", "2", "3", "4"), { nil: undefined }),
    });
    const traffic = fc.array(fc.array(beacon, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(traffic, fc.array(fc.nat(80), { maxLength: 4 }), async (windows, failures) => {
        const calm = new World();
        await runWindows(calm, windows);
        const rough = new World();
        // Break at every place that the list names, one after the other.
        const queue = [...failures].sort((a, b) => a - b);
        rough.breakAfter = queue.shift() ?? Infinity;
        const rearm = rough.deps.print;
        Object.assign(rough.deps, {
          print: (line: string) => {
            rearm(line);
            if (rough.breakAfter < 0) rough.breakAfter = queue.shift() ?? Infinity;
          },
        });
        await runWindows(rough, windows, 3, 10);
        const essence = (world: World) => ({
          histories: Object.fromEntries(
            [...world.histories].map(([site, { recent, last, outbox }]) => [site, { recent, last, outbox }]),
          ),
          raised: [...new Set(world.raised.map(({ id }) => id))].sort(),
          rejected: [...world.rejected.keys()].sort(),
        });
        assert.deepEqual(essence(rough), essence(calm));
      }),
      { numRuns: 300 },
    );
  });

  it("gives up after as many faster writers in a row, so that the window is tried again", async () => {
    const world = new World();
    const sites = { ...world.deps.sites, save: async () => "conflict" as const };
    const detect = createDetectHandler({ ...world.deps, sites });
    const event: WindowEvent = {
      Records: [recordOf({ browseraction: "Click", site: "a" }, 1)],
      window: { start: "2026-01-05T10:00:00Z", end: "2026-01-05T10:00:10Z" },
      state: {},
      shardId: "shardId-0",
      eventSourceARN: "arn:stream",
      isFinalInvokeForWindow: true,
      isWindowTerminatedEarly: false,
    };
    await assert.rejects(detect(event), /8 writers in a row were faster for site a/);
  });
});
