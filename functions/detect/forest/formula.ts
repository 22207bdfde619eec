/**
 * The scoring formulas, one line each. `kda` is what the SQL function answered (its recorded answers on the public
 * Numenta Anomaly Benchmark tell it apart from the library wherever values repeat); `rcf` is the open-source library:
 * repeats damped, log2(mass + 1) throughout.
 * d = depth of the leaf, root = 0; m = points at the leaf; M = points in the tree; n = samples a tree keeps.
 */
import { binaryLog } from "./logarithm";
import { PARAMETER_LIMITS, type Mode } from "./parameters";

/** log2 of every mass that a tree can have, and one more. */
const LOG2 = Float64Array.from({ length: PARAMETER_LIMITS.samples[1] + 2 }, (_, mass) => binaryLog(Math.max(1, mass)));

/** The walk's start at a leaf that equals the point; the walk ends there too. */
export function scoreAtEqual(mode: Mode, d: number, m: number, M: number): number {
  if (mode === "rcf") return (1 - m / (2 * M)) / (d + LOG2[m + 1]!);
  return d === 0 ? 1 / (m + 1) : 1 / (d + LOG2[m]!);
}

/** The walk's start at any other leaf. */
export const scoreAtOther = (d: number): number => 1 / (d + 1);

/** Chance that a random cut of a box, widened by `growth` to hold the point, parts the two. */
export const cutChance = (growth: number, span: number): number => growth / (span + growth);

/** One step up, to an ancestor that the point parts from with chance `q`, where `there` = scoreAtOther of its depth. */
export const scoreAbove = (score: number, q: number, there: number): number => q * there + (1 - q) * score;

/** What a tree's walk is multiplied by, so that 1 means as deep as in a balanced tree. */
export const treeFactor = (mode: Mode, M: number, n: number): number => LOG2[mode === "rcf" ? M + 1 : n]!;

/** Points that a forest learns before it answers anything but 0. */
export const warmUp = (mode: Mode, n: number): number => (mode === "kda" ? n : Math.floor(n / 4));
