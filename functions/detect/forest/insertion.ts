/**
 * Adding a point to one random cut tree (Guha et al., "Robust Random Cut Forest Based Anomaly Detection On Streams",
 * ICML 2016), bottom-up: from the leaf where the point belongs towards the root, each subtree's box widened by the point
 * is cut once at random; the highest cut that parts the point from the box is where it comes in. One climb, and the tree
 * is distributed as if it had been built from the larger set.
 */
import { EMPTY, reachOfPoint, type Arena } from "./arena";
import type { CutDraws } from "./draws";

export class Insertion {
  /** The directions (2i down, 2i + 1 up) in which the point lies outside, and the reach it exceeds; none ever returns. */
  readonly #outside: Uint16Array;
  readonly #exceeded: Float64Array;
  #outsideCount = 0;

  #cutOn = 0;
  #cutAt = 0;

  constructor(
    readonly arena: Arena,
    readonly draws: CutDraws,
  ) {
    this.#outside = new Uint16Array(arena.size);
    this.#exceeded = new Float64Array(arena.size);
  }

  /** Adds a point and returns its leaf; `draws` must have been started for this tree and point. */
  insert(tree: number, point: Float64Array): number {
    const { arena } = this;
    if (arena.root[tree] === EMPTY) {
      const leaf = arena.takeLeaf(tree, point);
      arena.root[tree] = ~leaf;
      return leaf;
    }
    const depth = arena.descend(tree, point);
    const met = ~arena.path[depth]!;
    const growth = this.#leaveLeaf(met, point);
    if (this.#outsideCount === 0) {
      arena.copies[met]!++;
      this.#addMass(depth);
      return met;
    }
    this.#cut(this.draws.next() * growth, point);
    const place = this.#climb(depth, point);
    const leaf = this.#partFrom(tree, place, point);
    this.#leaveLeaf(met, point);
    for (let level = place - 1; level >= 0 && this.#extend(arena.path[level]!, point); level--);
    return leaf;
  }

  /** How far up `path` the point parts from what is below; that cut is left in #cutOn and #cutAt. */
  #climb(depth: number, point: Float64Array): number {
    const { arena, draws } = this;
    let place = depth;
    for (let level = depth - 1; level >= 0; level--) {
      const node = arena.path[level]!;
      const growth = this.#leaveNode(node, point);
      if (this.#outsideCount === 0) break;
      const drawn = draws.next() * (arena.span[node]! + growth);
      if (drawn >= growth) continue;
      this.#cut(drawn, point);
      place = level;
    }
    return place;
  }

  /** Notes the gaps between a leaf and the point; returns their sum. */
  #leaveLeaf(leaf: number, point: Float64Array): number {
    const { size, point: points } = this.arena;
    const outside = this.#outside;
    const exceeded = this.#exceeded;
    let growth = 0;
    let count = 0;
    for (let i = 0; i < size; i++) {
      const own = points[size * leaf + i]!;
      const ahead = point[i]! - own;
      growth += Math.abs(ahead);
      outside[count] = 2 * i + +(ahead > 0);
      exceeded[count] = ahead > 0 ? own : -own;
      count += +(ahead !== 0);
    }
    this.#outsideCount = count;
    return growth;
  }

  /** Keeps the directions in which the point lies outside a node as well; returns the sum of its gaps there. */
  #leaveNode(node: number, point: Float64Array): number {
    const { size, reach } = this.arena;
    const outside = this.#outside;
    const exceeded = this.#exceeded;
    const candidates = this.#outsideCount;
    let twiceGrowth = 0;
    let count = 0;
    for (let j = 0; j < candidates; j++) {
      const direction = outside[j]!;
      const own = reach[2 * size * node + direction]!;
      const gap = reachOfPoint(point, 0, direction) - own;
      twiceGrowth += gap + Math.abs(gap);
      outside[count] = direction;
      exceeded[count] = own;
      count += +(gap > 0);
    }
    this.#outsideCount = count;
    return twiceGrowth / 2;
  }

  /** Cuts at a distance along the gaps laid end to end. Where rounding reaches a gap's end, its start parts as well. */
  #cut(distance: number, point: Float64Array): void {
    let rest = distance;
    let at = 0;
    for (; at < this.#outsideCount - 1; at++) {
      const gap = reachOfPoint(point, 0, this.#outside[at]!) - this.#exceeded[at]!;
      if (rest < gap) break;
      rest -= gap;
    }
    const direction = this.#outside[at]!;
    const upwards = (direction & 1) === 1;
    this.#cutOn = direction >> 1;
    const start = upwards ? this.#exceeded[at]! : point[this.#cutOn]!;
    const end = upwards ? point[this.#cutOn]! : -this.#exceeded[at]!;
    this.#cutAt = start + rest < end ? start + rest : start;
  }

  /** Puts a new node above `path[place]`, parting a new leaf from it; returns the leaf. */
  #partFrom(tree: number, place: number, point: Float64Array): number {
    const { arena } = this;
    const { child, path } = arena;
    const below = path[place]!;
    const node = arena.takeNode(tree);
    const leaf = arena.takeLeaf(tree, point);
    const right = point[this.#cutOn]! > this.#cutAt ? 1 : 0;
    child[2 * node + right] = ~leaf;
    child[2 * node + 1 - right] = below;
    arena.cutOn[node] = this.#cutOn;
    arena.cutAt[node] = this.#cutAt;
    arena.mass[node] = arena.massOf(below) + 1;
    arena.joinChildren(node);
    if (place === 0) arena.root[tree] = node;
    else arena.replaceChild(path[place - 1]!, below, node);
    this.#addMass(place);
    return leaf;
  }

  /** Widens a node's reach to the point; says whether it had to. */
  #extend(node: number, point: Float64Array): boolean {
    const { arena } = this;
    this.#leaveNode(node, point);
    for (let j = 0; j < this.#outsideCount; j++) {
      const direction = this.#outside[j]!;
      arena.reach[2 * arena.size * node + direction] = reachOfPoint(point, 0, direction);
    }
    if (this.#outsideCount > 0) arena.measureSpan(node);
    return this.#outsideCount > 0;
  }

  #addMass(levels: number): void {
    const { mass, path } = this.arena;
    for (let level = 0; level < levels; level++) mass[path[level]!]!++;
  }
}
