/**
 * How the forest refuses: one error that lists every problem as got / allowed / fix, so that a caller mends all at once.
 */

/** One refused input. `field` names it as the caller wrote it: `samples`, `point[2]`, `snapshot.version`. */
export interface Problem {
  readonly field: string;
  readonly got: string;
  readonly allowed: string;
  readonly fix: string;
}

/** Parameters, points or snapshots that a forest cannot accept. The forest is unchanged when it is thrown. */
export class ForestError extends Error {
  override readonly name = "ForestError";

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(renderProblem).join("\n"));
  }
}

const renderProblem = ({ field, got, allowed, fix }: Problem): string =>
  `${field} must be ${allowed}, got ${got}; ${fix}`;

const LONGEST_QUOTE = 40;

/** A refused value as the caller would recognise it, cut short when long. */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : describe(value);
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}...`;
}

function describe(value: unknown): string {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `an array`;
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
