/**
 * Event patterns: which events a rule is for. Source: EventBridge user guide, "Creating Amazon EventBridge event
 * patterns". Matchers that the stage does not follow are refused, never taken for a match.
 */
import { StageError } from "../../diagnostics";

/** Whether an event, as parsed JSON, is one that a rule is for. */
export type EventPredicate = (event: unknown) => boolean;

type Json = { readonly [key: string]: unknown };
/** Judges one value; `undefined` stands for a member that is not there. */
type Matcher = (value: unknown) => boolean;

/** @throws StageError when the pattern is no JSON object, or has a matcher that the stage does not follow */
export function parsePattern(text: string): EventPredicate {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    refuse(text, "JSON");
  }
  return isObject(pattern) ? parseObject(pattern, "") : refuse(text, "a JSON object");
}

/** Every member of the pattern must match the event's member of that name. */
function parseObject(pattern: Json, path: string): EventPredicate {
  const members = Object.entries(pattern).map(([name, expected]) => {
    const at = path === "" ? name : `${path}.${name}`;
    if (name.startsWith("$")) refuse(at, "names of members; $or is not modelled here");
    if (isObject(expected)) return [name, nested(parseObject(expected, at))] as const;
    if (!Array.isArray(expected) || expected.length === 0) refuse(at, "a list of values, or an object");
    const matchers = expected.map((each: unknown) => parseMatcher(each, at));
    return [name, anyOf(matchers)] as const;
  });
  return (event) =>
    members.every(([name, matches]) =>
      matches(isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined),
    );
}

/** An object in a list matches like an object by itself. */
function nested(matches: EventPredicate): Matcher {
  return (value) => (Array.isArray(value) && value.length > 0 ? value.some(matches) : matches(value));
}

/** A list matches when one of its values does. */
function anyOf(matchers: readonly Matcher[]): Matcher {
  return (value) => {
    const values: readonly unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
    return matchers.some((matches) => values.some(matches));
  };
}

function parseMatcher(expected: unknown, path: string): Matcher {
  if (!isObject(expected)) {
    if (Array.isArray(expected)) refuse(path, "values, not lists of lists");
    return (value) => value === expected;
  }
  const [[kind, operand] = ["", undefined], ...others] = Object.entries(expected);
  if (others.length > 0) refuse(path, "one condition per matcher");
  switch (kind) {
    case "prefix":
      return startingWith(operand, path);
    case "exists":
      if (typeof operand !== "boolean") refuse(path, '{"exists": true} or {"exists": false}');
      return (value) => (value !== undefined) === operand;
    case "anything-but":
      return anythingBut(operand, path);
    case "numeric":
      return comparing(operand, path);
    default:
      return refuse(path, `a value, prefix, exists, anything-but or numeric; "${kind}" is not modelled here`);
  }
}

function startingWith(prefix: unknown, path: string): Matcher {
  if (typeof prefix !== "string") refuse(path, '{"prefix": "text"}');
  return (value) => typeof value === "string" && value.startsWith(prefix);
}

function anythingBut(operand: unknown, path: string): Matcher {
  if (isObject(operand)) {
    const { prefix, ...others } = operand;
    if (Object.keys(others).length > 0) refuse(path, '{"anything-but": {"prefix": "text"}}');
    const matches = startingWith(prefix, path);
    return (value) => value !== undefined && !matches(value);
  }
  const unwanted: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (unwanted.length === 0 || !unwanted.every((each) => typeof each === "string" || typeof each === "number")) {
    refuse(path, '{"anything-but": "text", a number, or a list of them}');
  }
  return (value) => value !== undefined && !unwanted.some((each) => each === value);
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** `[">", 0, "<=", 5]`. */
function comparing(operand: unknown, path: string): Matcher {
  const parts: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const bounds = Array.from({ length: Math.ceil(parts.length / 2) }, (_, index) => {
    const [operator, bound] = parts.slice(2 * index, 2 * index + 2);
    const compare = typeof operator === "string" ? COMPARISONS[operator] : undefined;
    if (compare === undefined || typeof bound !== "number") return refuse(path, '{"numeric": [">", 0, "<=", 5]}');
    return (value: number) => compare(value, bound);
  });
  if (bounds.length < 1 || bounds.length > 2) refuse(path, '{"numeric": [">", 0, "<=", 5]}');
  return (value) => typeof value === "number" && bounds.every((isWithin) => isWithin(value));
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(place: string, allowed: string): never {
  throw new StageError(`event pattern: ${place} is not understood; allowed: ${allowed}`);
}
