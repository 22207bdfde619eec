/**
 * How states fail: an error's name, by which Retry and Catch know it, and a cause for people.
 * Source: Step Functions developer guide, "Handling errors in Step Functions workflows".
 */

export class StateFailure extends Error {
  override readonly name = "StateFailure";

  constructor(
    /** `States.Timeout`, `CloudFormation.ChangeSetNotFoundException`, or a name of the machine's own. */
    readonly error: string | undefined,
    override readonly cause: string | undefined,
  ) {
    super(`${error ?? "an error without a name"}${cause === undefined ? "" : `: ${cause}`}`);
  }
}

export const DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";
export const HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";
export const RUNTIME = "States.Runtime";
export const TASK_FAILED = "States.TaskFailed";
export const TIMEOUT = "States.Timeout";

/** Failures that no wildcard stands for. */
const TERMINAL: ReadonlySet<string> = new Set([DATA_LIMIT_EXCEEDED, RUNTIME]);

/** Whether one of the names in `ErrorEquals` stands for a failure; nothing ever stands for States.Runtime. */
export function isNamed(names: readonly string[], { error = "" }: StateFailure): boolean {
  if (error === RUNTIME) return false;
  return names.some((name) => {
    if (name === error) return true;
    if (name === "States.ALL") return !TERMINAL.has(error);
    if (name === TASK_FAILED) return !TERMINAL.has(error) && error !== TIMEOUT;
    return name === TIMEOUT && error === HEARTBEAT_TIMEOUT;
  });
}

/** An expression that could not be evaluated, or gave what its field cannot take. */
export class EvaluationFailure extends StateFailure {
  constructor(
    error: string,
    cause: string,
    /** The field, e.g. `Arguments.FunctionName`. */
    readonly location: string,
  ) {
    super(error, cause);
  }
}
