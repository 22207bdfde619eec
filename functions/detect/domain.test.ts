/**
 * The watch over one site. The forest is replaced by one that is easy to foresee; that it scores well is proven in
 * forest/. Does not prove: storage and delivery (handler.test.ts), timing (local/).
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { closePart, newHistory, type SiteHistory, type WatchPolicy, type WindowPart, type WindowSpan } from "./domain";
import type { RateForest } from "./rate-forest";

/** Scores a rate by tens, is settled from the first on, and remembers how many rates it has learnt. */
const forest: RateForest = {
  score: (_site, snapshot, recent, rate) => ({
    score: rate / 10,
    settled: true,
    direction: rate > 10 ? "high" : "low",
    usualRate: recent.at(-1) ?? null,
    snapshot: Uint8Array.of((snapshot?.[0] ?? 0) + 1),
  }),
};
const policy: WatchPolicy = { rules: { cutoff: 2, repeated: { needed: 2, of: 3 } }, raisedBy: ["cutoff"], forest };

const span = (n: number): WindowSpan => ({ start: n * 10_000, end: (n + 1) * 10_000 });
const part = (name: string, impressions: number, clicks: number): WindowPart => ({ name, impressions, clicks });

function closeAll(history: SiteHistory, windows: readonly (readonly [WindowSpan, WindowPart])[]): SiteHistory {
  return windows.reduce((known, [at, each]) => closePart(known, at, each, true, policy).history, history);
}

describe("A site's windows", () => {
  it("are rated by clicks per hundred impressions, 0 without clicks", () => {
    const first = closePart(newHistory("a"), span(1), part("1", 50, 5), true, policy);
    assert.deepEqual(
      first.closed.map(({ rate, score, impressions, clicks }) => ({ rate, score, impressions, clicks })),
      [{ rate: 10, score: 1, impressions: 50, clicks: 5 }],
    );
    const second = closePart(first.history, span(2), part("2", 40, 0), true, policy);
    assert.equal(second.closed[0]?.rate, 0);
    assert.deepEqual(second.history.recent, [10, 0]);
  });

  it("raise an anomaly above the cutoff, named by site and window, with what is usual", () => {
    const history = closeAll(newHistory("a"), [
      [span(1), part("1", 100, 10)],
      [span(2), part("2", 100, 20)],
      [span(3), part("3", 100, 50)],
    ]);
    assert.deepEqual(history.outbox, [
      {
        kind: "click-through-rate",
        id: "click-through-rate/a/30000",
        site: "a",
        windowStart: 30_000,
        windowEnd: 40_000,
        impressions: 100,
        clicks: 50,
        rate: 50,
        score: 5,
        rules: [{ rule: "cutoff", limit: "cutoff 2" }],
        direction: "high",
        usualRate: 20,
      },
    ]);
  });

  it("raise nothing on the word of a forest that is not settled", () => {
    const young: WatchPolicy = {
      ...policy,
      forest: { score: (...given) => ({ ...forest.score(...given), settled: false }) },
    };
    const { history, closed } = closePart(newHistory("a"), span(1), part("1", 100, 90), true, young);
    assert.equal(closed[0]?.score, 9);
    assert.deepEqual(history.outbox, []);
  });

  it("raise by the rules that are asked for, one anomaly a window, with every rule that fired", () => {
    const windows = [10, 50, 10, 50, 50].map((clicks, n) => [span(n + 1), part(`${n}`, 100, clicks)] as const);
    const raisedBy = (...rules: WatchPolicy["raisedBy"]): unknown[] =>
      windows
        .reduce(
          (known, [at, each]) => closePart(known, at, each, true, { ...policy, raisedBy: rules }).history,
          newHistory("a"),
        )
        .outbox.map((anomaly) => [
          anomaly.windowStart,
          anomaly.kind === "click-through-rate" && anomaly.rules.map(({ limit }) => limit),
        ]);
    assert.deepEqual(raisedBy("repeated"), [[40_000, ["2 of 3 windows above 2"]]]);
    assert.deepEqual(raisedBy("cutoff", "repeated"), [
      [20_000, ["cutoff 2"]],
      [40_000, ["cutoff 2", "2 of 3 windows above 2"]],
      [50_000, ["cutoff 2"]],
    ]);
  });

  it("raise clicks without impressions once, until impressions return", () => {
    const silent = closeAll(newHistory("a"), [
      [span(1), part("1", 0, 3)],
      [span(2), part("2", 0, 4)],
    ]);
    assert.deepEqual(
      silent.outbox.map(({ id }) => id),
      ["no-data/a/10000"],
    );
    const again = closeAll(silent, [
      [span(3), part("3", 10, 1)],
      [span(4), part("4", 0, 1)],
    ]);
    assert.deepEqual(
      again.outbox.map(({ id }) => id),
      ["no-data/a/10000", "no-data/a/40000"],
    );
  });

  it("change nothing when they are closed again", () => {
    const once = closeAll(newHistory("a"), [
      [span(1), part("1", 100, 50)],
      [span(2), part("2", 100, 10)],
    ]);
    for (const [at, each] of [
      [span(1), part("1", 100, 50)],
      [span(2), part("2", 100, 10)],
    ] as const) {
      const again = closePart(once, at, each, true, policy);
      assert.equal(again.effect, "replayed");
      assert.equal(again.history, once);
    }
  });

  it("that ended early are whole when their end comes, or when a later window begins", () => {
    const early = closePart(newHistory("a"), span(1), part("1", 60, 6), false, policy);
    assert.equal(early.effect, "kept-open");
    assert.deepEqual(early.closed, []);
    const ended = closePart(early.history, span(1), part("2", 40, 4), true, policy);
    assert.deepEqual(
      ended.closed.map(({ impressions, clicks, parts }) => ({ impressions, clicks, parts })),
      [{ impressions: 100, clicks: 10, parts: ["1", "2"] }],
    );
    const overdue = closePart(early.history, span(2), part("3", 10, 1), true, policy);
    assert.deepEqual(
      overdue.closed.map(({ start, impressions }) => ({ start, impressions })),
      [
        { start: 10_000, impressions: 60 },
        { start: 20_000, impressions: 10 },
      ],
    );
  });

  it("count a part that comes late, and do not score it", () => {
    const closed = closeAll(newHistory("a"), [[span(1), part("1", 100, 10)]]);
    const late = closePart(closed, span(1), part("9", 5, 5), true, policy);
    assert.equal(late.effect, "late");
    assert.deepEqual(late.history.last, {
      ...closed.last,
      impressions: 105,
      clicks: 15,
      parts: ["1", "9"],
      late: { impressions: 5, clicks: 5 },
    });
    assert.deepEqual(late.history.forest, closed.forest);
    assert.equal(closePart(late.history, span(1), part("9", 5, 5), true, policy).effect, "replayed");
  });

  it("come to the same whatever is delivered again, as long as the order is kept", () => {
    const windows = fc.array(
      fc.record({ impressions: fc.nat(200), clicks: fc.nat(100), replays: fc.nat(2), split: fc.boolean() }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(windows, (sent) => {
        const once = closeAll(
          newHistory("a"),
          sent.map(({ impressions, clicks }, n) => [span(n + 1), part(`${n}`, impressions, clicks)] as const),
        );
        let noisy = newHistory("a");
        sent.forEach(({ impressions, clicks, replays, split }, n) => {
          const half = { impressions: impressions >> 1, clicks: clicks >> 1 };
          const parts = split
            ? [
                part(`${n}`, half.impressions, half.clicks),
                part(`${n}b`, impressions - half.impressions, clicks - half.clicks),
              ]
            : [part(`${n}`, impressions, clicks)];
          parts.forEach((each, i) => {
            for (let time = 0; time <= replays; time++) {
              noisy = closePart(noisy, span(n + 1), each, i === parts.length - 1, policy).history;
            }
          });
        });
        const essence = ({ recent, rules, outbox, forest: learnt, last }: SiteHistory) => ({
          recent,
          rules,
          outbox,
          learnt,
          last: last && { start: last.start, impressions: last.impressions, clicks: last.clicks, score: last.score },
        });
        assert.deepEqual(essence(noisy), essence(once));
      }),
    );
  });
});
