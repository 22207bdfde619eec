/**
 * Missing coordinates, filled with what the forest expects beside the known ones. In each tree the point walks down;
 * at a cut on a missing coordinate it takes the side whose points the known coordinates fit better (stretch its box
 * less), or the heavier side if both fit alike. The leaf it comes to is the tree's suggestion; the forest's is the median
 * over its trees. One path per tree, nothing random.
 */
import { EMPTY, type Arena } from "./arena";
import { medianOf } from "./history";

export class Imputation {
  readonly #leaves: Int32Array;
  readonly #suggestions: Float64Array;

  constructor(readonly arena: Arena) {
    this.#leaves = new Int32Array(arena.trees);
    this.#suggestions = new Float64Array(arena.trees);
  }

  /** Fills the coordinates marked in `missing`; false, and nothing filled, when no tree holds a point. */
  fill(point: Float64Array, missing: Uint8Array): boolean {
    const { trees, size, root, point: points } = this.arena;
    let held = 0;
    for (let tree = 0; tree < trees; tree++)
      if (root[tree] !== EMPTY) this.#leaves[held++] = this.#walk(root[tree]!, point, missing);
    if (held === 0) return false;
    const suggestions = this.#suggestions.subarray(0, held);
    for (let i = 0; i < size; i++) {
      if (missing[i] === 0) continue;
      for (let k = 0; k < held; k++) suggestions[k] = points[size * this.#leaves[k]! + i]!;
      point[i] = medianOf(suggestions.sort());
    }
    return true;
  }

  #walk(root: number, point: Float64Array, missing: Uint8Array): number {
    const { child, cutOn, cutAt } = this.arena;
    let reference = root;
    while (reference >= 0) {
      const on = cutOn[reference]!;
      const [left, right] = [child[2 * reference]!, child[2 * reference + 1]!];
      const goesRight =
        missing[on] === 0 ? point[on]! > cutAt[reference]! : this.#fitsBetter(right, left, point, missing);
      reference = goesRight ? right : left;
    }
    return ~reference;
  }

  #fitsBetter(one: number, other: number, point: Float64Array, missing: Uint8Array): boolean {
    const difference = this.#stretch(one, point, missing) - this.#stretch(other, point, missing);
    return difference === 0 ? this.arena.massOf(one) > this.arena.massOf(other) : difference < 0;
  }

  #stretch(reference: number, point: Float64Array, missing: Uint8Array): number {
    const { arena } = this;
    let stretch = 0;
    for (let i = 0; i < arena.size; i++) {
      if (missing[i] === 1) continue;
      const below = -point[i]! - arena.reachOf(reference, 2 * i);
      const above = point[i]! - arena.reachOf(reference, 2 * i + 1);
      stretch += Math.max(0, below, above);
    }
    return stretch;
  }
}
