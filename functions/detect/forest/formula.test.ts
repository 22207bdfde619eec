/**
 * The formulas against the published values: AWS's library's own unit test (aws/random-cut-forest-by-aws, Apache-2.0,
 * AnomalyScoreVisitorTest) for `rcf`, and what follows exactly from the recorded answers of the SQL function for `kda`.
 * Does not prove that the walk applies them to the right nodes: score.test.ts does.
 */
import assert from "node:assert/strict";
import { cutChance, scoreAbove, scoreAtEqual, scoreAtOther, treeFactor, warmUp } from "./formula";

const near = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 1e-11, String(actual));

describe("formula", () => {
  it("scores an equal leaf as the library does in rcf", () => {
    near(scoreAtEqual("rcf", 100, 10, 21) * treeFactor("rcf", 21, 256), 0.0328405263055);
    near(scoreAtEqual("rcf", 0, 10, 21) * treeFactor("rcf", 21, 256), 0.982144629576);
  });

  it("scores another leaf as the library does in rcf", () => {
    near(scoreAtOther(100) * treeFactor("rcf", 2, 256), 0.0156926980269);
  });

  it("climbs past an ancestor as the library does, and leaves the score when the box holds the point", () => {
    const factor = treeFactor("rcf", 50, 256);
    const atLeaf = scoreAtOther(4);
    near(atLeaf * factor, 1.13448506839);
    const q = cutChance(1, 2); // (0, 0) against [1, 2] x [0, 1]
    assert.equal(q, 1 / 3);
    const above = scoreAbove(atLeaf, q, scoreAtOther(3));
    near(above * factor, 1.22902549076);
    assert.equal(scoreAbove(above, cutChance(0, 4), scoreAtOther(2)), above);
  });

  it("takes the chance of a cut from the growth of the box", () => {
    assert.equal(cutChance(1, 6), 1 / 7); // (2, 0.5, 0.5) against [0, 1] x [0, 2] x [0, 3]
  });

  it("scores a constant series as both implementations do", () => {
    near(scoreAtEqual("kda", 0, 256, 256) * treeFactor("kda", 256, 256), 8 / 257);
    near(scoreAtEqual("rcf", 0, 256, 256) * treeFactor("rcf", 256, 256), 0.5);
  });

  it("scores one of two values by its repeats alone in kda", () => {
    near(scoreAtEqual("kda", 1, 108, 256) * treeFactor("kda", 256, 256), 1.03160748596);
  });

  it("answers after a full sample in kda, after a quarter in rcf", () => {
    assert.equal(warmUp("kda", 256), 256);
    assert.equal(warmUp("rcf", 256), 64);
  });
});
