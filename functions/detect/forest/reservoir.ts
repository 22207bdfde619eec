/**
 * Which points each tree keeps: per tree an independent weighted reservoir (Efraimidis and Spirakis, "Weighted random
 * sampling with a reservoir", 2006) in which a point's weight falls by e over `timeDecay` later ones. A kept point ranks
 * ln(-ln u) - sequence / timeDecay with u uniform; the lowest ranks stay. u is a function of (seed, tree, sequence):
 * ranks need not be stored.
 */
import { lotOf, sequenceKey, treeKeys, uniformLot } from "./draws";
import { exponentialOf, naturalLog } from "./logarithm";
import type { ForestParameters } from "./parameters";

export class Reservoir {
  readonly samples: number;
  readonly keys: Uint32Array;

  /** Per tree: how many points it keeps; then a heap of them, the highest rank first. */
  readonly held: Uint16Array;
  readonly rank: Float64Array;
  readonly sequence: Float64Array;
  readonly leaf: Int32Array;

  /** Per tree: lots above it are refused without computing their rank; valid below the horizon. */
  readonly #limit: Float64Array;
  readonly #decay: number;
  readonly #stride: number;
  #horizon = 0;

  constructor({ trees, samples, timeDecay, seed }: ForestParameters) {
    this.samples = samples;
    this.keys = treeKeys(seed, trees);
    this.held = new Uint16Array(trees);
    this.rank = new Float64Array(trees * samples);
    this.sequence = new Float64Array(trees * samples);
    this.leaf = new Int32Array(trees * samples);
    this.#limit = new Float64Array(trees);
    this.#decay = timeDecay;
    this.#stride = Math.max(1, Math.floor(timeDecay / 64));
  }

  isFull(tree: number): boolean {
    return this.held[tree] === this.samples;
  }

  #rankOf(lot: number, key: number, sequence: number): number {
    return naturalLog(exponentialOf(uniformLot(lot, key))) - sequence / this.#decay;
  }

  /** The rank of a heap's entry; a restored one (NaN) is computed when first asked for, which for most is never. */
  #rankAt(entry: number): number {
    const rank = this.rank[entry]!;
    if (rank === rank) return rank;
    const sequence = this.sequence[entry]!;
    const key = sequenceKey(sequence);
    const tree = Math.floor(entry / this.samples);
    return (this.rank[entry] = this.#rankOf(lotOf(this.keys[tree]!, key), key, sequence));
  }

  /** Call once per sequence number, before `admits`. Weights only rise with time, so a limit for later serves now. */
  advanceTo(sequence: number): void {
    if (sequence < this.#horizon) return;
    this.#horizon = sequence + this.#stride;
    for (let tree = 0; tree < this.held.length; tree++) this.#setLimit(tree);
  }

  /** Whether a tree keeps the point of this sequence number: always while it is not full, else by lot. */
  admits(tree: number, sequence: number, key: number): boolean {
    if (!this.isFull(tree)) return true;
    const lot = lotOf(this.keys[tree]!, key);
    return lot <= this.#limit[tree]! && this.#rankOf(lot, key, sequence) < this.#rankAt(tree * this.samples);
  }

  /** The leaf of the point that a full tree gives up next. */
  nextOut(tree: number): number {
    return this.leaf[tree * this.samples]!;
  }

  /** Keeps a point; a full tree gives up the one of `nextOut`. */
  keep(tree: number, sequence: number, key: number, leaf: number): void {
    if (this.isFull(tree)) this.drop(tree, 0);
    const rank = this.#rankOf(lotOf(this.keys[tree]!, key), key, sequence);
    this.#rise(tree, this.held[tree]!++, rank, sequence, leaf);
    if (this.isFull(tree)) this.#setLimit(tree);
  }

  /** Gives up the point at a place of the heap. */
  drop(tree: number, place: number): void {
    const base = tree * this.samples;
    const last = base + --this.held[tree]!;
    const [rank, sequence, leaf] = [this.#rankAt(last), this.sequence[last]!, this.leaf[last]!];
    const hole = this.#sink(tree, place, rank, sequence);
    this.#rise(tree, hole, rank, sequence, leaf);
  }

  /** The place of the latest point that stands at a leaf. */
  latestAt(tree: number, leaf: number): number {
    const base = tree * this.samples;
    let latest = -1;
    for (let place = 0; place < this.held[tree]!; place++)
      if (
        this.leaf[base + place] === leaf &&
        (latest < 0 || this.sequence[base + place]! > this.sequence[base + latest]!)
      )
        latest = place;
    return latest;
  }

  /** Appends a point to a tree's heap, in the order in which the heap was written out. */
  restore(tree: number, sequence: number, leaf: number): void {
    this.#write(tree * this.samples + this.held[tree]!++, NaN, sequence, leaf);
  }

  /** Moves the hole at `place` down to where an entry of this rank may stand. */
  #sink(tree: number, place: number, rank: number, sequence: number): number {
    const base = tree * this.samples;
    const held = this.held[tree]!;
    let hole = place;
    for (let next = 2 * hole + 1; next < held; next = 2 * hole + 1) {
      if (next + 1 < held && this.#outranks(base + next + 1, this.#rankAt(base + next), this.sequence[base + next]!))
        next++;
      if (!this.#outranks(base + next, rank, sequence)) break;
      this.#move(base + next, base + hole);
      hole = next;
    }
    return hole;
  }

  /** Writes an entry into the hole at `place`, or higher if its rank demands. */
  #rise(tree: number, place: number, rank: number, sequence: number, leaf: number): void {
    const base = tree * this.samples;
    let hole = place;
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      if (this.#outranks(base + above, rank, sequence)) break;
      this.#move(base + above, base + hole);
      hole = above;
    }
    this.#write(base + hole, rank, sequence, leaf);
  }

  #write(entry: number, rank: number, sequence: number, leaf: number): void {
    this.rank[entry] = rank;
    this.sequence[entry] = sequence;
    this.leaf[entry] = leaf;
  }

  /** Equal ranks fall back on the sequence number: the order is total, so a restored heap gives up the same points. */
  #outranks(entry: number, rank: number, sequence: number): boolean {
    const own = this.#rankAt(entry);
    return own > rank || (own === rank && this.sequence[entry]! > sequence);
  }

  #move(from: number, to: number): void {
    this.#write(to, this.rank[from]!, this.sequence[from]!, this.leaf[from]!);
  }

  /** Chance of a rank below the tree's highest at the horizon, a little widened: refusing too little costs only time. */
  #setLimit(tree: number): void {
    const highest = this.#rankAt(tree * this.samples) + this.#horizon / this.#decay;
    const chance = -Math.expm1(-Math.exp(highest)) * 1.000001;
    this.#limit[tree] = Math.ceil(Math.min(1, chance) * 0x1_0000_0000);
  }
}
