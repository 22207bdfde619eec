/**
 * One JSONata expression, in a sandbox: bounded time, depth and size, the stage's clock, no `$eval`. A regular expression
 * runs in one go, so its time is not bounded. Source of the functions that Step Functions adds: its developer guide,
 * "Transforming data with JSONata".
 */
import { createHash, randomUUID } from "node:crypto";
import jsonata from "jsonata";
import { EvaluationFailure } from "./failure";
import { toJson, type Json } from "./json";
import type { Place } from "./place";
import type { Expression, Scope } from "./scope";

export const QUERY_FAILED = "States.QueryEvaluationError";

const BOUNDS = { timeout: 1_000, stack: 500, sequence: 1_000_000 };
const HASHES: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

const formatTime = jsonata("$fromMillis($millis, $picture, $timezone)");

/** The text between `{%` and `%}`, ready to run. A text that is no expression is refused at its place. */
export function compileJsonata(source: string, place: Place): Expression {
  let compiled: jsonata.Expression;
  try {
    compiled = jsonata(source, BOUNDS);
  } catch (error) {
    place.refuse(`the JSONata expression ${source.trim()} cannot be read: ${messageOf(error)}`);
    return async () => null;
  }
  const { field } = place;
  const fail = (reason: string): never => {
    throw new EvaluationFailure(
      QUERY_FAILED,
      `The JSONata expression '${source.trim()}' specified for the field '${field}' ${reason}`,
      field,
    );
  };
  return async (scope) => {
    let value: unknown;
    try {
      value = await compiled.evaluate(undefined, bindingsOf(scope));
    } catch (error) {
      return fail(`threw an error during evaluation. ${codeOf(error)}${messageOf(error)}`);
    }
    if (value === undefined) return fail("returned nothing (undefined).");
    if (typeof value === "function" || isLambda(value)) return fail("returned a function, which is not JSON.");
    return toJson(value);
  };
}

function bindingsOf(scope: Scope): Record<string, unknown> {
  const { input, context, result, errorOutput, variables, now, random } = scope;
  return {
    ...variables,
    states: {
      input,
      context,
      ...(result === undefined ? {} : { result }),
      ...(errorOutput === undefined ? {} : { errorOutput }),
    },
    millis: () => now,
    now: (picture?: string, timezone?: string) => formatTime.evaluate(undefined, { millis: now, picture, timezone }),
    random: (seed?: number) => (seed === undefined ? random() : seededRandom(seed)),
    uuid: () => randomUUID(),
    parse: (text?: string) => (text === undefined ? undefined : (JSON.parse(text) as Json)),
    hash: (text?: string, algorithm = "SHA-256") => (text === undefined ? undefined : hash(text, algorithm)),
    partition: (list?: Json, size = 1) => (list === undefined ? undefined : partition(list, size)),
    range: (first: number, last: number, step: number) => range(first, last, step),
    eval: () => {
      throw new Error("$eval is not supported by Step Functions");
    },
  };
}

export function hash(text: string, algorithm: string): string {
  const name = HASHES[algorithm];
  if (name === undefined) throw new Error(`hash algorithm ${algorithm} is none of ${Object.keys(HASHES).join(", ")}`);
  return createHash(name).update(text).digest("hex");
}

export function partition(list: Json, size: number): Json[] {
  const items: readonly Json[] = Array.isArray(list) ? (list as readonly Json[]) : [list];
  if (!Number.isInteger(size) || size < 1)
    throw new Error(`the size of a part must be a whole number from 1, got ${size}`);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}

/** Numbers from one to the other, both included. */
export function range(first: number, last: number, step: number): number[] {
  const count = Math.floor((last - first) / step) + 1;
  if (!Number.isFinite(count)) throw new Error("a range needs a step that is not 0");
  if (count > 1_000) throw new Error(`a range has at most 1000 numbers, got ${count}`);
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}

/** The same number for the same seed, in [0, 1). */
export function seededRandom(seed: number): number {
  return createHash("sha256").update(String(seed)).digest().readUInt32BE() / 2 ** 32;
}

function isLambda(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("_jsonata_lambda" in value || "_jsonata_function" in value);
}

function messageOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? `${String(error.code)}: ` : "";
}
