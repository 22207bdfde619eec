/** Reading plain JSON values, each refused with its place when it is not of the wanted shape. */
import { refuse } from "./refusal";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Only plain objects count: nothing that merely looks like one can bring surprises along. */
export function readObject(value: unknown, place: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(place, value, "an object");
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) refuse(place, value, "a plain object");
  return value as JsonObject;
}

export function readText(value: unknown, place: string): string {
  return typeof value === "string" ? value : refuse(place, value, "a string");
}

/** One value, or a list of at least one. */
export function readOneOrMore<T>(
  value: unknown,
  place: string,
  read: (item: unknown, place: string) => T,
): readonly T[] {
  if (!Array.isArray(value)) return [read(value, place)];
  if (value.length === 0) refuse(place, value, "one value or more");
  return value.map((item: unknown, index) => read(item, `${place}[${index}]`));
}

export function refuseUnknownKeys(object: JsonObject, known: readonly string[], place: string): void {
  const unknown = Object.keys(object).find((key) => object[key] !== undefined && !known.includes(key));
  if (unknown !== undefined) refuse(place, unknown, `the elements ${known.join(", ")}`);
}
