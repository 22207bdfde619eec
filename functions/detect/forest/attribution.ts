/**
 * Why a point scores as it does: the score's walk with one number per direction instead of one number, so that each
 * coordinate's part, upwards and downwards, adds up to the score.
 */
import { EMPTY, type Arena } from "./arena";
import { scoreAtEqual, scoreAtOther, treeFactor } from "./formula";
import type { Mode } from "./parameters";

/** One column's part in a score. */
export interface ColumnAttribution {
  readonly column: number;
  /** The value scored; `guessed` when it was missing and the forest filled it in. */
  readonly value: number;
  readonly guessed: boolean;
  /** The part of the score owed to lying above, and below, what the forest holds. */
  readonly high: number;
  readonly low: number;
  /** The larger part; "neither" when they are equal, as for a value the forest holds itself. */
  readonly direction: "high" | "low" | "neither";
  /** How one-sided the column is: |high - low| / (high + low), 0..1. Our own measure: the SQL function's is unpublished. */
  readonly strength: number;
  /** Median of the column's last observed values, and how far the value lies above it; null before the first one. */
  readonly median: number | null;
  readonly difference: number | null;
}

/** The parts of all columns add up to the score (within rounding, 1e-9). */
export interface Attribution {
  readonly score: number;
  readonly columns: readonly ColumnAttribution[];
}

/** Of the two parts of one column: which is larger, and by how much of their sum. */
export function compareParts(high: number, low: number): Pick<ColumnAttribution, "direction" | "strength"> {
  const sum = high + low;
  const strength = sum > 0 ? Math.abs(high - low) / sum : 0;
  return { direction: high > low ? "high" : high < low ? "low" : "neither", strength };
}

/**
 * The parts of a point's score by direction: [low, high] of coordinate 0, of coordinate 1, ...
 */
export function attribute(arena: Arena, mode: Mode, point: Float64Array): Float64Array {
  const walk = new Walk(arena, mode, point);
  const parts = new Float64Array(2 * arena.size);
  for (let tree = 0; tree < arena.trees; tree++) {
    if (arena.root[tree] === EMPTY) continue;
    const factor = treeFactor(mode, arena.massOf(arena.root[tree]!), arena.samples) / arena.trees;
    const ofTree = walk.attribute(tree);
    for (let direction = 0; direction < parts.length; direction++) parts[direction]! += factor * ofTree[direction]!;
  }
  return parts;
}

class Walk {
  readonly #parts: Float64Array;
  readonly #gaps: Float64Array;
  readonly #shadow: Float64Array;

  constructor(
    readonly arena: Arena,
    readonly mode: Mode,
    readonly point: Float64Array,
  ) {
    this.#parts = new Float64Array(2 * arena.size);
    this.#gaps = new Float64Array(2 * arena.size);
    this.#shadow = new Float64Array(2 * arena.size);
  }

  attribute(tree: number): Float64Array {
    const { arena } = this;
    const depth = arena.descend(tree, this.point);
    const leaf = ~arena.path[depth]!;
    if (arena.isAt(leaf, this.point)) this.#attributeEqual(tree, depth, leaf);
    else this.#attributeOther(depth, leaf);
    return this.#parts;
  }

  #attributeOther(depth: number, leaf: number): void {
    const { arena } = this;
    const growth = this.#measureGaps((direction) => arena.reachOf(~leaf, direction));
    for (let j = 0; j < this.#parts.length; j++) this.#parts[j] = scoreAtOther(depth) * (this.#gaps[j]! / growth);
    for (let level = depth - 1; level >= 0; level--) {
      const node = arena.path[level]!;
      const growth = this.#measureGaps((direction) => arena.reachOf(node, direction));
      if (growth === 0) break;
      this.#climb(growth, arena.span[node]!, level);
    }
  }

  /**
   * A point that the tree holds itself has no gap to its leaf: it starts with even parts and climbs past the boxes of its
   * siblings alone, as if it were not there; then the parts are brought back to its score.
   */
  #attributeEqual(tree: number, depth: number, leaf: number): void {
    const { arena } = this;
    const score = scoreAtEqual(this.mode, depth, arena.copies[leaf]!, arena.massOf(arena.root[tree]!));
    const shadow = this.#shadow.fill(-Infinity);
    this.#parts.fill(score / this.#parts.length);
    for (let level = depth - 1; level >= 0; level--) {
      const [left, right] = [arena.child[2 * arena.path[level]!]!, arena.child[2 * arena.path[level]! + 1]!];
      const sibling = left === arena.path[level + 1] ? right : left;
      let span = 0;
      for (let j = 0; j < shadow.length; j++) {
        shadow[j] = Math.max(shadow[j]!, arena.reachOf(sibling, j));
        if (j % 2 === 1) span += shadow[j - 1]! + shadow[j]!;
      }
      const growth = this.#measureGaps((direction) => shadow[direction]!);
      if (growth === 0) break;
      this.#climb(growth, span, level);
    }
    const sum = this.#parts.reduce((total, part) => total + part, 0);
    for (let j = 0; j < this.#parts.length; j++) this.#parts[j]! *= score / sum;
  }

  /** How far the point exceeds a reach in each direction; returns the sum. */
  #measureGaps(reachOf: (direction: number) => number): number {
    let growth = 0;
    for (let j = 0; j < this.#gaps.length; j++) {
      const x = this.point[j >> 1]!;
      this.#gaps[j] = Math.max(0, (j % 2 === 1 ? x : -x) - reachOf(j));
      growth += this.#gaps[j]!;
    }
    return growth;
  }

  #climb(growth: number, span: number, level: number): void {
    const there = scoreAtOther(level);
    const staying = span / (span + growth);
    for (let j = 0; j < this.#parts.length; j++)
      this.#parts[j] = (this.#gaps[j]! / (span + growth)) * there + staying * this.#parts[j]!;
  }
}
