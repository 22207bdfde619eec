/**
 * Shingles: rows joined into points. Does not prove agreement with the replaced service, whose recordings all have a
 * shingle of 1.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { RandomCutForest } from ".";

describe("shingle", () => {
  it("scores as a forest does whose rows are joined by hand, oldest first", () => {
    const rows = fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 2 }), {
      maxLength: 60,
      size: "max",
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 30 }), (stream, shingle) => {
        const joining = new RandomCutForest({ trees: 3, samples: 10, dimensions: 2, shingle });
        const joined = new RandomCutForest({ trees: 3, samples: 10, dimensions: 2 * shingle });
        stream.forEach((row, i) => {
          const point = stream.slice(Math.max(0, i + 1 - shingle), i + 1).flat();
          const expected = i + 1 < shingle ? 0 : joined.scoreAndUpdate(point);
          assert.equal(joining.scoreAndUpdate(row), expected);
        });
        assert.equal(joining.learned, joined.learned);
      }),
      { numRuns: 50 },
    );
  });

  it("notices a broken pattern whose values are each quite usual", () => {
    const wave = (row: number): number => Math.sin((2 * Math.PI * row) / 12);
    const broken = (shingle: number): number => {
      const forest = new RandomCutForest({ trees: 50, samples: 128, shingle });
      for (let row = 0; row < 600; row++) forest.update(wave(row));
      assert.ok(forest.score(wave(600)) < 1);
      return forest.score(wave(603));
    };
    assert.ok(broken(2) > 1.8, String(broken(2)));
    assert.ok(broken(1) < 1.3, String(broken(1)));
  });
});
