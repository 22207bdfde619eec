/**
 * When a score becomes an alert. Three rules, each on its own: a cutoff, so many windows of the last few above that
 * cutoff, a threshold that adapts. Every decision is a value that says which rule it is and why it fired or did not.
 */
import {
  decideAdaptive,
  FRESH_ADAPTIVE_STATE,
  learnScore,
  type AdaptiveDecision,
  type AdaptiveOptions,
  type AdaptiveState,
} from "./adaptive-threshold";
import { ForestError, quote, type Problem } from "./problems";

export interface Rules {
  /** Fires on each score above it. */
  readonly cutoff: number;
  /** Fires while `needed` of the last `of` scores are above the cutoff. @default no such rule */
  readonly repeated?: { readonly needed: number; readonly of: number };
  /** Fires on scores unusual among those seen. @default no such rule */
  readonly adaptive?: AdaptiveOptions;
}

export interface CutoffDecision {
  readonly rule: "cutoff";
  readonly fired: boolean;
  readonly score: number;
  readonly cutoff: number;
}

export interface RepeatedDecision {
  readonly rule: "repeated";
  readonly fired: boolean;
  /** Whether it fires now and did not one score ago. */
  readonly began: boolean;
  readonly score: number;
  readonly cutoff: number;
  /** How many of the last `of` scores were above the cutoff, and how many it takes. */
  readonly above: number;
  readonly needed: number;
  readonly of: number;
}

export type Decision = CutoffDecision | RepeatedDecision | AdaptiveDecision;

/** What the rules remember between scores. Plain numbers and booleans: JSON keeps it. */
export interface RuleState {
  /** The last scores, oldest first: was each above the cutoff? */
  readonly above: readonly boolean[];
  readonly adaptive: AdaptiveState;
}

export const FRESH_RULE_STATE: RuleState = { above: [], adaptive: FRESH_ADAPTIVE_STATE };

/** Most scores that the repeated rule looks back on. */
export const LONGEST_LOOK_BACK = 60;

/** One decision per rule, and what to remember for the next score. */
export function decide(rules: Rules, state: RuleState, score: number): { decisions: Decision[]; state: RuleState } {
  const { cutoff, repeated, adaptive } = rules;
  const above = [...state.above, score > cutoff].slice(-(repeated?.of ?? 1));
  const decisions: Decision[] = [{ rule: "cutoff", fired: score > cutoff, score, cutoff }];
  if (repeated) decisions.push(decideRepeated(state.above.slice(-repeated.of), above, score, cutoff, repeated));
  if (adaptive) decisions.push(decideAdaptive(state.adaptive, score, adaptive));
  return {
    decisions,
    state: { above, adaptive: adaptive ? learnScore(state.adaptive, score, adaptive) : state.adaptive },
  };
}

function decideRepeated(
  before: readonly boolean[],
  now: readonly boolean[],
  score: number,
  cutoff: number,
  { needed, of }: { needed: number; of: number },
): RepeatedDecision {
  const above = countTrue(now);
  const fired = above >= needed;
  return { rule: "repeated", fired, began: fired && countTrue(before) < needed, score, cutoff, above, needed, of };
}

const countTrue = (values: readonly boolean[]): number => values.filter(Boolean).length;

/** @throws ForestError naming every value refused */
export function planRules(rules: Rules): Rules {
  const { cutoff, repeated, adaptive } = rules;
  const problems: Problem[] = [];
  if (!(Number.isFinite(cutoff) && cutoff > 0)) problems.push(refuse("cutoff", cutoff, "a number above 0", "2"));
  if (repeated) {
    const { needed, of } = repeated;
    if (!isWhole(of, 1, LONGEST_LOOK_BACK))
      problems.push(refuse("repeated.of", of, `a whole number 1..${LONGEST_LOOK_BACK}`, "3"));
    if (!isWhole(needed, 1, LONGEST_LOOK_BACK) || needed > of)
      problems.push(refuse("repeated.needed", needed, "a whole number from 1 to repeated.of", "2"));
  }
  if (adaptive) {
    const { timeDecay, shingle } = adaptive;
    if (!isWhole(timeDecay, 1, Number.MAX_SAFE_INTEGER))
      problems.push(refuse("adaptive.timeDecay", timeDecay, "a whole number of at least 1", "the forest's timeDecay"));
    if (!isWhole(shingle, 1, Number.MAX_SAFE_INTEGER))
      problems.push(refuse("adaptive.shingle", shingle, "a whole number of at least 1", "the forest's shingle"));
  }
  if (problems.length > 0) throw new ForestError(problems);
  return rules;
}

const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && least <= (value as number) && (value as number) <= most;

const refuse = (field: string, value: unknown, allowed: string, usual: string): Problem => ({
  field,
  got: quote(value),
  allowed,
  fix: `usual is ${usual}`,
});
