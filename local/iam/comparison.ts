/**
 * The condition operators: how one value of a policy is read, and how it compares with one value of a request.
 * Whether a key is absent, multivalued or negated is decided in `condition.ts`.
 *
 * Facts: IAM User Guide, "IAM JSON policy elements: Condition operators".
 */
import { isInRange, readAddress, readAddressRange } from "./address";
import { readDate } from "./date";
import { compileArn, compileText, hasVariable, type Lookup, readPattern, splitArn } from "./pattern";
import { refuse } from "./refusal";

/**
 * Whether a request's value compares. Undefined when nobody can say: the request's value is not of the operator's type,
 * or a policy variable has no value.
 */
export type Comparison = (given: string, lookup: Lookup) => boolean | undefined;

export interface Operator {
  /** True when the condition holds for values that do not compare. */
  readonly negated: boolean;
  /** Reads a policy's value. @throws PolicyError when it is not of the operator's type */
  readonly read: (value: string, variables: boolean, place: string) => Comparison;
}

/** Every operator of the policy language but `Null`, by name. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    StringEquals: isText(equalTo),
    StringNotEquals: isNot(equalTo),
    StringEqualsIgnoreCase: isText(equalIgnoringCase),
    StringNotEqualsIgnoreCase: isNot(equalIgnoringCase),
    StringLike: isText(like),
    StringNotLike: isNot(like),
    NumericEquals: is(numeric((given, wanted) => given === wanted)),
    NumericNotEquals: isNot(numeric((given, wanted) => given === wanted)),
    NumericLessThan: is(numeric((given, wanted) => given < wanted)),
    NumericLessThanEquals: is(numeric((given, wanted) => given <= wanted)),
    NumericGreaterThan: is(numeric((given, wanted) => given > wanted)),
    NumericGreaterThanEquals: is(numeric((given, wanted) => given >= wanted)),
    DateEquals: is(date((given, wanted) => given === wanted)),
    DateNotEquals: isNot(date((given, wanted) => given === wanted)),
    DateLessThan: is(date((given, wanted) => given < wanted)),
    DateLessThanEquals: is(date((given, wanted) => given <= wanted)),
    DateGreaterThan: is(date((given, wanted) => given > wanted)),
    DateGreaterThanEquals: is(date((given, wanted) => given >= wanted)),
    Bool: is(typed(readBoolean, '"true" or "false"', (given, wanted) => given === wanted)),
    BinaryEquals: is(typed(readBinary, "base64", (given, wanted) => given === wanted)),
    IpAddress: is(inRange),
    NotIpAddress: isNot(inRange),
    ArnEquals: isText(arnLike),
    ArnLike: isText(arnLike),
    ArnNotEquals: isNot(arnLike),
    ArnNotLike: isNot(arnLike),
  } satisfies Record<string, Operator>),
);

function is(read: Operator["read"]): Operator {
  return { negated: false, read };
}

/** A comparison with text: a policy variable without a value fails it, as it fails to match a resource. */
function isText(read: Operator["read"]): Operator {
  return is((value, variables, place) => {
    const compare = read(value, variables, place);
    return (given, lookup) => compare(given, lookup) ?? false;
  });
}

function isNot(read: Operator["read"]): Operator {
  return { negated: true, read };
}

function equalTo(value: string, variables: boolean, place: string): Comparison {
  const pattern = compileText(readPattern(value, { wildcards: false, variables }, place));
  return (given, lookup) => pattern.matches(given, lookup);
}

function equalIgnoringCase(value: string, variables: boolean, place: string): Comparison {
  const compare = equalTo(value.toLowerCase(), variables, place);
  return (given, lookup) => compare(given.toLowerCase(), (key) => lookup(key)?.toLowerCase());
}

function like(value: string, variables: boolean, place: string): Comparison {
  const pattern = compileText(readPattern(value, { wildcards: true, variables }, place));
  return (given, lookup) => pattern.matches(given, lookup);
}

/** Each of the six parts is compared for itself; a variable may stand for a whole ARN. */
function arnLike(value: string, variables: boolean, place: string): Comparison {
  const tokens = readPattern(value, { wildcards: true, variables }, place);
  const wholeVariable = tokens.length === 1 && hasVariable(tokens);
  if (splitArn(tokens).length !== 6 && !wholeVariable) {
    refuse(place, value, "an ARN of six parts, each of which may hold wildcards");
  }
  const pattern = compileArn(tokens);
  return (given, lookup) => pattern.matches(given, lookup);
}

function inRange(value: string, _variables: boolean, place: string): Comparison {
  const range =
    readAddressRange(value) ?? refuse(place, value, "an address or range like 203.0.113.0/24 or 2001:db8::/32");
  return (given) => {
    const address = readAddress(given);
    return address === undefined ? undefined : isInRange(address, range);
  };
}

function numeric(compare: (given: number, wanted: number) => boolean): Operator["read"] {
  return typed(readNumber, "a decimal number", compare);
}

function date(compare: (given: number, wanted: number) => boolean): Operator["read"] {
  return typed(readDate, "a date like 2026-01-31T12:00:00Z, or seconds since 1970", compare);
}

/** An operator whose two sides are read alike, as something other than text. */
function typed<T>(
  readValue: (text: string) => T | undefined,
  allowed: string,
  compare: (given: T, wanted: T) => boolean,
): Operator["read"] {
  return (text, _variables, place) => {
    const wanted = readValue(text) ?? refuse(place, text, allowed);
    return (given) => {
      const value = readValue(given);
      return value === undefined ? undefined : compare(value, wanted);
    };
  };
}

/** Decimal, and small enough to be exact. */
function readNumber(text: string): number | undefined {
  const value = Number(text);
  return /^-?\d+(\.\d+)?$/.test(text) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

export function readBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

function readBinary(text: string): string | undefined {
  const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  return base64.test(text) ? Buffer.from(text, "base64").toString("latin1") : undefined;
}
