/** How this folder refuses what it does not understand: one error that names the place, what stood there and what may. */
import { StageError } from "../diagnostics";

/** A policy document, principal, request or ledger that cannot be read with certainty. */
export class PolicyError extends StageError {}

/**
 * Refuses a value, e.g. `role writer / inline: Statement[1].Action: got 7, allowed a string or a list of strings`.
 * @throws PolicyError always
 */
export function refuse(place: string, got: unknown, allowed: string): never {
  throw new PolicyError(`${place}: got ${show(got)}, allowed ${allowed}`);
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}
