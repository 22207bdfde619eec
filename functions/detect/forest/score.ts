/**
 * The anomaly score of a point: in each tree down to the leaf where the point belongs, then back up as long as the point
 * lies outside the boxes met; boxes of several coordinates by all trees together. Nothing is allocated.
 */
import { EMPTY, type Arena } from "./arena";
import { Descent } from "./descent";
import { cutChance, scoreAbove, scoreAtEqual, scoreAtOther, treeFactor } from "./formula";
import type { Mode } from "./parameters";

export class Scoring {
  /** How far the point reaches in each direction: down (-x) and up (x) in coordinate 0, in coordinate 1, ... */
  readonly #reached: Float64Array;

  /** The references met on the way down, and per tree the level it is at. */
  readonly #descent: Descent;
  readonly #met: Int32Array;
  readonly #level: Uint16Array;
  /** Per tree: its score so far. */
  readonly #score: Float64Array;
  /** The trees still on their way up. */
  readonly #moving: Uint16Array;

  /** Per tree: the directions in which the point lies outside all that was met; going up, none ever returns. */
  readonly #outside: Uint16Array;
  readonly #outsideCount: Uint16Array;

  /** Formula values by level. */
  readonly #atOther: Float64Array;

  constructor(
    readonly arena: Arena,
    readonly mode: Mode,
  ) {
    const { trees, samples, size } = arena;
    this.#reached = new Float64Array(2 * size);
    this.#descent = new Descent(arena);
    this.#met = this.#descent.met;
    this.#level = this.#descent.level;
    this.#score = new Float64Array(trees);
    this.#moving = new Uint16Array(trees);
    this.#outside = new Uint16Array(trees * size);
    this.#outsideCount = new Uint16Array(trees);
    this.#atOther = Float64Array.from({ length: samples }, (_, level) => scoreAtOther(level));
  }

  /** Mean over all trees; a tree without points counts 0. */
  score(point: Float64Array): number {
    const { trees, samples, size, root } = this.arena;
    this.#descent.descend(point);
    if (size === 1) this.#climbLines(point[0]!);
    else this.#climbBoxes(point);
    let sum = 0;
    for (let tree = 0; tree < trees; tree++)
      if (root[tree] !== EMPTY)
        sum += this.#score[tree]! * treeFactor(this.mode, this.arena.massOf(root[tree]!), samples);
    return sum / trees;
  }

  /** One coordinate leaves one direction, and two or three nodes to climb: tree by tree is fastest. */
  #climbLines(x: number): void {
    const { trees, root, point, reach, copies } = this.arena;
    const met = this.#met;
    const atOther = this.#atOther;
    for (let tree = 0; tree < trees; tree++) {
      if (root[tree] === EMPTY) continue;
      let level = this.#level[tree]!;
      const leaf = ~met[level * trees + tree]!;
      const own = point[leaf]!;
      if (x === own) {
        this.#score[tree] = this.#scoreAtEqual(tree, level, copies[leaf]!);
        continue;
      }
      const up = x > own ? 1 : 0;
      const reached = up === 1 ? x : -x;
      let score = atOther[level]!;
      while (--level >= 0) {
        const node = met[level * trees + tree]!;
        const growth = reached - reach[2 * node + up]!;
        if (growth <= 0) break;
        const q = cutChance(growth, reach[2 * node]! + reach[2 * node + 1]!);
        score = scoreAbove(score, q, atOther[level]!);
      }
      this.#score[tree] = score;
    }
  }

  #climbBoxes(point: Float64Array): void {
    for (let i = 0; i < point.length; i++) {
      this.#reached[2 * i] = -point[i]!;
      this.#reached[2 * i + 1] = point[i]!;
    }
    this.#descent.fetchLowNodes();
    let climbing = this.#leaveParents(this.#leaveLeaves(point), point);
    while (climbing > 0) climbing = this.#leaveNodes(climbing);
  }

  /** Starts each tree's score at its leaf, taken for another point; returns how many trees go on to climb. */
  #leaveLeaves(point: Float64Array): number {
    const { trees, root } = this.arena;
    let climbing = 0;
    for (let tree = 0; tree < trees; tree++) {
      if (root[tree] === EMPTY) continue;
      const level = this.#level[tree]!;
      this.#score[tree] = this.#atOther[level]!;
      if (level > 0) this.#moving[climbing++] = tree;
      else this.#settleEqual(tree, 0, point);
    }
    return climbing;
  }

  /** The first node up: in each coordinate the point lies outside in one direction or in none, and so it stays. */
  #leaveParents(climbing: number, point: Float64Array): number {
    const { trees, size, reach, span } = this.arena;
    const outside = this.#outside;
    const reached = this.#reached;
    let moving = 0;
    for (let i = 0; i < climbing; i++) {
      const tree = this.#moving[i]!;
      const level = this.#level[tree]! - 1;
      const node = this.#met[level * trees + tree]!;
      const first = size * tree;
      let kept = first;
      let twiceGrowth = 0;
      for (let down = 0, at = 2 * size * node; down < 2 * size; down += 2, at += 2) {
        const below = reached[down]! - reach[at]!;
        const above = reached[down + 1]! - reach[at + 1]!;
        twiceGrowth += below + Math.abs(below) + (above + Math.abs(above));
        outside[kept] = down + +(above > 0);
        kept += +(below > 0) | +(above > 0);
      }
      this.#moving[moving] = tree;
      moving += this.#rise(tree, level, cutChance(twiceGrowth / 2, span[node]!), kept - first);
      if (kept === first) this.#settleEqual(tree, level + 1, point);
    }
    return moving;
  }

  #leaveNodes(climbing: number): number {
    const { trees, size, reach, span } = this.arena;
    const outside = this.#outside;
    const reached = this.#reached;
    let moving = 0;
    for (let i = 0; i < climbing; i++) {
      const tree = this.#moving[i]!;
      const level = this.#level[tree]! - 1;
      const node = this.#met[level * trees + tree]!;
      const first = size * tree;
      const last = first + this.#outsideCount[tree]!;
      let kept = first;
      let twiceGrowth = 0;
      for (let j = first; j < last; j++) {
        const direction = outside[j]!;
        const gap = reached[direction]! - reach[2 * size * node + direction]!;
        twiceGrowth += gap + Math.abs(gap);
        outside[kept] = direction;
        kept += +(gap > 0);
      }
      this.#moving[moving] = tree;
      moving += this.#rise(tree, level, cutChance(twiceGrowth / 2, span[node]!), kept - first);
    }
    return moving;
  }

  /** Takes a tree up to a node; returns 1 if it goes on from there, else 0. */
  #rise(tree: number, level: number, q: number, outsideCount: number): number {
    this.#score[tree] = scoreAbove(this.#score[tree]!, q, this.#atOther[level]!);
    this.#level[tree] = level;
    this.#outsideCount[tree] = outsideCount;
    return +(outsideCount > 0) & +(level > 0);
  }

  /** Only a point inside every box can equal its leaf: for all others the leaf need not be read. */
  #settleEqual(tree: number, level: number, point: Float64Array): void {
    const leaf = ~this.#met[level * this.arena.trees + tree]!;
    if (this.arena.isAt(leaf, point)) this.#score[tree] = this.#scoreAtEqual(tree, level, this.arena.copies[leaf]!);
  }

  #scoreAtEqual(tree: number, level: number, copies: number): number {
    return scoreAtEqual(this.mode, level, copies, this.arena.massOf(this.arena.root[tree]!));
  }
}
