/**
 * The cutoff and the repeated rule. Does not prove that a cutoff of 2 is a good one: bench/forest measures what it finds.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { decide, ForestError, FRESH_RULE_STATE, planRules, type Decision, type Rules, type RuleState } from ".";

const run = (rules: Rules, scores: readonly number[]): Decision[][] => {
  let state: RuleState = FRESH_RULE_STATE;
  return scores.map((score) => {
    const step = decide(rules, state, score);
    state = step.state;
    return step.decisions;
  });
};

describe("rules", () => {
  it("cut off above the cutoff, not at it, and say by which score", () => {
    assert.deepEqual(run({ cutoff: 2 }, [1.9, 2, 2.1]).flat(), [
      { rule: "cutoff", fired: false, score: 1.9, cutoff: 2 },
      { rule: "cutoff", fired: false, score: 2, cutoff: 2 },
      { rule: "cutoff", fired: true, score: 2.1, cutoff: 2 },
    ]);
  });

  it("fire on two of the last three scores above the cutoff, and say when that began", () => {
    const decisions = run({ cutoff: 2, repeated: { needed: 2, of: 3 } }, [3, 1, 3, 1, 1, 3, 3, 3]).map(
      ([, repeated]) => repeated!,
    );
    const pick = (name: string): unknown[] => decisions.map((decision) => decision[name as keyof Decision]);
    assert.deepEqual(pick("above"), [1, 1, 2, 1, 1, 1, 2, 3]);
    assert.deepEqual(pick("fired"), [false, false, true, false, false, false, true, true]);
    assert.deepEqual(pick("began"), [false, false, true, false, false, false, true, false]);
  });

  it("count as many of the last scores as are above the cutoff", () => {
    const rule = fc
      .integer({ min: 1, max: 6 })
      .chain((of) => fc.record({ needed: fc.integer({ min: 1, max: of }), of: fc.constant(of) }));
    fc.assert(
      fc.property(rule, fc.array(fc.integer({ min: 0, max: 4 })), (repeated, scores) => {
        run({ cutoff: 2, repeated }, scores).forEach(([, decision], i) => {
          const above = scores.slice(Math.max(0, i + 1 - repeated.of), i + 1).filter((score) => score > 2).length;
          assert.ok(decision!.rule === "repeated" && decision!.above === above);
          assert.equal(decision!.fired, above >= repeated.needed);
        });
      }),
    );
  });

  it("decide the same after their state went through JSON, at any score", () => {
    const rules: Rules = { cutoff: 2, repeated: { needed: 2, of: 5 }, adaptive: { timeDecay: 1000, shingle: 1 } };
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 8, noNaN: true })), (scores) => {
        let [state, stored] = [FRESH_RULE_STATE, JSON.stringify(FRESH_RULE_STATE)];
        for (const score of scores) {
          const step = decide(rules, state, score);
          assert.deepEqual(decide(rules, JSON.parse(stored) as RuleState, score).decisions, step.decisions);
          state = step.state;
          stored = JSON.stringify(state);
        }
      }),
    );
  });

  it("remember no more than they look back on, also when they change", () => {
    const { state } = decide(
      { cutoff: 2, repeated: { needed: 2, of: 9 } },
      { ...FRESH_RULE_STATE, above: new Array<boolean>(50).fill(true) },
      1,
    );
    assert.equal(state.above.length, 9);
    assert.equal(decide({ cutoff: 2 }, state, 1).state.above.length, 1);
  });

  it("are refused all at once, each with what it is, may be, and how to mend it", () => {
    const wrong: Rules = { cutoff: -1, repeated: { needed: 4, of: 3 }, adaptive: { timeDecay: 0, shingle: 1.5 } };
    assert.throws(
      () => planRules(wrong),
      (error) => {
        assert.ok(error instanceof ForestError);
        assert.deepEqual(error.message.split("\n"), [
          "cutoff must be a number above 0, got -1; usual is 2",
          "repeated.needed must be a whole number from 1 to repeated.of, got 4; usual is 2",
          "adaptive.timeDecay must be a whole number of at least 1, got 0; usual is the forest's timeDecay",
          "adaptive.shingle must be a whole number of at least 1, got 1.5; usual is the forest's shingle",
        ]);
        return true;
      },
    );
    const right: Rules = { cutoff: 2, repeated: { needed: 2, of: 3 } };
    assert.equal(planRules(right), right);
  });
});
