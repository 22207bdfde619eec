/**
 * The counter-based generator: pinned values, and coarse statistics of the kind the forest relies on. Does not prove
 * randomness in general; a finer battery might find structure that no forest notices.
 */
import assert from "node:assert/strict";
import { CutDraws, lotOf, sequenceKey, treeKeys, uniformLot } from "./draws";

const lots = (seed: number, trees: number, sequences: number): number[] => {
  const keys = treeKeys(seed, trees);
  return Array.from({ length: trees * sequences }, (_, i) => {
    const key = sequenceKey(Math.floor(i / trees));
    return uniformLot(lotOf(keys[i % trees]!, key), key);
  });
};

/** Chi-square of counts that should be equal, as deviations from its mean. */
function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  const chiSquare = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  return (chiSquare - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1));
}

function histogram(values: readonly number[], bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.floor(value * bins)]!++;
  return counts;
}

describe("draws", () => {
  it("are the same numbers on every machine", () => {
    assert.deepEqual([...treeKeys(1, 3)], PINNED_KEYS);
    assert.deepEqual(lots(1, 2, 2), PINNED_LOTS);
    const draws = new CutDraws();
    draws.start(treeKeys(1, 1)[0]!, sequenceKey(7));
    assert.deepEqual([draws.next(), draws.next()], PINNED_CUTS);
  });

  it("differ by seed, by tree and by sequence, above 2^32 as well", () => {
    assert.notDeepEqual(treeKeys(1, 4), treeKeys(1 + 2 ** 32, 4));
    assert.equal(new Set(treeKeys(1, 1000)).size, 1000);
    assert.notEqual(sequenceKey(5), sequenceKey(5 + 2 ** 32));
  });

  it("spread evenly over (0, 1)", () => {
    for (const seed of [0, 1, 2 ** 53 - 1]) {
      const values = lots(seed, 50, 4000);
      assert.ok(values.every((v) => v > 0 && v < 1));
      assert.ok(Math.abs(unevenness(histogram(values, 1000))) < 4);
    }
  });

  it("show no pattern between neighbouring trees, or between neighbouring sequences", () => {
    const values = lots(3, 100, 4000);
    const pairs = (step: number): number[] =>
      values.slice(step).map((v, i) => (Math.floor(v * 16) * 16 + Math.floor(values[i]! * 16)) / 256);
    for (const step of [1, 100]) assert.ok(Math.abs(unevenness(histogram(pairs(step), 256))) < 4);
  });

  it("place cuts evenly over [0, 1)", () => {
    const draws = new CutDraws();
    const values: number[] = [];
    for (let sequence = 0; sequence < 5000; sequence++) {
      draws.start(treeKeys(9, 1)[0]!, sequenceKey(sequence));
      for (let i = 0; i < 20; i++) values.push(draws.next());
    }
    assert.ok(values.every((v) => v >= 0 && v < 1));
    assert.ok(Math.abs(unevenness(histogram(values, 1000))) < 4);
  });
});

const PINNED_KEYS = [3994640335, 2119110588, 947764207];
const PINNED_LOTS = [0.9605179470525445, 0.3322501387100744, 0.7349772677497542, 0.8868629800513673];
const PINNED_CUTS = [0.5392807112419504, 0.005518230801602297];
