/**
 * The rules of one PutLogEvents batch.
 * Does not prove: which of several broken rules AWS would name first.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { sortBatch, type InputEvent } from "./batch";

const NOW = Date.UTC(2026, 0, 20);
const HOUR = 3_600_000;
const at = (...times: number[]): InputEvent[] => times.map((timestamp) => ({ timestamp, message: "x" }));

describe("A batch of log events", () => {
  it("is taken whole when every event is in time", () => {
    const events = at(NOW - HOUR, NOW, NOW);
    assert.deepEqual(sortBatch(events, NOW, -Infinity), { taken: events });
  });

  it("loses what is more than two hours ahead", () => {
    const { taken, rejected } = sortBatch(at(NOW, NOW + 2 * HOUR, NOW + 3 * HOUR), NOW, -Infinity);
    assert.deepEqual(taken, at(NOW, NOW + 2 * HOUR));
    assert.deepEqual(rejected, { tooNewLogEventStartIndex: 2 });
  });

  it("loses what is more than 14 days old, and what retention gives up", () => {
    const old = NOW - 14 * 24 * HOUR;
    const { taken, rejected } = sortBatch(at(old - 1, old, old + HOUR), NOW, old + 1);
    assert.deepEqual(taken, at(old + HOUR));
    assert.deepEqual(rejected, { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2 });
  });

  for (const [what, events, message] of [
    ["out of order", at(NOW, NOW - 1), /chronological order/],
    ["over more than a day", at(NOW - 25 * HOUR, NOW), /24 hours/],
    ["larger than 1 MiB", [{ timestamp: NOW, message: "é".repeat(2 ** 19) }], /Upload too large: 1048602 bytes/],
  ] as const) {
    it(`is refused when it is ${what}`, () =>
      assert.throws(() => sortBatch(events, NOW, -Infinity), { code: "InvalidParameterException", message }));
  }

  it("is parted into a run of taken events between what is too old and what is too new", () => {
    const offsets = fc.array(fc.integer({ min: 0, max: 24 * HOUR }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(offsets, fc.integer({ min: -15, max: 1 }), (spread, days) => {
        const events = at(...spread.map((offset) => NOW + days * 24 * HOUR + offset).sort((a, b) => a - b));
        const { taken, rejected = {} } = sortBatch(events, NOW, -Infinity);
        const from = rejected.tooOldLogEventEndIndex ?? 0;
        const to = rejected.tooNewLogEventStartIndex ?? events.length;
        assert.deepEqual(taken, events.slice(from, to));
        assert.ok(taken.every(({ timestamp }) => timestamp >= NOW - 14 * 24 * HOUR && timestamp <= NOW + 2 * HOUR));
      }),
    );
  });
});
