/**
 * A state machine ready to run: its expressions are compiled, so that nothing here depends on the language they are
 * written in. Source: Amazon States Language specification, https://states-language.net.
 */
import type { Json } from "./json";
import type { Conclude, Expression } from "./scope";

/** Longest timeout, and longest wait by seconds. Source: Step Functions quotas. */
export const LONGEST_TIMEOUT_SECONDS = 99_999_999;

/** States that lead from one to the other: a machine, a branch, or what is done with each item. */
export interface StateGraph {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface Machine extends StateGraph {
  readonly comment: string | undefined;
  readonly timeoutSeconds: number | undefined;
}

export type State = Pass | Task | Choice | Wait | Succeed | Fail | Parallel | MapState;
export type StateType = State["type"];

interface Named {
  readonly name: string;
}

/** Where a state leads; nothing where it ends its states. */
interface Leading {
  readonly next: string | undefined;
}

/** States whose work can fail and be tried again. */
interface Fallible {
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
}

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly isJittered: boolean;
}

export interface Catcher {
  readonly errors: readonly string[];
  readonly conclude: Conclude;
  readonly next: string;
}

export interface Pass extends Named, Leading {
  readonly type: "Pass";
  readonly conclude: Conclude;
}

export interface Task extends Named, Leading, Fallible {
  readonly type: "Task";
  readonly resource: string;
  readonly work: Expression;
  readonly timeoutSeconds: Expression<number> | undefined;
  readonly heartbeatSeconds: Expression<number> | undefined;
  readonly conclude: Conclude;
}

export interface Choice extends Named {
  readonly type: "Choice";
  readonly rules: readonly ChoiceRule[];
  readonly otherwise: { readonly next: string; readonly conclude: Conclude } | undefined;
}

export interface ChoiceRule {
  readonly test: Expression<boolean>;
  readonly conclude: Conclude;
  readonly next: string;
}

export interface Wait extends Named, Leading {
  readonly type: "Wait";
  /** Milliseconds since the epoch, for a state that was entered at `scope.now`. */
  readonly until: Expression<number>;
  readonly conclude: Conclude;
}

export interface Succeed extends Named {
  readonly type: "Succeed";
  readonly conclude: Conclude;
}

export interface Fail extends Named {
  readonly type: "Fail";
  readonly error: Expression<string> | undefined;
  readonly cause: Expression<string> | undefined;
}

export interface Parallel extends Named, Leading, Fallible {
  readonly type: "Parallel";
  readonly work: Expression;
  readonly branches: readonly StateGraph[];
  readonly conclude: Conclude;
}

export interface MapState extends Named, Leading, Fallible {
  readonly type: "Map";
  readonly items: Expression<readonly Json[]>;
  /** The input of an iteration, whose context has the item. */
  readonly itemInput: Expression;
  readonly maxConcurrency: Expression<number>;
  readonly processor: StateGraph;
  readonly conclude: Conclude;
}
