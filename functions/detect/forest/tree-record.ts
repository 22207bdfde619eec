/**
 * One tree in a snapshot: its cuts in preorder, its leaves from left to right, and for each sample its leaf and its age.
 */
import { LARGEST_VALUE, type Arena } from "./arena";
import type { ByteReader, ByteWriter } from "./bytes";
import type { Reservoir } from "./reservoir";
import type { ForestState } from "./state";

export class TreeWriter {
  readonly #arena: Arena;
  readonly #reservoir: Reservoir;
  /** Leaves from left to right, and each leaf's number in that order. */
  readonly #leaves: Int32Array;
  readonly #order: Uint16Array;
  #leafCount = 0;

  constructor(
    readonly state: ForestState,
    readonly writer: ByteWriter,
  ) {
    this.#arena = state.arena;
    this.#reservoir = state.reservoir;
    this.#leaves = new Int32Array(state.arena.samples);
    this.#order = new Uint16Array(state.arena.samples);
  }

  write(tree: number): void {
    const { writer } = this;
    const { samples, size, point } = this.#arena;
    const { held, leaf, sequence } = this.#reservoir;
    const start = writer.at;
    writer.at += 4;
    this.#leafCount = 0;
    if (held[tree]! > 0) this.#writeCuts(this.#arena.root[tree]!);
    const end = writer.at;
    writer.at = start;
    writer.u16(held[tree]!);
    writer.u16(this.#leafCount);
    writer.at = end;

    for (let order = 0; order < this.#leafCount; order++) {
      const at = this.#leaves[order]!;
      this.#order[at - tree * samples] = order;
      for (let i = 0; i < size; i++) writer.f64(point[size * at + i]!);
    }
    for (let place = tree * samples; place < tree * samples + held[tree]!; place++) {
      writer.varint(this.#order[leaf[place]! - tree * samples]!);
      writer.varint(this.state.learned - 1 - sequence[place]!);
    }
  }

  #writeCuts(reference: number): void {
    if (reference < 0) {
      this.#leaves[this.#leafCount++] = ~reference;
      return;
    }
    const { size, cutOn, cutAt, child } = this.#arena;
    if (size > 1) this.writer.u16(cutOn[reference]!);
    this.writer.f64(cutAt[reference]!);
    this.#writeCuts(child[2 * reference]!);
    this.#writeCuts(child[2 * reference + 1]!);
  }
}

export class TreeReader {
  readonly #arena: Arena;
  readonly #reservoir: Reservoir;
  readonly #cutOn: Uint16Array;
  readonly #cutAt: Float64Array;
  readonly #point: Float64Array;
  #tree = 0;
  #nextCut = 0;

  constructor(
    readonly state: ForestState,
    readonly reader: ByteReader,
  ) {
    this.#arena = state.arena;
    this.#reservoir = state.reservoir;
    this.#cutOn = new Uint16Array(state.arena.samples);
    this.#cutAt = new Float64Array(state.arena.samples);
    this.#point = new Float64Array(state.arena.size);
  }

  /** Restores a tree and its reservoir; false when the record does not describe one. */
  read(tree: number): boolean {
    const { reader } = this;
    const held = reader.u16();
    const leaves = reader.u16();
    if (held > Math.min(this.#arena.samples, this.state.learned) || leaves > held) return false;
    if (leaves === 0) return held === 0;
    for (let cut = 0; cut < leaves - 1; cut++) {
      this.#cutOn[cut] = this.#arena.size > 1 ? reader.u16() : 0;
      this.#cutAt[cut] = reader.f64();
    }
    if (!this.#readLeaves(tree, leaves) || !this.#readSamples(tree, held, leaves)) return false;
    this.#tree = tree;
    this.#nextCut = 0;
    const root = this.#build(0, leaves);
    if (root !== null) this.#arena.root[tree] = root;
    return root !== null;
  }

  #readLeaves(tree: number, leaves: number): boolean {
    const { size, copies } = this.#arena;
    for (let order = 0; order < leaves; order++) {
      for (let i = 0; i < size; i++) {
        const value = this.reader.f64();
        if (!(Math.abs(value) <= LARGEST_VALUE)) return false;
        this.#point[i] = value;
      }
      copies[this.#arena.takeLeaf(tree, this.#point)] = 0;
    }
    return true;
  }

  #readSamples(tree: number, held: number, leaves: number): boolean {
    const { samples, copies } = this.#arena;
    for (let place = 0; place < held; place++) {
      const order = this.reader.varint();
      const sequence = this.state.learned - 1 - this.reader.varint();
      if (!(order < leaves && sequence >= 0)) return false; // also when a forged number overflows
      this.#reservoir.restore(tree, sequence, tree * samples + order);
      copies[tree * samples + order]!++;
    }
    for (let order = 0; order < leaves; order++) if (copies[tree * samples + order] === 0) return false;
    return true;
  }

  /** The reference of the subtree over these leaves; null when its cuts do not part them. */
  #build(from: number, to: number): number | null {
    const arena = this.#arena;
    const { size, point } = arena;
    const base = this.#tree * arena.samples;
    if (to - from === 1) return ~(base + from);
    const on = this.#cutOn[this.#nextCut]!;
    const at = this.#cutAt[this.#nextCut++]!;
    let middle = from;
    while (middle < to && point[size * (base + middle) + on]! <= at) middle++;
    if (on >= size || middle === from || middle === to) return null;

    const node = arena.takeNode(this.#tree);
    const left = this.#build(from, middle);
    const right = left === null ? null : this.#build(middle, to);
    if (left === null || right === null || -arena.reachOf(right, 2 * on) <= at) return null;
    arena.cutOn[node] = on;
    arena.cutAt[node] = at;
    arena.child[2 * node] = left;
    arena.child[2 * node + 1] = right;
    arena.mass[node] = arena.massOf(left) + arena.massOf(right);
    arena.joinChildren(node);
    return node;
  }
}
