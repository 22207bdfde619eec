/**
 * Random numbers that are a function of (seed, tree, sequence): nothing is carried from one draw to the next, so a
 * replay draws the same, trees may be visited in any order, and a snapshot needs no generator state.
 */

const GOLDEN = 0x9e3779b9;
const CUTS = 0x5bd1e995;

/** A bijection of 32-bit words in which each input bit flips about half of the output bits (multipliers: lowbias32). */
function mix(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

const mixInteger = (value: number, salt: number): number =>
  mix((value >>> 0) ^ mix((Math.floor(value / 0x1_0000_0000) + salt) | 0));

/** The part of every draw of one sequence number that all trees share; made once per update. */
export const sequenceKey = (sequence: number): number => mixInteger(sequence, GOLDEN);

/** One key per tree. */
export function treeKeys(seed: number, trees: number): Uint32Array {
  const base = mixInteger(seed, CUTS);
  return Uint32Array.from({ length: trees }, (_, tree) => mix(base + Math.imul(tree + 1, GOLDEN)));
}

/** The leading 32 bits of a tree's lot for a sequence number; the lower, the likelier the point is kept. */
export const lotOf = (treeKey: number, key: number): number => mix(treeKey ^ key);

/** The lot as a number in (0, 1): `lot` gives its leading bits, 32 more follow. */
export const uniformLot = (lot: number, key: number): number =>
  (lot + (mix((lot ^ key) + GOLDEN) + 0.5) / 0x1_0000_0000) / 0x1_0000_0000;

/** The uniform numbers in [0, 1) that place one point's cuts in one tree. */
export class CutDraws {
  #state = 0;

  start(treeKey: number, key: number): void {
    this.#state = mix(treeKey ^ key ^ CUTS) | 0;
  }

  next(): number {
    const high = mix((this.#state = (this.#state + GOLDEN) | 0)) >>> 5;
    const low = mix((this.#state = (this.#state + GOLDEN) | 0)) >>> 6;
    return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
  }
}
