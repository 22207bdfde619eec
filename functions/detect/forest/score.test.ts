/**
 * The score's walk against a slow one written from the published definition, which looks at whole boxes where the fast
 * one follows directions. Trees and formulas are shared: tree.test.ts and formula.test.ts judge those.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Arena } from "./arena";
import { scoreAtEqual, treeFactor } from "./formula";
import { Learning } from "./learning";
import { MODES, planParameters, type Mode } from "./parameters";
import { Scoring } from "./score";
import { ForestState } from "./state";

function slowScore(
  arena: Arena,
  mode: Mode,
  reference: number,
  point: Float64Array,
  depth: number,
  mass: number,
): number {
  const box = [...point].map(
    (_, i) => [-arena.reachOf(reference, 2 * i), arena.reachOf(reference, 2 * i + 1)] as const,
  );
  if (reference < 0) {
    const equal = box.every(([min], i) => min === point[i]);
    return equal ? scoreAtEqual(mode, depth, arena.copies[~reference]!, mass) : 1 / (depth + 1);
  }
  const right = point[arena.cutOn[reference]!]! > arena.cutAt[reference]!;
  const below = slowScore(arena, mode, arena.child[2 * reference + (right ? 1 : 0)]!, point, depth + 1, mass);
  const [old, wide] = [0, 0, 0].map((_, k) =>
    box.reduce((sum, [min, max], i) => sum + (k ? Math.max(max, point[i]!) - Math.min(min, point[i]!) : max - min), 0),
  ) as [number, number];
  const q = (wide - old) / wide;
  return q > 0 ? q / (depth + 1) + (1 - q) * below : below;
}

describe("score", () => {
  it("is the mean over the trees of the walk as published, in any number of coordinates", () => {
    const cases = fc
      .record({ size: fc.integer({ min: 1, max: 6 }), mode: fc.constantFrom(...MODES), seed: fc.nat() })
      .chain(({ size, mode, seed }) => {
        const point = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: size, maxLength: size });
        return fc.record({
          parameters: fc.constant({ trees: 7, samples: 12, dimensions: size, mode, seed }),
          learned: fc.array(point, { minLength: 1, maxLength: 40, size: "max" }),
          asked: fc.array(point, { minLength: 1, maxLength: 5 }),
        });
      });
    fc.assert(
      fc.property(cases, ({ parameters, learned, asked }) => {
        const state = new ForestState(planParameters(parameters));
        const learning = new Learning(state);
        const scoring = new Scoring(state.arena, parameters.mode);
        for (const row of learned) learning.learn(Float64Array.from(row));
        for (const point of [...asked, ...learned].map((row) => Float64Array.from(row))) {
          const { arena } = state;
          let sum = 0;
          for (const root of arena.root) {
            const mass = arena.massOf(root);
            sum += slowScore(arena, parameters.mode, root, point, 0, mass) * treeFactor(parameters.mode, mass, 12);
          }
          const score = scoring.score(point);
          assert.ok(Math.abs(score - sum / arena.trees) < 1e-12, `${score} is not ${sum / arena.trees}`);
        }
      }),
      { numRuns: 200 },
    );
  });
});
