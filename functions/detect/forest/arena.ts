/**
 * All trees of one forest as one struct of arrays: allocated once, never grown, nothing else is created while a stream
 * runs. A reference is a node when >= 0 and a leaf, as ~leaf, when negative. Slots belong to a tree for good.
 */

/** The root of a tree that holds no point. */
export const EMPTY = -0x8000_0000;

/** Coordinates up to this size; the sums of their differences stay finite. */
export const LARGEST_VALUE = 1e300;

export class Arena {
  /** Per tree: reference of the root, or EMPTY. */
  readonly root: Int32Array;

  /** Per node: references of the left and right child, side by side. A point goes left iff `point[cutOn] <= cutAt`. */
  readonly child: Int32Array;
  readonly cutOn: Uint16Array;
  readonly cutAt: Float64Array;
  /** Per node: points below it, repeats counted. */
  readonly mass: Uint16Array;
  /** Per node: how far its points reach down (-min) and up (max) in coordinate 0, in coordinate 1, ... */
  readonly reach: Float64Array;
  /** Per node: sum of the side lengths of its points' box. */
  readonly span: Float64Array;

  /** Per leaf: its coordinates, and how many equal points it stands for. */
  readonly point: Float64Array;
  readonly copies: Uint16Array;

  /** The references met on the last descent, root first, the leaf last. */
  readonly path: Int32Array;

  readonly #freeNodes: Uint16Array;
  readonly #freeLeaves: Uint16Array;
  readonly #nodesFree: Uint16Array;
  readonly #leavesFree: Uint16Array;

  /** @param size coordinates of a point */
  constructor(
    readonly trees: number,
    readonly samples: number,
    readonly size: number,
  ) {
    const nodes = trees * (samples - 1);
    const leaves = trees * samples;
    this.root = new Int32Array(trees).fill(EMPTY);
    this.child = new Int32Array(2 * nodes);
    this.cutOn = new Uint16Array(nodes);
    this.cutAt = new Float64Array(nodes);
    this.mass = new Uint16Array(nodes);
    this.reach = new Float64Array(2 * size * nodes);
    this.span = new Float64Array(nodes);
    this.point = new Float64Array(size * leaves);
    this.copies = new Uint16Array(leaves);
    this.path = new Int32Array(samples);
    this.#freeNodes = countdowns(trees, samples - 1);
    this.#freeLeaves = countdowns(trees, samples);
    this.#nodesFree = new Uint16Array(trees).fill(samples - 1);
    this.#leavesFree = new Uint16Array(trees).fill(samples);
  }

  takeNode(tree: number): number {
    const base = tree * (this.samples - 1);
    return base + this.#freeNodes[base + --this.#nodesFree[tree]!]!;
  }

  freeNode(tree: number, node: number): void {
    const base = tree * (this.samples - 1);
    this.#freeNodes[base + this.#nodesFree[tree]!++] = node - base;
  }

  takeLeaf(tree: number, point: Float64Array): number {
    const base = tree * this.samples;
    const leaf = base + this.#freeLeaves[base + --this.#leavesFree[tree]!]!;
    this.point.set(point, leaf * this.size);
    this.copies[leaf] = 1;
    return leaf;
  }

  freeLeaf(tree: number, leaf: number): void {
    const base = tree * this.samples;
    this.#freeLeaves[base + this.#leavesFree[tree]!++] = leaf - base;
  }

  massOf(reference: number): number {
    return reference >= 0 ? this.mass[reference]! : this.copies[~reference]!;
  }

  /** Walks from a tree's root to the leaf where a point belongs, filling `path`; returns the leaf's depth. */
  descend(tree: number, coordinates: Float64Array, offset = 0): number {
    const { path, child, cutOn, cutAt } = this;
    let reference = this.root[tree]!;
    let depth = 0;
    for (; reference >= 0; depth++) {
      path[depth] = reference;
      const right = +(coordinates[offset + cutOn[reference]!]! > cutAt[reference]!);
      reference = child[2 * reference + right]!;
    }
    path[depth] = reference;
    return depth;
  }

  /** The leaf that holds a point; null where none does. */
  find(tree: number, point: Float64Array): number | null {
    if (this.root[tree] === EMPTY) return null;
    const leaf = ~this.path[this.descend(tree, point)]!;
    return this.isAt(leaf, point) ? leaf : null;
  }

  isAt(leaf: number, point: Float64Array): boolean {
    const { size, point: points } = this;
    for (let i = 0, at = leaf * size; i < size; i++, at++) if (points[at] !== point[i]) return false;
    return true;
  }

  replaceChild(node: number, from: number, to: number): void {
    this.child[2 * node + (this.child[2 * node] === from ? 0 : 1)] = to;
  }

  /** How far a node or leaf reaches in a direction: 2i is down (-min), 2i + 1 is up (max) in coordinate i. */
  reachOf(reference: number, direction: number): number {
    if (reference >= 0) return this.reach[2 * this.size * reference + direction]!;
    return reachOfPoint(this.point, this.size * ~reference, direction);
  }

  /** Makes a node's reach and span those of its two children. */
  joinChildren(node: number): void {
    const { size, reach, child } = this;
    const left = child[2 * node]!;
    const right = child[2 * node + 1]!;
    for (let direction = 0; direction < 2 * size; direction++)
      reach[2 * size * node + direction] = Math.max(this.reachOf(left, direction), this.reachOf(right, direction));
    this.measureSpan(node);
  }

  /** Always summed anew and in the same order: a span is a function of the points, whatever the tree went through. */
  measureSpan(node: number): void {
    const { size, reach } = this;
    const end = 2 * size * (node + 1);
    let span = 0;
    for (let down = 2 * size * node; down < end; down += 2) span += reach[down]! + reach[down + 1]!;
    this.span[node] = span;
  }
}

/** How far the point whose coordinates begin at `offset` reaches in a direction; without a branch to mispredict. */
export const reachOfPoint = (coordinates: Float64Array, offset: number, direction: number): number =>
  (2 * (direction & 1) - 1) * coordinates[offset + (direction >> 1)]!;

/** One stack of free slots per tree; the lowest slot is taken first. */
function countdowns(trees: number, slots: number): Uint16Array {
  const stacks = new Uint16Array(trees * slots);
  for (let at = 0, tree = 0; tree < trees; tree++) for (let slot = slots - 1; slot >= 0; slot--) stacks[at++] = slot;
  return stacks;
}
