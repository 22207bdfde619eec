/** What is remembered of a pipeline's executions; times are milliseconds since the epoch. */

export interface Artifact {
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
}

/** A revision of the source, as it was announced. */
export interface Revision {
  readonly id: string;
  readonly summary: string;
  readonly branch: string;
}

export type ExecutionStatus = "InProgress" | "Stopping" | "Stopped" | "Succeeded" | "Superseded" | "Failed";
export type ActionStatus = "InProgress" | "Succeeded" | "Failed" | "Abandoned";

export interface ActionRecord {
  /** Its execution id. */
  readonly id: string;
  readonly stage: string;
  readonly name: string;
  readonly status: ActionStatus;
  readonly started: number;
  readonly updated: number;
  /** With variables filled in. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly Artifact[];
  readonly outputs: readonly Artifact[];
  readonly variables: Readonly<Record<string, string>>;
  readonly externalId?: string;
  readonly summary?: string;
  readonly percent?: number;
  readonly error?: { readonly code: string; readonly message: string };
  /** Of a job: what the function gave to be called again with. */
  readonly continuation?: string;
  /** Of a job: when the function was last called or let hear of itself. */
  readonly heard?: number;
  /** Of a job: whether the function has been called, and has not answered yet. */
  readonly isCalled?: boolean;
  /** Of an approval. */
  readonly token?: string;
  /** Whether its stage has been tried again since: it is history. */
  readonly isPast?: boolean;
}

export interface ExecutionRecord {
  readonly id: string;
  readonly pipeline: string;
  readonly status: ExecutionStatus;
  readonly summary?: string;
  readonly started: number;
  readonly updated: number;
  readonly trigger: string;
  readonly type: "STANDARD" | "ROLLBACK";
  readonly rollbackOf?: string;
  readonly revision?: Revision;
  readonly clientToken?: string;
  /** Index of the stage that it is in, or waits for. */
  readonly stage: number;
  readonly isEntered: boolean;
  readonly artifacts: Readonly<Record<string, Artifact>>;
  /** By namespace. */
  readonly variables: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Every attempt, the oldest first. */
  readonly actions: readonly ActionRecord[];
}

/** A stage into which nothing goes, and why. */
export interface ClosedTransition {
  readonly pipeline: string;
  readonly stage: string;
  readonly reason: string;
  readonly since: number;
}
