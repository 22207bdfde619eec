/**
 * Missing values: what the forest puts in their place and what it learns from such rows. Does not prove the guesses good
 * on data unlike these.
 */
import assert from "node:assert/strict";
import { RandomCutForest } from ".";
import { meanOf, normalStream, take } from "./test-streams";

/** Two columns that belong together: y is 10 x and a little noise. */
function together(): { forest: RandomCutForest; row: () => number[] } {
  const normal = normalStream(17);
  const row = (): number[] => {
    const x = normal();
    return [x, 10 * x + 0.1 * normal()];
  };
  const forest = new RandomCutForest({ dimensions: 2 });
  for (let i = 0; i < 2000; i++) forest.update(row());
  return { forest, row };
}

describe("imputation", () => {
  it("fills a missing column with what belongs beside the others", () => {
    const { forest } = together();
    for (const x of [-1.5, -0.5, 0, 0.7, 1.2]) {
      const [known, guess] = forest.complete([x, NaN]);
      assert.equal(known, x);
      assert.ok(Math.abs(guess! - 10 * x) < 3, `${guess} for ${10 * x}`);
    }
  });

  it("foretells the next row of a pattern from the rows before it", () => {
    const wave = (row: number): number => Math.sin((2 * Math.PI * row) / 12);
    const forest = new RandomCutForest({ samples: 128, shingle: 8 });
    for (let row = 0; row < 600; row++) forest.update(wave(row));
    assert.ok(Math.abs(forest.complete(NaN)[0]! - wave(600)) < 0.1);
  });

  it("scores a row by its known columns", () => {
    const { forest } = together();
    assert.ok(forest.score([0.1, NaN]) < 1.2);
    assert.ok(forest.score([8, NaN]) > 2);
    assert.ok(forest.score([NaN, 80]) > 2);
  });

  it("gives a number for a row of which nothing is known, and takes it for usual", () => {
    const { forest } = together();
    assert.ok(forest.score([NaN, NaN]) < 1.2);
    const values = take(500, normalStream(3));
    const line = new RandomCutForest({});
    for (const value of values) line.update(value);
    assert.ok(Math.abs(line.complete(NaN)[0]! - meanOf(values)) < 1);
    assert.ok(line.score(NaN) < 1);
  });

  it("learns a point of which half is known, not one of which less is", () => {
    const { forest } = together();
    const learned = forest.learned;
    forest.update([NaN, 1]);
    assert.equal(forest.learned, learned + 1);
    forest.update([NaN, NaN]);
    assert.equal(forest.learned, learned + 1);
    assert.equal(forest.updates, learned + 2);
  });

  it("keeps what it knows through a gap of any length", () => {
    const forest = new RandomCutForest({ trees: 20, samples: 12 });
    for (const value of take(100, normalStream(4))) forest.update(value);
    const before = [-1, 0, 5].map((x) => forest.score(x));
    for (let i = 0; i < 1000; i++) forest.update(NaN);
    assert.deepEqual(
      [-1, 0, 5].map((x) => forest.score(x)),
      before,
    );
  });

  it("begins with the recent median, or 0, while the trees are empty", () => {
    const forest = new RandomCutForest({ dimensions: 2, shingle: 3 });
    assert.deepEqual([...forest.complete([NaN, 4])], [0, 4]);
    forest.update([7, NaN]);
    assert.deepEqual([...forest.complete([NaN, NaN])], [7, 0]);
  });
});
