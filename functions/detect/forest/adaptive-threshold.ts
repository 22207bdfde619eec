/**
 * A threshold that learns what scores are usual: the published thresholded variant of the Random Cut Forest
 * (aws/random-cut-forest-by-aws, Apache-2.0), for a series that is not transformed. Three running deviations, of the
 * scores, of their differences and of their gaps below the mean, forget exponentially. Pure: state in, state out.
 */

/** Mean and deviation of a series whose old values fade: sums of weights, of values and of squares. */
export interface Fading {
  readonly weight: number;
  readonly sum: number;
  readonly squares: number;
}

/** Plain numbers: JSON keeps it. */
export interface AdaptiveState {
  /** Scores learned. */
  readonly count: number;
  readonly last: number;
  readonly scores: Fading;
  readonly differences: Fading;
  readonly gaps: Fading;
}

export interface AdaptiveOptions {
  /** Scores after which one's weight has fallen by e: the forest's own. */
  readonly timeDecay: number;
  /** The forest's shingle: above 1, the differences of scores count as well. */
  readonly shingle: number;
}

export interface AdaptiveDecision {
  readonly rule: "adaptive";
  readonly fired: boolean;
  readonly score: number;
  readonly threshold: number;
  /** 0 (not fired) to 1: how far above the threshold, on the scale of the deviation. */
  readonly grade: number;
  /** What the threshold rests on: a constant for the first scores, then more and more the scores seen. */
  readonly basis: "initial" | "settling" | "settled";
  /** Mean and scaled deviation of the scores seen, which the threshold is made of. */
  readonly mean: number;
  readonly deviation: number;
}

const MINIMUM_SCORES = 10;
const INITIAL_THRESHOLD = 1.5;
const ABSOLUTE_THRESHOLD = 0.8;
const USUAL_MEAN = 0.9;
const Z_FACTOR = 3;
const HIGHEST_LEARNED = 2;
const DIFFERENCE_RATE = 0.01;
/** Scores of a constant series differ by rounding: no deviation is taken for smaller than this. */
const SMALLEST_DEVIATION = 1e-6;

const NOTHING: Fading = { weight: 0, sum: 0, squares: 0 };

export const FRESH_ADAPTIVE_STATE: AdaptiveState = {
  count: 0,
  last: 0,
  scores: NOTHING,
  differences: NOTHING,
  gaps: NOTHING,
};

/** Judges a score by those before it. */
export function decideAdaptive(state: AdaptiveState, score: number, options: AdaptiveOptions): AdaptiveDecision {
  const mean = meanOf(state.scores);
  const deviation = scaledDeviation(state, options.shingle);
  const settled = Math.min(1, Math.max(0, (state.count - MINIMUM_SCORES) / MINIMUM_SCORES));
  const initial = state.count < MINIMUM_SCORES;
  const absolute = initial || mean >= USUAL_MEAN ? ABSOLUTE_THRESHOLD : (ABSOLUTE_THRESHOLD * mean) / USUAL_MEAN;
  const threshold = initial
    ? INITIAL_THRESHOLD
    : Math.max(absolute, settled * (mean + deviation) + (1 - settled) * INITIAL_THRESHOLD);
  const excess = initial
    ? (score - absolute) / absolute
    : (score - threshold) / Math.max(deviation, SMALLEST_DEVIATION);
  const grade = score > threshold ? gradeOf(excess) : 0;
  const basis = initial ? "initial" : settled < 1 ? "settling" : "settled";
  return { rule: "adaptive", fired: grade > 0, score, threshold, grade, basis, mean, deviation };
}

/** Learns a score; 0 says that the forest is not ready, and teaches nothing. */
export function learnScore(state: AdaptiveState, score: number, options: AdaptiveOptions): AdaptiveState {
  if (score === 0) return state;
  const rate = 1 / options.timeDecay;
  const capped = Math.min(score, HIGHEST_LEARNED);
  const gap = meanOf(state.scores) - capped;
  return {
    count: state.count + 1,
    last: capped,
    scores: fade(state.scores, capped, rate),
    differences: state.count === 0 ? NOTHING : fade(state.differences, capped - state.last, DIFFERENCE_RATE),
    gaps: gap > 0 ? fade(state.gaps, gap, rate / 2) : state.gaps,
  };
}

/** Twentieths above the threshold, in steps that reach 1 at sixteen. */
const gradeOf = (excess: number): number => Math.min(Math.floor(20 * Math.min(1, Math.max(0, excess))) / 16, 1);

/** Scores are skewed, so the spread below the mean stands in for the spread above it; anomalies then raise it little. */
function scaledDeviation({ scores, differences, gaps }: AdaptiveState, shingle: number): number {
  const short = deviationOf(scores);
  const long = Math.min(Math.SQRT2 * deviationOf(gaps), short);
  return (Z_FACTOR - 1) * (shingle === 1 ? long : (long + deviationOf(differences)) / 2) + short;
}

const fade = ({ weight, sum, squares }: Fading, value: number, rate: number): Fading => ({
  weight: weight * (1 - rate) + 1,
  sum: sum * (1 - rate) + value,
  squares: squares * (1 - rate) + value * value,
});

const meanOf = ({ weight, sum }: Fading): number => (weight === 0 ? 0 : sum / weight);

const deviationOf = (series: Fading): number =>
  series.weight === 0 ? 0 : Math.sqrt(Math.max(0, series.squares / series.weight - meanOf(series) ** 2));
