/** Counting a window batch by batch. Does not prove when Lambda ends a window (local/ does, as documented). */
import assert from "node:assert/strict";
import fc from "fast-check";
import { countBatch, emptyState, isLater, readState, type ArrivedRecord, type WindowState } from "./window-state";

const sequenceOf = (n: number): string => String(4_960_000_000_000_000n + BigInt(n));

const record = (n: number, fields: object): ArrivedRecord => ({
  sequence: sequenceOf(n),
  data: JSON.stringify(fields),
});

const beacons = fc.array(
  fc.record({
    browseraction: fc.constantFrom("Click", "Impression", "DiscoveryKinesisTest", "Nonsense"),
    site: fc.constantFrom("a.example", "b.example", "__proto__"),
    id: fc.option(fc.constantFrom("1", "2", "3"), { nil: undefined }),
  }),
  { maxLength: 60 },
);

/** What Lambda does with a state between two batches. */
const carried = (state: WindowState): WindowState => readState(JSON.parse(JSON.stringify(state)));

describe("A window's state", () => {
  it("counts clicks and impressions per site, beacons with one identity once", () => {
    const state = emptyState();
    const rejections = countBatch(state, [
      record(1, { browseraction: "Impression", site: "a" }),
      record(2, { browseraction: "Impression", site: "a", id: "x" }),
      record(3, { browseraction: "Impression", site: "a", id: "x" }),
      record(4, { browseraction: "Click", site: "a", id: "x" }),
      record(5, { browseraction: "Click", site: "b" }),
      record(6, { browseraction: "DiscoveryKinesisTest", site: "b" }),
      { sequence: sequenceOf(7), data: "{" },
    ]);
    assert.deepEqual(
      Object.entries(state.sites).map(([site, { impressions, clicks, first }]) => ({
        site,
        impressions,
        clicks,
        first,
      })),
      [
        { site: "a", impressions: 2, clicks: 1, first: sequenceOf(1) },
        { site: "b", impressions: 0, clicks: 1, first: sequenceOf(5) },
      ],
    );
    assert.deepEqual(
      { duplicates: state.duplicates, ignored: state.ignored, rejected: state.rejected },
      { duplicates: 1, ignored: 1, rejected: 1 },
    );
    assert.deepEqual(
      rejections.map(({ code, record: { sequence } }) => ({ code, sequence })),
      [{ code: "not-json", sequence: sequenceOf(7) }],
    );
  });

  it("is the same in whatever batches the records come, and when batches come again", () => {
    fc.assert(
      fc.property(beacons, fc.array(fc.nat(60)), fc.boolean(), (sent, cuts, again) => {
        const records = sent.map((fields, n) => record(n + 1, fields));
        const whole = emptyState();
        countBatch(whole, records);
        let pieces = emptyState();
        const edges = [0, ...[...cuts].sort((a, b) => a - b), records.length];
        edges.slice(1).forEach((to, i) => {
          const batch = records.slice(edges[i], to);
          countBatch(pieces, batch);
          pieces = carried(pieces);
          if (again) countBatch(pieces, batch);
        });
        assert.deepEqual(carried(pieces), carried(whole));
      }),
    );
  });

  it("ends every record as counted, duplicate, ignored or rejected", () => {
    fc.assert(
      fc.property(beacons, (sent) => {
        const state = emptyState();
        countBatch(
          state,
          sent.map((fields, n) => record(n + 1, fields)),
        );
        const counted = Object.values(state.sites).reduce(
          (sum, { impressions, clicks }) => sum + impressions + clicks,
          0,
        );
        assert.equal(counted + state.duplicates + state.ignored + state.rejected, sent.length);
      }),
    );
  });

  it("compares sequence numbers as numbers, however long they are", () => {
    assert.ok(isLater("10", "9"));
    assert.ok(!isLater("9", "10"));
    assert.ok(!isLater("9", "9"));
    assert.ok(isLater("1", ""));
  });
});
