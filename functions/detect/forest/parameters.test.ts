/**
 * What the forest refuses, and how it says so. The ranges are those documented for the SQL function it replaces; that
 * they are still right is not proven here.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DEFAULT_PARAMETERS,
  differingParameters,
  ForestError,
  PARAMETER_LIMITS,
  planParameters,
  RandomCutForest,
} from ".";
import type { ForestParameters, Row } from ".";

const problemsOf = (act: () => unknown): string[] => {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof ForestError, String(error));
    return error.message.split("\n");
  }
  return [];
};

describe("parameters", () => {
  it("default to the SQL function's", () => {
    assert.deepEqual(new RandomCutForest().parameters, {
      trees: 100,
      samples: 256,
      timeDecay: 100_000,
      dimensions: 1,
      shingle: 1,
      mode: "kda",
      seed: 1,
    });
  });

  for (const name of Object.keys(PARAMETER_LIMITS) as (keyof typeof PARAMETER_LIMITS)[]) {
    const [least, most] = PARAMETER_LIMITS[name];
    it(`takes ${name} from ${least} to ${most} and nothing else`, () => {
      const small = { ...DEFAULT_PARAMETERS, trees: 1, samples: 10, dimensions: 1 };
      const refused = (value: unknown): string[] =>
        problemsOf(() => planParameters({ ...small, [name]: value })).filter((line) => line.startsWith(`${name} `));
      for (const value of [least, most]) {
        const others = name === "timeDecay" && value === least ? ["samples must be below timeDecay"] : [];
        assert.deepEqual(refused(value), [], `${value} is refused`);
        assert.ok(problemsOf(() => planParameters({ ...small, [name]: value })).length === others.length);
      }
      for (const value of [least - 1, most + 1, least + 0.5, NaN, Infinity, String(least), null])
        assert.equal(refused(value).length, 1, `${String(value)} is taken`);
    });
  }

  it("are refused all at once, each with what it is, may be, and how to mend it", () => {
    const wrong = { trees: 0, samples: 5, mode: "sql", tres: 3 } as unknown as Partial<ForestParameters>;
    assert.deepEqual(
      problemsOf(() => new RandomCutForest(wrong)),
      [
        'parameters must be trees, samples, timeDecay, dimensions, shingle, mode, seed, got "tres"; remove it or correct its spelling',
        "trees must be a whole number 1..1000, got 0; leave it out for 100",
        "samples must be a whole number 10..1000, got 5; leave it out for 256",
        'mode must be kda or rcf, got "sql"; leave it out for "kda"',
      ],
    );
  });

  it("are refused when the sample outlives the decay", () => {
    assert.deepEqual(
      problemsOf(() => new RandomCutForest({ samples: 256, timeDecay: 256 })),
      ["samples must be below timeDecay, got 256 with timeDecay 256; raise timeDecay or lower samples"],
    );
  });

  it("are refused when the forest would not fit in memory, before it takes any", () => {
    const [line] = problemsOf(() => new RandomCutForest({ trees: 1000, samples: 1000, dimensions: 1000, shingle: 30 }));
    assert.match(line!, /must be at most 1024 MiB, got a forest of \d+ MiB; use fewer/);
  });

  it("can be compared by name", () => {
    const changed = { ...DEFAULT_PARAMETERS, seed: 2, trees: 3 };
    assert.deepEqual(differingParameters(DEFAULT_PARAMETERS, changed), ["trees", "seed"]);
  });
});

describe("row", () => {
  const pair = (): RandomCutForest => new RandomCutForest({ trees: 2, samples: 10, dimensions: 2 });

  it("is refused with every bad value named", () => {
    assert.deepEqual(
      problemsOf(() => pair().score([Infinity, "7" as unknown as number])),
      [
        "row[0] must be a finite number of at most 1e+300 in size, or NaN, got Infinity; give NaN where no value was observed",
        'row[1] must be a finite number of at most 1e+300 in size, or NaN, got "7"; give NaN where no value was observed',
      ],
    );
  });

  it("is refused when it has more or fewer values than columns", () => {
    for (const row of [[], [1], [1, 2, 3], 5])
      assert.match(problemsOf(() => pair().update(row))[0]!, /^row must be 2 values, one per column, got \d value/);
  });

  it("is refused when it is no row at all", () => {
    for (const [row, got] of [
      [null, "null"],
      [undefined, "undefined"],
      ["1,2", '"1,2"'],
      [{}, "an object"],
    ] as const)
      assert.deepEqual(
        problemsOf(() => pair().update(row as unknown as Row)),
        [`row must be 2 values, one per column, got ${got}; give one value per column, NaN where none was observed`],
      );
  });

  it("leaves the forest as it was when refused", () => {
    const bad = fc.constantFrom<Row>([1, Infinity], [-Infinity, 1], [1e301, 0], [1], []);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 20 }), bad, (rows, refused) => {
        const forest = pair();
        for (const row of rows) forest.update(row);
        const before = forest.snapshot();
        for (const act of ["score", "update", "scoreAndUpdate", "attribute", "complete", "forget"] as const)
          assert.throws(() => forest[act](refused), ForestError);
        assert.deepEqual(forest.snapshot(), before);
      }),
    );
  });

  it("may come as numbers, as a typed array, or bare when there is one column; -0 is 0", () => {
    const [plain, typed, bare] = [[5], Float64Array.of(5), 5].map((row) => {
      const forest = new RandomCutForest({ trees: 2, samples: 10 });
      for (let i = 0; i < 12; i++) forest.update(row);
      return forest.snapshot();
    });
    assert.deepEqual(plain, typed);
    assert.deepEqual(plain, bare);
    const zeros = [0, -0].map((zero) => {
      const forest = new RandomCutForest({ trees: 2, samples: 10 });
      for (let i = 0; i < 12; i++) forest.update(i % 2 === 0 ? zero : 1);
      return forest.snapshot();
    });
    assert.deepEqual(zeros[0], zeros[1]);
  });
});
