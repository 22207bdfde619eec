/** What the interpreter asks of the execution it runs: its history, its memory, and somebody who performs tasks. */
import type { StateFailure } from "../language/failure";
import type { Json, JsonObject } from "../language/json";
import type { Flow } from "./flow";

/** A line of states: `` for the machine's own, `/0` for the first branch of the state it is in, `/0/2` inside of that. */
export type Branch = string;

/** Where a branch stands; enough to go on from there after the stage went down. */
export interface Position {
  readonly state: string;
  readonly input: Json;
  readonly variables: JsonObject;
  /** Milliseconds since the epoch. */
  readonly entered: number;
  /** Attempts that each retrier has made. */
  readonly retries: readonly number[];
  /** The end of a wait, or of the pause before the next attempt; milliseconds since the epoch. */
  readonly until?: number;
  readonly task?: TaskPosition;
  /** What the branches or iterations under way work on. */
  readonly work?: readonly Json[];
}

/** A task under way. */
export interface TaskPosition {
  readonly token?: string;
  /** When it times out; milliseconds since the epoch. */
  readonly deadline?: number;
  readonly heartbeatSeconds?: number;
  /** What the called service answered, where the task waits for more than that. */
  readonly submitted?: Json;
}

/** A branch that has come to its end. */
export interface Ended {
  readonly ended: Json;
}

/** Something that happened, as the history tells it. */
export interface Happening {
  /** `TaskScheduled`. */
  readonly type: string;
  readonly details?: JsonObject;
}

export interface Host {
  /** Members of the context object that stay the same: Execution and StateMachine. */
  readonly facts: JsonObject;
  readonly random: () => number;
  /** Where a branch stands; nothing when it has not begun. */
  reached(branch: Branch): Position | Ended | undefined;
  /**
   * Adds to the history and moves a branch; resolves when that is on disk. A branch that moves forgets the branches
   * below it, unless they work on its new position's `work`.
   */
  record(branch: Branch, events: readonly Happening[], moved?: Position | Ended): Promise<void>;
  /** Who performs a resource's tasks. */
  task(resource: string): TaskKind;
  /** A token by which anybody may answer the task that a branch waits for. */
  token(branch: Branch): string;
}

export interface TaskKind {
  /** Whether the task ends when somebody answers its token. */
  readonly awaitsToken: boolean;
  readonly events: TaskEvents;
  /** @throws StateFailure */
  perform(call: TaskCall): Promise<Json>;
}

export interface TaskCall {
  readonly branch: Branch;
  readonly work: Json;
  readonly flow: Flow;
  readonly token: string | undefined;
  readonly heartbeatSeconds: number | undefined;
  /** What the service answered before the stage went down. */
  readonly submitted: Json | undefined;
  /** Tells that the service has answered and the task goes on waiting. */
  readonly onSubmitted: (answer: Json) => Promise<void>;
}

/** How the history tells of a task. */
export interface TaskEvents {
  scheduled(call: { work: Json; timeoutSeconds: number | undefined; heartbeatSeconds: number | undefined }): Happening;
  started(): Happening;
  submitted(answer: Json): Happening;
  succeeded(output: Json): Happening;
  failed(failure: StateFailure): Happening;
  timedOut(failure: StateFailure): Happening;
}
