/**
 * What a mapping template works with: the Java values that API Gateway hands to Velocity, how they print and how they
 * compare.
 */
import { isWrittenLate } from "../../service";

/** A template that cannot be read or rendered; the message says what and where. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

export type Value = null | boolean | number | string | Value[] | Map<string, Value> | HostObject;

/** A list that came out of JSON: Java's JSON library prints lists as JSON, but maps in Java's `{k=v}` form. */
export class JsonArray extends Array<Value> {}

/** `$input`, `$util`, `$context` and other objects that only answer to names of their own. */
export abstract class HostObject {
  /** What messages call it. */
  abstract readonly title: string;

  /** `$object.name`; nothing, as in Velocity, where there is no such property. */
  abstract property(name: string): Value;

  /** `$object.name(args)`. @throws TemplateError */
  abstract call(name: string, args: readonly Value[]): Value;

  print(): string {
    throw new TemplateError(`${this.title} cannot be printed`);
  }

  protected refuseCall(name: string): never {
    throw new TemplateError(`${this.title} has no method ${name} that the local stage models`);
  }
}

/** What a JSON document becomes in a template. A number prints as JavaScript prints it: 1.0 as 1, where Java keeps the .0. */
export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return JsonArray.from(json, fromJson);
  if (typeof json === "object" && json !== null) {
    if (isWrittenLate(json)) return fromJson(json.toJSON());
    return new Map(Object.entries(json).map(([name, item]) => [name, fromJson(item)]));
  }
  return typeof json === "string" || typeof json === "number" || typeof json === "boolean" ? json : null;
}

export function toJson(value: Value): string {
  if (value instanceof Map) {
    return `{${[...value].map(([name, item]) => `${JSON.stringify(name)}:${toJson(item)}`).join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  return value instanceof HostObject ? JSON.stringify(value.print()) : JSON.stringify(value);
}

/**
 * How a value appears in a template's output. A reference without a value prints as nothing: plain Velocity prints its
 * name, API Gateway does not.
 */
export function print(value: Value): string {
  if (typeof value === "string") return value;
  return value === null ? "" : printWithin(value);
}

/** How a value appears inside a map or a list, where nothing prints as `null`. */
export function printWithin(value: Value): string {
  if (value instanceof Map) return `{${[...value].map(([name, item]) => `${name}=${printWithin(item)}`).join(", ")}}`;
  if (value instanceof JsonArray) return toJson(value);
  if (Array.isArray(value)) return `[${value.map(printWithin).join(", ")}]`;
  return value instanceof HostObject ? value.print() : String(value);
}

/** Velocity's `==`: numbers by value, equal kinds by Java's equals, anything else by what it prints. */
export function isEqual(left: Value, right: Value): boolean {
  if (left === null || right === null) return left === right;
  if (typeof left === typeof right && typeof left !== "object") return left === right;
  return printWithin(left) === printWithin(right);
}

/**
 * Velocity 1.7's truth: everything but null and false, the empty string included. Velocity 2 calls what is empty false;
 * API Gateway's own documentation does not say, and renders `#if` of a missing JSON member.
 */
export function isTrue(value: Value): boolean {
  return value !== null && value !== false;
}

/** `a string`, `a map`: how messages speak of a value. */
export function describe(value: Value): string {
  if (value === null) return "nothing";
  if (value instanceof Map) return "a map";
  if (Array.isArray(value)) return "a list";
  return value instanceof HostObject ? value.title : `a ${typeof value}`;
}
