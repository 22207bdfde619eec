/**
 * The two tables of "Configuring how CloudWatch alarms treat missing data" in the CloudWatch user guide, and the reasons
 * in the words of recorded alarms.
 * Does not prove: how AWS decides cases that its tables leave open, e.g. `- - - - X` while missing data is ignored.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  evaluateAlarm,
  evaluationRange,
  MISSING_DATA,
  type AlarmRule,
  type Comparison,
  type Datapoint,
  type MissingData,
} from "./evaluation";

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5, 10);

/** `0` is within the threshold, `X` breaches it, `-` is missing; the newest stands last. */
function periods(picture: string): (Datapoint | undefined)[] {
  return picture
    .split(" ")
    .map((each, index) => (each === "-" ? undefined : { start: START + index * MINUTE, value: each === "X" ? 2 : 0 }));
}

function ruleOf(datapointsToAlarm: number, missing: MissingData, evaluationPeriods = 3): AlarmRule {
  return { comparison: "GreaterThanThreshold", threshold: 1, evaluationPeriods, datapointsToAlarm, missing };
}

const stateOf = (rule: AlarmRule, picture: string): string => evaluateAlarm(rule, periods(picture))?.state ?? "keep";

const INSUFFICIENT = "INSUFFICIENT_DATA";
/** Columns: missing, ignore, breaching, notBreaching. */
const TABLES: Readonly<Record<number, readonly (readonly [string, readonly [string, string, string, string]])[]>> = {
  3: [
    ["0 - X - X", ["OK", "OK", "OK", "OK"]],
    ["0 - - - -", ["OK", "OK", "OK", "OK"]],
    ["- - - - -", [INSUFFICIENT, "keep", "ALARM", "OK"]],
    ["0 X X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["- - X - -", ["ALARM", "keep", "ALARM", "OK"]],
  ],
  2: [
    ["0 - X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["0 0 X 0 X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["0 - X - -", ["OK", "OK", "ALARM", "OK"]],
    ["- - - - 0", ["OK", "OK", "ALARM", "OK"]],
    ["- - - X -", ["ALARM", "keep", "ALARM", "OK"]],
  ],
};

describe("An alarm's evaluation", () => {
  for (const [enough, rows] of Object.entries(TABLES)) {
    for (const [picture, states] of rows) {
      it(`follows the documented row ${picture} of ${enough} out of 3`, () =>
        assert.deepEqual(
          MISSING_DATA.map((missing) => stateOf(ruleOf(Number(enough), missing), picture)),
          states,
        ));
    }
  }

  it("does not go off early while the next datapoint may still be within the threshold", () => {
    for (const picture of ["- - - - X", "- - - X -"]) assert.equal(stateOf(ruleOf(3, "missing"), picture), "OK");
  });

  it("looks at two periods more than it evaluates", () => {
    assert.equal(evaluationRange({ evaluationPeriods: 3 }), 5);
  });

  for (const [comparison, states] of Object.entries({
    GreaterThanOrEqualToThreshold: ["OK", "ALARM", "ALARM"],
    GreaterThanThreshold: ["OK", "OK", "ALARM"],
    LessThanThreshold: ["ALARM", "OK", "OK"],
    LessThanOrEqualToThreshold: ["ALARM", "ALARM", "OK"],
  })) {
    it(`compares by ${comparison}`, () => {
      const rule = { ...ruleOf(1, "missing", 1), comparison: comparison as Comparison };
      const decided = [0, 1, 2].map((value) => evaluateAlarm(rule, [undefined, undefined, { start: 0, value }])?.state);
      assert.deepEqual(decided, states);
    });
  }

  for (const [what, picture, rule, reason] of [
    [
      "one datapoint over the threshold",
      "- - X",
      ruleOf(1, "missing", 1),
      "Threshold Crossed: 1 out of the last 1 datapoints [2.0 (05/01/26 10:02:00)] was greater than the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).",
    ],
    [
      "two of three datapoints within it",
      "- X 0 X 0",
      ruleOf(3, "missing"),
      "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (05/01/26 10:04:00), 0.0 (05/01/26 10:02:00)] were not greater than the threshold (1.0) (minimum 1 datapoint for ALARM -> OK transition).",
    ],
    [
      "no data that is taken as bad",
      "- - - - -",
      ruleOf(3, "breaching"),
      "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
    ],
    [
      "no data that is taken as good",
      "- - -",
      ruleOf(1, "notBreaching", 1),
      "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
    ],
    ["no data", "- - -", ruleOf(1, "missing", 1), "Insufficient Data: 1 datapoint was unknown."],
  ] as const) {
    it(`gives its reason for ${what}`, () => assert.equal(evaluateAlarm(rule, periods(picture))?.reason, reason));
  }

  it("does not ask how missing data counts when there is enough of it", () => {
    const cell = fc.constantFrom("0", "X", "-");
    fc.assert(
      fc.property(fc.array(cell, { minLength: 5, maxLength: 5 }), fc.integer({ min: 1, max: 3 }), (cells, enough) => {
        fc.pre(cells.filter((each) => each !== "-").length >= 3);
        const states = new Set(MISSING_DATA.map((missing) => stateOf(ruleOf(enough, missing), cells.join(" "))));
        assert.equal(states.size, 1);
      }),
    );
  });

  it("is at least as alarming where missing data is bad as where it is good", () => {
    const cell = fc.constantFrom("0", "X", "-");
    fc.assert(
      fc.property(fc.array(cell, { minLength: 5, maxLength: 5 }), fc.integer({ min: 1, max: 3 }), (cells, enough) => {
        const [bad, good] = (["breaching", "notBreaching"] as const).map((missing) =>
          stateOf(ruleOf(enough, missing), cells.join(" ")),
        );
        assert.ok(good === "OK" || bad === "ALARM");
      }),
    );
  });
});
