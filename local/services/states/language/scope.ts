/** What expressions see while a state runs, and what a state makes of it. */
import { isObject, type Json, type JsonObject } from "./json";

export interface Scope {
  /** The state's input as it came. */
  readonly input: Json;
  readonly variables: JsonObject;
  /** The context object: Execution, State, StateMachine, and Task or Map where there is one. */
  readonly context: JsonObject;
  /** What the state's task, branches or iterations gave. */
  readonly result?: Json;
  /** `{Error, Cause}` of what was caught. */
  readonly errorOutput?: JsonObject;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** @throws EvaluationFailure */
export type Expression<Value = Json> = (scope: Scope) => Promise<Value>;

/** What a state hands on. */
export interface Conclusion {
  readonly output: Json;
  /** Variables with their new values. */
  readonly assigned: JsonObject;
}

export type Conclude = Expression<Conclusion>;

/** The item of an iteration, from its context object. */
export function itemOf(context: JsonObject): Json {
  const { Map } = context;
  const item = isObject(Map) ? Map["Item"] : undefined;
  return (isObject(item) ? item["Value"] : undefined) ?? null;
}
