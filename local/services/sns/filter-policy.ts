/**
 * Filter policies over message attributes: which messages a subscription wants. Every name in a policy must be satisfied,
 * by any one of its conditions and any one of the attribute's values.
 * Source: SNS developer guide, "Subscription filter policies".
 */
import type { Attributes } from "../sqs/attributes";

/** What a condition looks at: one value of an attribute; `String.Array` has several. */
type Scalar = string | number | boolean | null;

type ValueTest = (value: Scalar) => boolean;

/** Satisfied by the values of an attribute, or by its absence. */
type AttributeTest = (values: readonly Scalar[] | undefined) => boolean;

export type FilterPolicy = (attributes: Attributes) => boolean;

const MOST_NAMES = 5;
const MOST_COMBINATIONS = 150;
/** Numbers go from -10^9 to 10^9. */
const LARGEST_NUMBER = 1e9;

/**
 * @param text JSON: `{"site": ["shop.example", {"prefix": "dev."}], "score": [{"numeric": [">", 2, "<=", 10]}]}`
 * @throws Error that says what in the policy the stage does not model, or SNS would not take
 */
export function compileFilterPolicy(text: string): FilterPolicy {
  const policy = parse(text);
  if (!isObject(policy)) throw new Error(`expected a JSON object of names and lists of conditions, got ${text}`);
  const names = Object.entries(policy);
  if (names.length > MOST_NAMES) throw new Error(`has ${names.length} names, at most ${MOST_NAMES} are allowed`);
  const combinations = names.reduce((product, [, list]) => product * (Array.isArray(list) ? list.length : 1), 1);
  if (combinations > MOST_COMBINATIONS) {
    throw new Error(`has ${combinations} combinations of conditions, at most ${MOST_COMBINATIONS} are allowed`);
  }
  const tests = names.map(([name, list]) => [name, compileConditions(name, list)] as const);
  return (attributes) => tests.every(([name, test]) => test(valuesOf(attributes, name)));
}

function compileConditions(name: string, list: unknown): AttributeTest {
  if (!Array.isArray(list) || list.length === 0) {
    throw new Error(`"${name}" must have a list of conditions, got ${JSON.stringify(list)}`);
  }
  const tests = list.map((condition: unknown) => compileCondition(name, condition));
  return (values) => tests.some((test) => test(values));
}

function compileCondition(name: string, condition: unknown): AttributeTest {
  if (!isObject(condition)) return onAnyValue(compileExact(name, condition));
  const [[operator, operand] = [], ...more] = Object.entries(condition);
  if (more.length === 0) {
    if (operator === "exists" && typeof operand === "boolean") return (values) => (values !== undefined) === operand;
    if (operator === "prefix" && typeof operand === "string") return onAnyValue(beginsWith(operand));
    if (operator === "anything-but") return onAnyValue(compileAnythingBut(name, operand));
    if (operator === "numeric") return onAnyValue(compileNumeric(name, operand));
  }
  throw new Error(
    `"${name}" has the condition ${JSON.stringify(condition)}; the local stage models exact values, prefix, anything-but, numeric and exists`,
  );
}

function compileExact(name: string, value: unknown): ValueTest {
  if (typeof value === "number") checkNumber(name, value);
  else if (typeof value !== "string" && typeof value !== "boolean" && value !== null) {
    throw new Error(
      `"${name}" has the condition ${JSON.stringify(value)}; allowed are text, numbers, true, false, null`,
    );
  }
  return (given) => given === value;
}

function compileAnythingBut(name: string, operand: unknown): ValueTest {
  if (isObject(operand)) {
    const { prefix, ...others } = operand;
    if (typeof prefix !== "string" || Object.keys(others).length > 0) {
      throw new Error(
        `"${name}" has anything-but ${JSON.stringify(operand)}; the local stage models values and a prefix`,
      );
    }
    const test = beginsWith(prefix);
    return (given) => !test(given);
  }
  const refused = (Array.isArray(operand) ? operand : [operand]).map((value: unknown) => compileExact(name, value));
  return (given) => !refused.some((test) => test(given));
}

const COMPARISONS: Readonly<Record<string, (given: number, bound: number) => boolean>> = {
  "=": (given, bound) => given === bound,
  ">": (given, bound) => given > bound,
  ">=": (given, bound) => given >= bound,
  "<": (given, bound) => given < bound,
  "<=": (given, bound) => given <= bound,
};

/** One comparison, or a lower and an upper bound. */
function compileNumeric(name: string, operand: unknown): ValueTest {
  const parts: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const read = (at: number): ((given: number) => boolean) | undefined => {
    const [operator, bound] = [parts[at], parts[at + 1]];
    const compare = typeof operator === "string" ? COMPARISONS[operator] : undefined;
    if (compare === undefined || typeof bound !== "number") return undefined;
    checkNumber(name, bound);
    return (given) => compare(given, bound);
  };
  const [first, second] = [read(0), read(2)];
  const isRange = parts.length === 4 && /^>=?$/.test(String(parts[0])) && /^<=?$/.test(String(parts[2]));
  if (first === undefined || (parts.length !== 2 && !(isRange && second !== undefined))) {
    throw new Error(
      `"${name}" has numeric ${JSON.stringify(operand)}; allowed are one of = > >= < <= with a number, or a lower and an upper bound`,
    );
  }
  return (given) => typeof given === "number" && first(given) && (second === undefined || second(given));
}

function checkNumber(name: string, value: number): void {
  if (Math.abs(value) > LARGEST_NUMBER) {
    throw new Error(`"${name}" has the number ${value}, allowed are -${LARGEST_NUMBER} to ${LARGEST_NUMBER}`);
  }
}

function beginsWith(prefix: string): ValueTest {
  return (given) => typeof given === "string" && given.startsWith(prefix);
}

function onAnyValue(test: ValueTest): AttributeTest {
  return (values) => values?.some(test) === true;
}

/** What a filter sees of an attribute; bytes it does not see at all. */
function valuesOf(attributes: Attributes, name: string): readonly Scalar[] | undefined {
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (attribute?.StringValue === undefined) return undefined;
  if (attribute.DataType === "String.Array") return JSON.parse(attribute.StringValue) as readonly Scalar[];
  return [attribute.DataType.startsWith("Number") ? Number(attribute.StringValue) : attribute.StringValue];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
