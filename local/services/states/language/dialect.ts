/** What a query language is to a state: how its fields become expressions. One dialect per language. */
import type { StateType } from "./definition";
import type { Fields } from "./fields";
import type { Json } from "./json";
import type { Conclude, Expression } from "./scope";

/** What a state without a word about it hands on: its input, or what its work gave. */
export type Subject = "input" | "result";

export interface Dialect {
  readonly name: "JSONata" | "JSONPath";
  /** Fields that a state of a type may have, beside those of every language. */
  readonly fields: Readonly<Record<StateType, readonly string[]>>;
  /** Fields that a rule of a Choice, and a Catch, may have beside Next, Comment and ErrorEquals. */
  readonly ruleFields: readonly string[];
  readonly catchFields: readonly string[];
  /** What a state gives to its task or branches. */
  work(fields: Fields): Expression;
  /** What a Pass hands on. */
  pass(fields: Fields): Conclude;
  conclude(fields: Fields, subject: Subject): Conclude;
  /** What a rule of a Choice hands on. */
  choose(rule: Fields, choice: Fields): Conclude;
  /** What a Catch hands on. */
  caught(fields: Fields): Conclude;
  /** A field that may be computed; nothing when it is absent. */
  number(
    fields: Fields,
    name: string,
    bounds: { readonly least: number; readonly most: number },
  ): Expression<number> | undefined;
  text(fields: Fields, name: string): Expression<string> | undefined;
  /** Milliseconds since the epoch, of a text in ISO 8601. */
  timestamp(fields: Fields, name: string): Expression<number> | undefined;
  items(fields: Fields): Expression<readonly Json[]>;
  itemInput(fields: Fields): Expression;
  test(fields: Fields): Expression<boolean>;
}
