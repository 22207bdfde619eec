/**
 * The score of the Numenta Anomaly Benchmark for one series, from its published definition (numenta/NAB, MIT: README,
 * "Evaluating Real-time Anomaly Detection Algorithms", 2015). For the tests only.
 */

export interface Profile {
  readonly tpWeight: number;
  readonly fpWeight: number;
  readonly fnWeight: number;
}

/** Rows of a labelled window, both ends included. */
export type Window = readonly [first: number, last: number];

/** Recorded scores are rounded to twelve digits. */
const ROUNDING = 1e-11;

export interface Standing {
  readonly score: number;
  /** Rows at or above the threshold inside windows, and outside. */
  readonly truePositives: number;
  readonly falsePositives: number;
}

export function standingOf(
  scores: readonly number[],
  windows: readonly Window[],
  threshold: number,
  { tpWeight, fpWeight, fnWeight }: Profile,
): Standing {
  const probation = Math.min(Math.floor(0.15 * scores.length), 750);
  const best = windows.map(() => -fnWeight);
  let [score, truePositives, falsePositives] = [0, 0, 0];
  scores.forEach((value, row) => {
    if (row < probation || value < threshold - ROUNDING) return;
    const inside = windows.findIndex(([first, last]) => first <= row && row <= last);
    if (inside >= 0) {
      const [first, last] = windows[inside]!;
      const worth = (tpWeight * sigmoid(-(last - row + 1) / (last - first + 1))) / sigmoid(-1);
      best[inside] = Math.max(best[inside]!, worth);
      truePositives++;
    } else {
      const before = windows.findLast(([, last]) => last < row);
      score += fpWeight * (before === undefined ? -1 : sigmoid((row - before[1]) / (before[1] - before[0])));
      falsePositives++;
    }
  });
  return { score: best.reduce((sum, worth) => sum + worth, score), truePositives, falsePositives };
}

/** 100 for every window found at its first row and nothing else, 0 for silence. */
export function normalise(score: number, windows: number, { tpWeight, fnWeight }: Profile): number {
  const [silent, perfect] = [-fnWeight * windows, tpWeight * windows];
  return (100 * (score - silent)) / (perfect - silent);
}

const sigmoid = (x: number): number => (x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1);
