/**
 * Taking one point out of a random cut tree: its leaf stands for one point less, or goes and its sibling takes the
 * parent's place. The tree is then distributed as if the point had never been in it.
 */
import { EMPTY, reachOfPoint, type Arena } from "./arena";

export class Removal {
  /** The directions in which the removed point reached as far as all nodes so far: only there can they shrink. */
  readonly #attained: Uint16Array;
  #attainedCount = 0;

  constructor(readonly arena: Arena) {
    this.#attained = new Uint16Array(2 * arena.size);
  }

  remove(tree: number, leaf: number): void {
    const { arena } = this;
    const { child, path, mass, root } = arena;
    const depth = arena.descend(tree, arena.point, leaf * arena.size);
    for (let level = 0; level < depth; level++) mass[path[level]!]!--;
    if (--arena.copies[leaf]! > 0) return;

    arena.freeLeaf(tree, leaf);
    if (depth === 0) {
      root[tree] = EMPTY;
      return;
    }
    const parent = path[depth - 1]!;
    const sibling = child[2 * parent + (child[2 * parent] === ~leaf ? 1 : 0)]!;
    arena.freeNode(tree, parent);
    if (depth === 1) root[tree] = sibling;
    else arena.replaceChild(path[depth - 2]!, parent, sibling);

    this.#attainedCount = 2 * arena.size;
    for (let direction = 0; direction < this.#attainedCount; direction++) this.#attained[direction] = direction;
    for (let level = depth - 2; level >= 0 && this.#shrink(path[level]!, leaf); level--);
  }

  /** Draws a node's reach in to that of its children; says whether it changed. */
  #shrink(node: number, leaf: number): boolean {
    const { arena } = this;
    const { reach, child, point } = arena;
    const offset = arena.size * leaf;
    const row = 2 * arena.size * node;
    const attained = this.#attained;
    const left = child[2 * node]!;
    const right = child[2 * node + 1]!;
    let candidates = 0;
    for (let j = 0; j < this.#attainedCount; j++) {
      const direction = attained[j]!;
      attained[candidates] = direction;
      candidates += +(reach[row + direction] === reachOfPoint(point, offset, direction));
    }
    let shrunk = 0;
    for (let j = 0; j < candidates; j++) {
      const direction = attained[j]!;
      const rest = Math.max(arena.reachOf(left, direction), arena.reachOf(right, direction));
      attained[shrunk] = direction;
      shrunk += +(rest !== reach[row + direction]);
      reach[row + direction] = rest;
    }
    this.#attainedCount = shrunk;
    if (shrunk > 0) arena.measureSpan(node);
    return shrunk > 0;
  }
}
