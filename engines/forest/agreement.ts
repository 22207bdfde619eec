/** How far two runs of scores agree: row by row, and as distributions. */
import { correlation, medianOf } from "../../functions/detect/forest/test-streams";

export interface Agreement {
  readonly correlation: number;
  /** Of the ratio of the two scores of a row. */
  readonly medianRatio: number;
  /** Ratios of the quantiles of the two distributions. */
  readonly quantileRatios: Readonly<Record<"50 %" | "90 %" | "99 %", number>>;
}

export function agreementOf(ours: readonly number[], theirs: readonly number[]): Agreement {
  const quantile = (share: number): number => quantileOf(ours, share) / quantileOf(theirs, share);
  return {
    correlation: correlation(ours, theirs),
    medianRatio: medianOf(ours.map((score, row) => score / (theirs[row] ?? Number.NaN))),
    quantileRatios: { "50 %": quantile(0.5), "90 %": quantile(0.9), "99 %": quantile(0.99) },
  };
}

function quantileOf(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.floor(share * values.length)] ?? Number.NaN;
}

/** Row by row the mean of several runs, in which the chance of a single forest evens out. */
export function meanOfRuns(runs: readonly (readonly number[])[]): number[] {
  return (runs[0] ?? []).map((_, row) => runs.reduce((sum, run) => sum + (run[row] ?? Number.NaN), 0) / runs.length);
}
