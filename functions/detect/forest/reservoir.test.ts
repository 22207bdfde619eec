/**
 * The reservoir against its definition: of all points offered, the lowest ranks are kept. Ranks are recomputed here from
 * the same draws with the engine's logarithms, so a common error of the draws would go unnoticed (draws.test.ts).
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { lotOf, sequenceKey, treeKeys, uniformLot } from "./draws";
import { planParameters } from "./parameters";
import { Reservoir } from "./reservoir";

function offer(reservoir: Reservoir, sequence: number): void {
  const key = sequenceKey(sequence);
  reservoir.advanceTo(sequence);
  for (let tree = 0; tree < reservoir.held.length; tree++)
    if (reservoir.admits(tree, sequence, key)) reservoir.keep(tree, sequence, key, 0);
}

const kept = (reservoir: Reservoir, tree: number): number[] =>
  [...reservoir.sequence.subarray(tree * reservoir.samples, tree * reservoir.samples + reservoir.held[tree]!)].sort(
    (a, b) => a - b,
  );

function lowestRanks(seed: number, tree: number, timeDecay: number, samples: number, offered: number): number[] {
  const treeKey = treeKeys(seed, tree + 1)[tree]!;
  const ranked = Array.from({ length: offered }, (_, sequence) => {
    const key = sequenceKey(sequence);
    const exponential = -Math.log1p(-uniformLot(lotOf(treeKey, key), key));
    return { sequence, rank: Math.log(exponential) - sequence / timeDecay };
  });
  const lowest = ranked.sort((a, b) => a.rank - b.rank).slice(0, samples);
  return lowest.map(({ sequence }) => sequence).sort((a, b) => a - b);
}

describe("reservoir", () => {
  it("keeps the points of lowest rank, whatever the decay", () => {
    const decays = fc.oneof(fc.integer({ min: 41, max: 300 }), fc.integer({ min: 301, max: 2_147_483_647 }));
    const runs = fc.record({ seed: fc.nat(), samples: fc.integer({ min: 10, max: 40 }), timeDecay: decays });
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 1200 }), ({ seed, samples, timeDecay }, offered) => {
        const reservoir = new Reservoir(planParameters({ trees: 3, seed, samples, timeDecay }));
        for (let sequence = 0; sequence < offered; sequence++) offer(reservoir, sequence);
        for (let tree = 0; tree < 3; tree++)
          assert.deepEqual(kept(reservoir, tree), lowestRanks(seed, tree, timeDecay, samples, offered));
      }),
      { numRuns: 60 },
    );
  });

  it("keeps each point alike when nothing decays", () => {
    const [trees, samples, offered] = [400, 10, 100];
    const reservoir = new Reservoir(planParameters({ trees, samples, timeDecay: 2_147_483_647 }));
    for (let sequence = 0; sequence < offered; sequence++) offer(reservoir, sequence);
    const times = new Array<number>(offered).fill(0);
    for (let tree = 0; tree < trees; tree++) for (const sequence of kept(reservoir, tree)) times[sequence]!++;
    const expected = (trees * samples) / offered;
    const chiSquare = times.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    assert.ok(chiSquare < offered + 4 * Math.sqrt(2 * offered), `chi-square ${chiSquare}`);
  });

  it("keeps a point of age a with chance e^(-a / timeDecay) when few are kept", () => {
    const [trees, timeDecay, offered] = [1000, 400, 4000];
    const reservoir = new Reservoir(planParameters({ trees, samples: 10, timeDecay }));
    for (let sequence = 0; sequence < offered; sequence++) offer(reservoir, sequence);
    let ages = 0;
    for (let tree = 0; tree < trees; tree++)
      for (const sequence of kept(reservoir, tree)) ages += offered - 1 - sequence;
    const mean = ages / (trees * 10);
    assert.ok(Math.abs(mean / timeDecay - 1) < 0.05, `mean age ${mean}`);
  });

  it("gives up a point anywhere in the heap and stays a heap", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), (seed, places) => {
        const reservoir = new Reservoir(planParameters({ trees: 1, samples: 30, seed }));
        for (let sequence = 0; sequence < 30; sequence++) offer(reservoir, sequence);
        for (const place of places) {
          const at = place % reservoir.held[0]!;
          const left = kept(reservoir, 0).filter((sequence) => sequence !== reservoir.sequence[at]);
          reservoir.drop(0, at);
          assert.deepEqual(kept(reservoir, 0), left);
          for (let i = 1; i < reservoir.held[0]!; i++)
            assert.ok(reservoir.rank[(i - 1) >> 1]! > reservoir.rank[i]!, "an entry outranks the one above it");
          if (reservoir.held[0] === 0) return;
        }
      }),
    );
  });
});
