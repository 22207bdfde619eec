/**
 * Schedule expressions.
 * Does not prove: that EventBridge fires at the same second; it promises the minute.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSchedule } from "./schedule";

const MINUTE = 60_000;
const at = (text: string): number => Date.parse(`${text}Z`);
const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);

/** Expression, a time, and the next ticks after it. */
const CASES: readonly (readonly [expression: string, after: string, ...ticks: (string | undefined)[]])[] = [
  ["rate(1 minute)", "2026-01-05T10:00:00", "2026-01-05T10:01", "2026-01-05T10:02"],
  ["rate(1 minute)", "2026-01-05T10:00:59", "2026-01-05T10:01"],
  ["rate(5 minutes)", "2026-01-05T10:02:00", "2026-01-05T10:05", "2026-01-05T10:10"],
  ["rate(1 hour)", "2026-01-05T10:02:00", "2026-01-05T11:00"],
  ["rate(1 day)", "2026-01-05T10:02:00", "2026-01-06T00:00"],
  ["cron(0 10 * * ? *)", "2026-01-05T10:00:00", "2026-01-06T10:00"],
  ["cron(15 12 * * ? *)", "2026-01-05T10:00:00", "2026-01-05T12:15"],
  ["cron(0 18 ? * MON-FRI *)", "2026-01-02T17:59:59", "2026-01-02T18:00", "2026-01-05T18:00"],
  ["cron(0 8 1 * ? *)", "2026-01-05T10:00:00", "2026-02-01T08:00"],
  ["cron(0/15 * * * ? *)", "2026-01-05T10:16:00", "2026-01-05T10:30", "2026-01-05T10:45", "2026-01-05T11:00"],
  ["cron(1/10 * * * ? *)", "2026-01-05T10:00:00", "2026-01-05T10:01", "2026-01-05T10:11"],
  ["cron(0/5 8-17 ? * MON-FRI *)", "2026-01-05T17:55:00", "2026-01-06T08:00"],
  ["cron(*/30 9,21 * JAN,MAR ? 2026-2027)", "2026-01-31T21:30:00", "2026-03-01T09:00"],
  ["cron(0 0 29 FEB ? *)", "2026-01-05T10:00:00", "2028-02-29T00:00"],
  ["cron(0 0 ? * 1 *)", "2026-01-05T10:00:00", "2026-01-11T00:00"],
  ["cron(0 0 1 1 ? 2020)", "2026-01-05T10:00:00", undefined],
  ["cron(0 0 31 2 ? *)", "2026-01-05T10:00:00", undefined],
];

describe("A schedule", () => {
  for (const [expression, after, ...ticks] of CASES) {
    it(`${expression} after ${after} fires ${ticks.map((tick) => tick ?? "never").join(", ")}`, () => {
      const next = parseSchedule(expression);
      let time: number | undefined = at(after);
      for (const tick of ticks) {
        time = next(time ?? 0);
        assert.equal(iso(time), tick);
      }
    });
  }

  for (const expression of [
    "every 5 minutes",
    "rate(5 minute)",
    "rate(1 minutes)",
    "rate(0 minutes)",
    "rate(5 seconds)",
    "cron(0 10 * * *)",
    "cron(0 10 * * * *)",
    "cron(0 10 ? * ? *)",
    "cron(60 10 * * ? *)",
    "cron(0 24 * * ? *)",
    "cron(0 10 0 * ? *)",
    "cron(0 10 L * ? *)",
    "cron(0 10 3W * ? *)",
    "cron(0 10 ? * 3#2 *)",
    "cron(10-5 10 * * ? *)",
    "cron(*/0 10 * * ? *)",
    "cron(0 10 * FOO ? *)",
  ]) {
    it(`${expression} is refused with what is allowed`, () =>
      assert.throws(() => parseSchedule(expression), { name: "StageError", message: /is not understood; allowed: / }));
  }

  it("at a rate is the same one in cron, where both can say it", () => {
    const divisor = fc.constantFrom(1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30);
    fc.assert(
      fc.property(divisor, fc.integer({ min: 0, max: at("2199-12-01T00:00:00") }), (minutes, time) => {
        const rate = parseSchedule(`rate(${minutes} minute${minutes === 1 ? "" : "s"})`);
        assert.equal(rate(time), parseSchedule(`cron(0/${minutes} * * * ? *)`)(time));
      }),
    );
  });

  it("fires at whole minutes, later and later, and misses none between", () => {
    const field = (from: number, to: number) => fc.integer({ min: from, max: to }).map(String);
    const cron = fc.tuple(fc.oneof(field(0, 59), fc.constant("*/7")), fc.oneof(field(0, 23), fc.constant("*")));
    fc.assert(
      fc.property(cron, fc.integer({ min: 0, max: 4e12 }), ([minutes, hours], time) => {
        const next = parseSchedule(`cron(${minutes} ${hours} * * ? *)`);
        const tick = next(time) ?? assert.fail("it never fires");
        assert.ok(tick > time && tick % MINUTE === 0);
        assert.equal(next(tick - 1), tick);
        assert.equal(next((time + tick - 1) / 2), tick);
      }),
    );
  });
});
