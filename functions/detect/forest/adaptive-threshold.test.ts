/**
 * The adaptive threshold against its published formula, recomputed here from whole series. Does not prove parity with
 * the library's class: its suppression of repeats inside a shingle is left out on purpose.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { decideAdaptive, FRESH_ADAPTIVE_STATE, learnScore, type AdaptiveDecision } from "./adaptive-threshold";
import { RandomCutForest } from ".";
import { rateStream, take } from "./test-streams";

const options = { timeDecay: 500, shingle: 1 };

const run = (scores: readonly number[], given = options): AdaptiveDecision[] => {
  let state = FRESH_ADAPTIVE_STATE;
  return scores.map((score) => {
    const decision = decideAdaptive(state, score, given);
    state = learnScore(state, score, given);
    return decision;
  });
};

/** Mean and deviation with weights (1 - rate)^age. */
function faded(values: readonly number[], rate: number): { mean: number; deviation: number } {
  const weights = values.map((_, i) => (1 - rate) ** (values.length - 1 - i));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = values.reduce((sum, x, i) => sum + weights[i]! * x, 0) / total;
  const variance = values.reduce((sum, x, i) => sum + weights[i]! * (x - mean) ** 2, 0) / total;
  return { mean: mean || 0, deviation: Math.sqrt(variance) || 0 };
}

function published(scores: readonly number[], shingle: number): { threshold: number; deviation: number } {
  const rate = 1 / options.timeDecay;
  const capped = scores.map((score) => Math.min(score, 2));
  const { mean, deviation } = faded(capped, rate);
  const gaps = capped.map((x, i) => faded(capped.slice(0, i), rate).mean - x).filter((gap) => gap > 0);
  const differences = capped.slice(1).map((x, i) => x - capped[i]!);
  const belowMean = Math.min(Math.SQRT2 * faded(gaps, rate / 2).deviation, deviation);
  const longTerm = shingle === 1 ? belowMean : 0.5 * belowMean + 0.5 * faded(differences, 0.01).deviation;
  const scaled = 2 * longTerm + deviation;
  if (scores.length < 10) return { threshold: 1.5, deviation: scaled };
  const f = Math.min(1, (scores.length - 10) / 10);
  const absolute = mean < 0.9 ? (0.8 * mean) / 0.9 : 0.8;
  return { threshold: Math.max(absolute, f * (mean + scaled) + (1 - f) * 1.5), deviation: scaled };
}

describe("adaptive threshold", () => {
  it("is the published one after any scores", () => {
    const scores = fc.array(fc.double({ min: 0.1, max: 6, noNaN: true }), { minLength: 5, maxLength: 60, size: "max" });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 2 }), (series, shingle) => {
        run(series, { ...options, shingle }).forEach((decision, i) => {
          const { threshold, deviation } = published(series.slice(0, i), shingle);
          assert.ok(Math.abs(decision.threshold - threshold) < 1e-6, `${decision.threshold} is not ${threshold}`);
          const excess = i < 10 ? (series[i]! - 0.8) / 0.8 : (series[i]! - threshold) / deviation;
          const grade = Math.min(Math.floor(20 * Math.min(1, excess)) / 16, 1);
          if (series[i]! <= threshold - 1e-6) assert.equal(decision.grade, 0);
          else if (i < 10 || (deviation > 1e-3 && Math.abs((20 * excess) % 1) > 1e-4))
            assert.ok(Math.abs(decision.grade - Math.max(0, grade)) < 1e-9);
        });
      }),
    );
  });

  it("rests on a constant for ten scores, settles over ten more, then on what it saw", () => {
    const bases = run(take(25, () => 1)).map(({ basis }) => basis);
    assert.deepEqual(bases.indexOf("settling"), 10);
    assert.deepEqual(bases.indexOf("settled"), 20);
  });

  it("learns nothing from a forest that is not ready", () => {
    assert.deepEqual(run([...new Array<number>(50).fill(0), 1, 1.2, 5]).slice(50), run([1, 1.2, 5]));
  });

  it("grades from 0 to 1 by how far a score lies above, and fires on any grade", () => {
    const quiet = take(200, () => 1).map((x, i) => x + (i % 2) / 10);
    const grades = [1.05, 1.3, 5].map((score) => run([...quiet, score]).at(-1)!);
    assert.deepEqual(
      grades.map(({ fired }) => fired),
      [false, true, true],
    );
    assert.equal(grades[2]!.grade, 1);
    for (const { fired, grade } of grades) assert.equal(fired, grade > 0);
  });

  it("stays low through an outburst: scores above 2 teach it no more than 2 would", () => {
    const quiet = take(100, () => 1);
    const threshold = (burst: number): number => run([...quiet, burst, burst, 1]).at(-1)!.threshold;
    assert.equal(threshold(8), threshold(2));
  });

  it("finds an outlier that a forest of few samples cannot bring above a cutoff of 4, amid one false alarm in ten", () => {
    const forest = new RandomCutForest({ samples: 12, trees: 50 });
    const scores = [...take(400, rateStream(2, 100)), 50].map((rate) => forest.scoreAndUpdate(rate));
    assert.equal(run(scores).at(-1)!.fired, true);
    const quiet = run(scores.slice(0, -1)).slice(50);
    assert.ok(quiet.filter(({ fired }) => fired).length < 0.1 * quiet.length);
  });

  it("stays silent on a constant series", () => {
    const forest = new RandomCutForest({ samples: 12, trees: 5 });
    const scores = take(200, () => forest.scoreAndUpdate(45));
    assert.ok(run(scores).every(({ fired }) => !fired));
  });
});
