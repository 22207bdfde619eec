/**
 * The forest as its callers see it: warm-up, exact series, invariances, repeatability, bounds. Does not prove that its
 * scores are those of the service it replaces: nab.test.ts does.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { RandomCutForest, type ForestParameters } from ".";
import { meanOf, medianOf, normalStream, rateStream, take, uniformStream } from "./test-streams";

const scoresOf = (rows: readonly (number | readonly number[])[], parameters: Partial<ForestParameters>): number[] => {
  const forest = new RandomCutForest(parameters);
  return rows.map((row) => forest.scoreAndUpdate(row));
};

const near = (actual: number, expected: number, within = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

describe("forest", () => {
  describe("before it has learned enough", () => {
    for (const [mode, samples, first] of [
      ["kda", 256, 256],
      ["rcf", 256, 64],
      ["kda", 12, 12],
    ] as const)
      it(`scores 0 up to row ${first} with ${samples} samples in ${mode}`, () => {
        const scores = scoresOf(take(300, normalStream(1)), { trees: 10, samples, mode });
        assert.ok(scores.slice(0, first).every((score) => score === 0));
        assert.ok(scores.slice(first).every((score) => score > 0));
      });
  });

  describe("on series with exact answers", () => {
    it("scores a constant series 8/257 in kda and 1/2 in rcf, whatever the seed", () => {
      for (const seed of [0, 1, 99]) {
        const flat = new Array<number>(400).fill(45);
        for (const score of scoresOf(flat, { seed, trees: 20 }).slice(256)) near(score, 8 / 257);
        for (const score of scoresOf(flat, { seed, trees: 20, mode: "rcf" }).slice(256)) near(score, 0.5);
      }
    });

    it("scores one of two values held m times 8 / (1 + log2 m), whatever the seed", () => {
      for (const seed of [1, 7]) {
        const forest = new RandomCutForest({ seed, trees: 20 });
        for (let i = 0; i < 256; i++) forest.update(i < 108 ? 3 : 5);
        near(forest.score(3), 1.03160748596, 1e-11);
        near(forest.score(5), 8 / (1 + Math.log2(148)));
      }
    });

    it("scores a far value by its repeats alone: 8, 4, 8/2.585, 8/3 when 0, 2, 3, 4 are held", () => {
      const forest = new RandomCutForest({ trees: 30 });
      for (const x of take(256, uniformStream(3))) forest.update(x);
      near(forest.score(1e9), 8, 1e-6);
      const held = new RandomCutForest({ trees: 30 });
      for (const x of [...take(252, uniformStream(3)), 1e9, 1e9, 1e9, 1e9]) held.update(x);
      near(held.score(1e9), 8 / 3, 1e-6);
    });
  });

  it("tells its modes apart where values repeat, and hardly where they do not", () => {
    const ratio = (rows: readonly number[]): number => {
      const [kda, rcf] = [scoresOf(rows, { trees: 50 }), scoresOf(rows, { trees: 50, mode: "rcf" })];
      return medianOf(rcf.slice(300).map((score, i) => score / kda[300 + i]!));
    };
    const repeating = ratio(take(1200, rateStream(4, 5)));
    assert.ok(repeating < 0.75, String(repeating));
    near(ratio(take(1200, normalStream(4))), Math.log2(257) / 8, 1e-9);
  });

  it("scores a repeated odd value lower and lower", () => {
    const forest = new RandomCutForest({ trees: 100, samples: 64 });
    for (const x of take(64, normalStream(9))) forest.update(x);
    const scores = take(6, () => forest.scoreAndUpdate(50));
    for (let i = 1; i < scores.length; i++) assert.ok(scores[i]! < scores[i - 1]!, scores.join());
  });

  it("stays within the bounds that the library's own tests set on normal data in three columns", () => {
    const normal = normalStream(6);
    const uniform = uniformStream(7);
    const forest = new RandomCutForest({ dimensions: 3 });
    for (let i = 0; i < 2000; i++)
      forest.update(uniform() < 0.01 ? take(3, () => 5 + 1.5 * normal()) : take(3, normal));
    assert.ok(forest.score([0, 0, 0]) < 1);
    assert.ok(forest.score([8, 8, 8]) > 1);
    assert.ok(forest.score([3, 0, 0]) > forest.score([0, 0, 0]));
    near(forest.score([1e6, 1e6, 1e6]), 8, 1e-3);
  });

  it("scores between 0 and log2 of the samples", () => {
    const value = fc.oneof(fc.double({ min: -1e300, max: 1e300, noNaN: true }), fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60, size: "max" }), fc.nat(), (rows, seed) => {
        for (const score of scoresOf(rows, { trees: 5, samples: 10, seed }))
          assert.ok(score >= 0 && score <= Math.log2(10) + 1e-12, String(score));
      }),
    );
  });

  it("gives the same scores when all values are scaled by a power of two, or shifted", () => {
    const whole = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 40, maxLength: 80 });
    fc.assert(
      fc.property(
        whole,
        fc.integer({ min: -300, max: 300 }),
        fc.integer({ min: -999, max: 999 }),
        (rows, power, shift) => {
          const parameters = { trees: 5, samples: 10 };
          const scores = scoresOf(rows, parameters);
          assert.deepEqual(
            scoresOf(
              rows.map((x) => x * 2 ** power),
              parameters,
            ),
            scores,
          );
          assert.deepEqual(
            scoresOf(
              rows.map((x) => x + shift),
              parameters,
            ),
            scores,
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it("mirrors: negated values score the same on average", () => {
    const rows = take(1500, normalStream(13));
    const mean = (sign: number): number =>
      meanOf(
        scoresOf(
          rows.map((x) => sign * x),
          { trees: 30 },
        ).slice(256),
      );
    near(mean(1) / mean(-1), 1, 0.02);
  });

  it("does not depend, in distribution, on the order of the rows it learned first", () => {
    const rows = take(64, normalStream(15));
    const asked = [-2, -0.3, 0, 0.4, 1, 3];
    const score = (order: readonly number[]): number[] => {
      const forest = new RandomCutForest({ trees: 1000, samples: 64 });
      for (const x of order) forest.update(x);
      return asked.map((x) => forest.score(x));
    };
    const [forwards, backwards] = [score(rows), score(rows.toReversed())];
    forwards.forEach((value, i) => near(value / backwards[i]!, 1, 0.05));
  });

  it("repeats itself: the same seed and rows give the same scores, another seed others", () => {
    const rows = take(400, normalStream(2));
    assert.deepEqual(scoresOf(rows, { trees: 5, seed: 3 }), scoresOf(rows, { trees: 5, seed: 3 }));
    assert.notDeepEqual(scoresOf(rows, { trees: 5, seed: 4 }), scoresOf(rows, { trees: 5, seed: 3 }));
  });

  it("gives these very scores on every machine", () => {
    const rows = Array.from({ length: 2000 }, (_, i) => (i * i * 31 + i * 17) % 101);
    const scores = scoresOf(rows, { trees: 10, samples: 20, timeDecay: 100, seed: 5 });
    assert.deepEqual(
      [20, 500, 1999].map((row) => scores[row]),
      PINNED_SCORES,
    );
  });

  it("changes nothing by scoring, and scores before it learns", () => {
    const rows = take(300, rateStream(3, 50));
    const [asked, plain, fused] = take(3, () => new RandomCutForest({ trees: 5, samples: 12 }));
    for (const row of rows) {
      for (const x of [0, row, 99]) asked!.score(x);
      asked!.attribute(row);
      const score = plain!.score(row);
      asked!.update(row);
      plain!.update(row);
      assert.equal(fused!.scoreAndUpdate(row), score);
    }
    assert.deepEqual(asked!.snapshot(), plain!.snapshot());
    assert.equal(plain!.updates, 300);
  });

  it("forgets a point on request, and where it stood scores as if it had never come", () => {
    const rows = take(100, normalStream(8));
    const [without, forgotten] = take(2, () => new RandomCutForest({ trees: 40, samples: 200, mode: "rcf" }));
    for (const x of rows) {
      without!.update(x);
      forgotten!.update(x);
    }
    forgotten!.update(30);
    const known = forgotten!.score(30);
    assert.equal(forgotten!.forget(30), 40);
    assert.equal(forgotten!.forget(30), 0);
    assert.ok(forgotten!.score(30) > known);
    assert.equal(forgotten!.score(30), without!.score(30));
  });

  it("holds a million rows in the memory of a few", () => {
    const forest = new RandomCutForest({ trees: 5, samples: 10 });
    const uniform = uniformStream(1);
    for (let i = 0; i < 1000; i++) forest.update(uniform());
    const size = forest.snapshot().length;
    for (let i = 0; i < 1_000_000; i++) forest.update(uniform());
    assert.ok(forest.snapshot().length < 1.2 * size);
    assert.equal(forest.updates, 1_001_000);
    assert.ok(forest.score(2) > forest.score(0.5));
  });

  it("allocates less for a score than one number for each node it meets", () => {
    const forest = new RandomCutForest({ trees: 50, samples: 32 });
    const uniform = uniformStream(1);
    for (let i = 0; i < 20_000; i++) forest.scoreAndUpdate(uniform());
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 2000; i++) forest.score(uniform());
    const bytes = (process.memoryUsage().heapUsed - before) / 2000;
    assert.ok(bytes < 50 * 5 * 8, `${bytes} bytes a score`);
  });
});

const PINNED_SCORES = [1.0646419901465616, 0.8477708141874922, 0.8219179522645692];
