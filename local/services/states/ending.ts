/** How executions end, and how their history tells it. */
import type { ExecutionEnd } from "./execution-record";
import type { Happening } from "./interpreter/host";
import type { StateFailure } from "./language/failure";

/** An end, but for its time. */
export type EndReason = Omit<ExecutionEnd, "stopped">;

const EVENTS = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
};

export function failed({ error, cause }: StateFailure): EndReason {
  return {
    status: "FAILED",
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}

export function endingOf({ status, output, error, cause }: EndReason): Happening {
  const details = Object.entries({ output, error, cause }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { type: EVENTS[status], details: Object.fromEntries(details) };
}
