/**
 * What shapes a forest. Names and ranges follow the SQL function RANDOM_CUT_FOREST of Kinesis Data Analytics, whose
 * place this forest takes: numberOfTrees, subSampleSize, timeDecay and shingleSize.
 */
import { ForestError, quote, type Problem } from "./problems";

/** `kda`: the scores that the SQL function gave. `rcf`: the scores of the open-source library, repeats damped. */
export const MODES = ["kda", "rcf"] as const;
export type Mode = (typeof MODES)[number];

export interface ForestParameters {
  /** Trees whose scores are averaged, 1..1000. @default 100 */
  readonly trees: number;
  /** Points that each tree keeps, 10..1000, below `timeDecay`. @default 256 */
  readonly samples: number;
  /** Points after which a kept point's weight has fallen by e, 1..2147483647. @default 100000 */
  readonly timeDecay: number;
  /** Columns of a row, 1..1000. @default 1 */
  readonly dimensions: number;
  /** Consecutive rows joined into one point, oldest first, 1..30. @default 1 */
  readonly shingle: number;
  /** @default "kda" */
  readonly mode: Mode;
  /** Chooses the random numbers, 0..2^53 - 1. Same seed, same rows: same scores. @default 1 */
  readonly seed: number;
}

export const DEFAULT_PARAMETERS: ForestParameters = {
  trees: 100,
  samples: 256,
  timeDecay: 100_000,
  dimensions: 1,
  shingle: 1,
  mode: "kda",
  seed: 1,
};

/** Inclusive ranges of the numeric parameters. */
export const PARAMETER_LIMITS = {
  trees: [1, 1000],
  samples: [10, 1000],
  timeDecay: [1, 2_147_483_647],
  dimensions: [1, 1000],
  shingle: [1, 30],
  seed: [0, Number.MAX_SAFE_INTEGER],
} as const satisfies Partial<Record<keyof ForestParameters, readonly [number, number]>>;

/** Bytes that one forest may occupy: a parameter set that needs more is refused before anything is allocated. */
export const LARGEST_FOREST = 1024 * 1024 * 1024;

/** Bytes of a forest's arrays: per sample a point, a node with its box, and a place in the reservoir. */
export const bytesOf = ({ trees, samples, dimensions, shingle }: ForestParameters): number =>
  trees * samples * (24 * dimensions * shingle + 58);

/**
 * The complete parameters, defaults filled in.
 * @throws ForestError naming every unknown name and every value out of range
 */
export function planParameters(given: Partial<ForestParameters>): ForestParameters {
  const plan: ForestParameters = { ...DEFAULT_PARAMETERS, ...given };
  const problems = [...unknownNames(given), ...outOfRange(plan), ...badMode(plan)];
  if (problems.length === 0) problems.push(...inConflict(plan));
  if (problems.length > 0) throw new ForestError(problems);
  return Object.freeze(plan);
}

/** The names whose values differ: a snapshot of another forest shows here. */
export const differingParameters = (a: ForestParameters, b: ForestParameters): (keyof ForestParameters)[] =>
  NAMES.filter((name) => a[name] !== b[name]);

const NAMES = Object.keys(DEFAULT_PARAMETERS) as (keyof ForestParameters)[];
const NUMERIC = Object.keys(PARAMETER_LIMITS) as (keyof typeof PARAMETER_LIMITS)[];

function unknownNames(given: object): Problem[] {
  return Object.keys(given)
    .filter((name) => !(name in DEFAULT_PARAMETERS))
    .map((name) => ({
      field: "parameters",
      got: quote(name),
      allowed: NAMES.join(", "),
      fix: "remove it or correct its spelling",
    }));
}

function outOfRange(plan: ForestParameters): Problem[] {
  return NUMERIC.flatMap((name) => {
    const [least, most] = PARAMETER_LIMITS[name];
    const value: unknown = plan[name];
    if (Number.isSafeInteger(value) && least <= plan[name] && plan[name] <= most) return [];
    const fix = `leave it out for ${DEFAULT_PARAMETERS[name]}`;
    return [{ field: name, got: quote(value), allowed: `a whole number ${least}..${most}`, fix }];
  });
}

function badMode({ mode }: ForestParameters): Problem[] {
  if (MODES.includes(mode)) return [];
  return [{ field: "mode", got: quote(mode), allowed: MODES.join(" or "), fix: 'leave it out for "kda"' }];
}

function inConflict(plan: ForestParameters): Problem[] {
  const problems: Problem[] = [];
  if (plan.samples >= plan.timeDecay)
    problems.push({
      field: "samples",
      got: `${plan.samples} with timeDecay ${plan.timeDecay}`,
      allowed: "below timeDecay",
      fix: "raise timeDecay or lower samples",
    });
  const bytes = bytesOf(plan);
  if (bytes > LARGEST_FOREST)
    problems.push({
      field: "trees x samples x dimensions x shingle",
      got: `a forest of ${Math.ceil(bytes / 1_048_576)} MiB`,
      allowed: `at most ${LARGEST_FOREST / 1_048_576} MiB`,
      fix: "use fewer trees, samples, columns or a shorter shingle",
    });
  return problems;
}
