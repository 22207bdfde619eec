/** What is kept of an execution: how it began and ended, what happened, and where its branches stand. */
import type { Branch, Ended, Position } from "./interpreter/host";
import type { Json, JsonObject } from "./language/json";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** How an execution began. */
export interface ExecutionStart {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  /** JSON text, as it was given. */
  readonly input: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  /** What it runs to its end, whatever the program declares meanwhile. */
  readonly definition: string;
  readonly roleArn: string;
}

/** How an execution ended. */
export interface ExecutionEnd {
  readonly status: Exclude<ExecutionStatus, "RUNNING">;
  readonly stopped: number;
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly type: string;
  readonly details?: JsonObject;
}

/** What somebody answered to a task's token. */
export type TaskAnswer =
  { readonly output: Json } | { readonly error: string | undefined; readonly cause: string | undefined };

/** A branch, and the last event of it. */
export interface BranchRecord {
  readonly at?: Position | Ended;
  readonly lastEvent: number;
  readonly answer?: TaskAnswer;
}

/** Whether a branch waits for branches below it. */
export function hasBranches({ at }: BranchRecord): boolean {
  return at !== undefined && "work" in at;
}

export interface ExecutionRecord extends ExecutionStart {
  end: ExecutionEnd | undefined;
  readonly events: HistoryEvent[];
  readonly branches: Map<Branch, BranchRecord>;
}
