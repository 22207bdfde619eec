/** Whether and when failed work is tried again. Source: Amazon States Language specification, "Retrying after error". */
import type { Retrier } from "../language/definition";
import { isNamed, type StateFailure } from "../language/failure";

export interface PlannedRetry {
  readonly delayMs: number;
  /** Attempts of each retrier, this one counted. */
  readonly retries: readonly number[];
}

/** @param made attempts that each retrier has made */
export function planRetry(
  retriers: readonly Retrier[],
  failure: StateFailure,
  made: readonly number[],
  random: () => number,
): PlannedRetry | undefined {
  const index = retriers.findIndex(({ errors }) => isNamed(errors, failure));
  const retrier = retriers[index];
  const attempts = made[index] ?? 0;
  if (retrier === undefined || attempts >= retrier.maxAttempts) return undefined;
  const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** attempts, retrier.maxDelaySeconds);
  const delayMs = Math.round(seconds * 1000 * (retrier.isJittered ? random() : 1));
  return { delayMs, retries: retriers.map((_, each) => (made[each] ?? 0) + (each === index ? 1 : 0)) };
}
