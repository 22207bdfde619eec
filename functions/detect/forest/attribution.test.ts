/**
 * Explanations: the parts add up to the score and point the right way. Does not prove that the parts are those of the
 * replaced service, whose formula for them is unpublished.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { MODES, RandomCutForest, type Attribution } from ".";
import { compareParts } from "./attribution";
import { normalStream, rateStream, take } from "./test-streams";

const sumOf = ({ columns }: Attribution): number => columns.reduce((sum, { high, low }) => sum + high + low, 0);

describe("attribution", () => {
  it("adds up to the score in any number of columns and rows, for points held and not held", () => {
    const cases = fc
      .record({
        dimensions: fc.integer({ min: 1, max: 4 }),
        shingle: fc.integer({ min: 1, max: 3 }),
        mode: fc.constantFrom(...MODES),
        seed: fc.nat(),
      })
      .chain((parameters) => {
        const value = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: -100, max: 100, noNaN: true }));
        const row = fc.array(value, { minLength: parameters.dimensions, maxLength: parameters.dimensions });
        return fc.record({
          parameters: fc.constant({ trees: 4, samples: 10, ...parameters }),
          rows: fc.array(row, { minLength: 13, maxLength: 40 }),
        });
      });
    fc.assert(
      fc.property(cases, ({ parameters, rows }) => {
        const forest = new RandomCutForest(parameters);
        for (const row of rows) forest.update(row);
        for (const row of rows) {
          const attribution = forest.attribute(row);
          assert.equal(attribution.score, forest.score(row));
          assert.ok(Math.abs(sumOf(attribution) - attribution.score) < 1e-9);
          for (const { high, low } of attribution.columns) assert.ok(high >= 0 && low >= 0);
        }
      }),
    );
  });

  it("says that a rate is too high, or too low, and by how much against the recent median", () => {
    const forest = new RandomCutForest({ samples: 12 });
    for (const rate of take(200, rateStream(1, 50))) forest.update(rate);
    const [burst, outage] = [50, 0].map((rate) => forest.attribute(rate).columns[0]!) as [Column, Column];
    assert.equal(burst.direction, "high");
    assert.ok(burst.strength > 0.9);
    assert.equal(burst.median, 10);
    assert.equal(burst.difference, 40);
    assert.equal(outage.direction, "low");
    assert.equal(outage.difference, -10);
  });

  it("takes the median over the last sixty observed values", () => {
    const forest = new RandomCutForest({ trees: 1, samples: 10 });
    const median = (): number | null => forest.attribute(0).columns[0]!.median;
    assert.equal(median(), null);
    for (let i = 0; i < 60; i++) forest.update(i < 30 ? 1 : 3);
    assert.equal(median(), 2);
    for (let i = 0; i < 1000; i++) forest.update(7);
    assert.equal(median(), 7);
  });

  it("leaves values it guessed out of the median", () => {
    const forest = new RandomCutForest({ trees: 5, samples: 10 });
    for (let i = 0; i < 24; i++) forest.update(i < 20 ? 1 : 9);
    for (let i = 0; i < 53; i++) forest.update(NaN);
    assert.equal(forest.complete(NaN)[0], 1);
    assert.equal(forest.attribute(1).columns[0]!.median, 9);
  });

  it("blames the column that is odd", () => {
    const normal = normalStream(3);
    const forest = new RandomCutForest({ dimensions: 3 });
    for (let i = 0; i < 1000; i++) forest.update(take(3, normal));
    const { score, columns } = forest.attribute([0.1, -9, 0.2]);
    assert.ok(columns[1]!.low > 0.7 * score);
    assert.deepEqual(columns.map(({ direction }) => direction)[1], "low");
  });

  it("says nothing of direction where there is none", () => {
    const forest = new RandomCutForest({ trees: 5 });
    for (let i = 0; i < 300; i++) forest.update(45);
    const { columns } = forest.attribute(45);
    assert.equal(columns[0]!.direction, "neither");
    assert.equal(columns[0]!.strength, 0);
  });

  it("is all zeros before the first score", () => {
    const { score, columns } = new RandomCutForest().attribute(1);
    assert.equal(score, 0);
    assert.deepEqual(columns, [
      {
        column: 0,
        value: 1,
        guessed: false,
        high: 0,
        low: 0,
        direction: "neither",
        strength: 0,
        median: null,
        difference: null,
      },
    ]);
  });

  it("marks a value it had to guess", () => {
    const forest = new RandomCutForest({ trees: 5, samples: 10, dimensions: 2 });
    for (let i = 0; i < 30; i++) forest.update([i % 3, i % 5]);
    assert.deepEqual(
      forest.attribute([1, NaN]).columns.map(({ guessed }) => guessed),
      [false, true],
    );
  });

  it("reads the documented explanations of the SQL function as parts of their scores", () => {
    // awsdocs/amazon-kinesis-data-analytics-developer-guide, examine-results-with-exp: score, then one part per column.
    for (const [score, ...parts] of [
      [3.855851061, 1.7447, 2.1111],
      [0.711460417, 0.3792, 0.3323],
    ] as const)
      assert.ok(Math.abs(parts[0] + parts[1] - score) < 1e-4);
    assert.deepEqual(compareParts(3, 1), { direction: "high", strength: 0.5 });
    assert.deepEqual(compareParts(0, 2), { direction: "low", strength: 1 });
  });
});

type Column = Attribution["columns"][number];
