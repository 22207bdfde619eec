/**
 * The way of a point down all trees at once, to the leaf in each where it belongs. Trees take their steps together, in
 * loops whose branches are predictable: while one tree's next node is fetched from memory, the others are at work.
 */
import type { Arena } from "./arena";

/** Values in a cache line: 64 bytes of doubles. */
const CACHE_LINE = 8;

/** Nodes above a leaf that are worth it: in thirty columns four fifths of the values that a climb compares are theirs. */
const LOW_NODES = 3;

export class Descent {
  /** References met, row by row: level 0 of all trees, then level 1, ... A tree's last one is its leaf. */
  readonly met: Int32Array;
  /** Per tree: the level it has come to. */
  readonly level: Uint16Array;

  /** The trees still on their way. */
  readonly #moving: Uint16Array;
  /** The sum of what was fetched: as long as it is kept, no compiler leaves the reading out. */
  readonly #fetched = new Float64Array(1);

  constructor(readonly arena: Arena) {
    this.met = new Int32Array(arena.trees * arena.samples);
    this.level = new Uint16Array(arena.trees);
    this.#moving = new Uint16Array(arena.trees);
  }

  descend(point: Float64Array): void {
    const { root, child, cutOn, cutAt, trees } = this.arena;
    const { met, level: levels } = this;
    const moving = this.#moving;
    let count = 0;
    for (let tree = 0; tree < trees; tree++) {
      met[tree] = root[tree]!;
      levels[tree] = 0;
      moving[count] = tree;
      count += +(root[tree]! >= 0);
    }
    for (let level = 1, row = trees; count > 0; level++, row += trees) {
      const movers = count;
      count = 0;
      for (let i = 0; i < movers; i++) {
        const tree = moving[i]!;
        const node = met[row - trees + tree]!;
        const reference = child[2 * node + +(point[cutOn[node]!]! > cutAt[node]!)]!;
        met[row + tree] = reference;
        levels[tree] = level;
        moving[count] = tree;
        count += +(reference >= 0);
      }
    }
  }

  /**
   * Reads one value of each cache line of the boxes just above the leaves. As nothing waits for what is read, memory
   * delivers dozens of lines at a time; the climb finds them at hand, where it would have waited for one after another.
   */
  fetchLowNodes(): void {
    const { trees, size, reach } = this.arena;
    const { met } = this;
    let sum = 0;
    for (let tree = 0; tree < trees; tree++) {
      const leafLevel = this.level[tree]!;
      for (let level = Math.max(0, leafLevel - LOW_NODES); level < leafLevel; level++) {
        const first = 2 * size * met[level * trees + tree]!;
        const last = first + 2 * size - 1;
        for (let at = first; at < last; at += CACHE_LINE) sum += reach[at]!;
        sum += reach[last]!;
      }
    }
    this.#fetched[0] = sum;
  }
}
