/**
 * Conditions under a known request: what holds, what does not, and what nobody can say (`undefined`), which closes an
 * Allow and opens a Deny.
 *
 * Facts: IAM User Guide, "Condition operators" and "Single-valued vs. multivalued context keys".
 */
import type { Condition } from "../document";
import { textOf } from "../leaf";
import { matchesGlob } from "../pattern/glob";
import { matchesArn } from "../pattern/arn";
import { isInRange } from "./address";
import { type Operator, readOperator } from "./operator";

/** Keys in lower case; an empty list is an absent key. */
export type Context = ReadonlyMap<string, string | readonly string[]>;

export type Verdict = boolean | undefined;

export function evaluate(conditions: readonly Condition[], context: Context, variables: boolean): Verdict {
  return every(conditions.map((condition) => evaluateOne(condition, context, variables)));
}

function evaluateOne({ operator: text, key, values }: Condition, context: Context, variables: boolean): Verdict {
  const operator = readOperator(text);
  if (operator === undefined) return undefined;
  const given = context.get(key.toLowerCase()) ?? [];
  const list = typeof given === "string" ? [given] : given;
  const wanted = values
    .map(({ leaf }) => textOf(leaf))
    .map((value) => (value === undefined || !variables ? value : fill(value, context, operator.wildcards)));
  if (operator.name === "Null") return wanted.includes(String(list.length === 0));
  const compare = (value: string): Verdict => compareAny(operator, value, wanted);
  switch (operator.set) {
    case undefined:
      if (list.length === 0) return operator.ifExists || operator.negated;
      return list.length === 1 ? compare(list[0] ?? "") : undefined;
    case "ForAllValues":
      return list.every((value) => value === "") || every(list.map(compare));
    case "ForAnyValue":
      if (list.every((value) => value === "")) return operator.ifExists ? undefined : false;
      return some(list.map(compare));
  }
}

/** One value of the request against those of the policy: any will do or, when negated, none may. */
function compareAny(operator: Operator, given: string, wanted: readonly (string | undefined)[]): Verdict {
  let unclear = false;
  for (const value of wanted) {
    const same = value === undefined ? (operator.negated ? undefined : false) : compareOne(operator, given, value);
    if (same === true) return !operator.negated;
    unclear ||= same === undefined;
  }
  return unclear ? undefined : operator.negated;
}

function compareOne({ name, family }: Operator, given: string, wanted: string): Verdict {
  const plain = name.replace("Not", "");
  switch (family) {
    case "String":
      if (plain.endsWith("Like")) return matchesGlob(wanted, literal(given));
      if (plain.endsWith("IgnoreCase")) return given.toLowerCase() === wanted.toLowerCase();
      return given === wanted;
    case "Arn":
      return matchesArn(wanted, literal(given), false);
    case "Ip":
      return isInRange(given, wanted);
    case "Bool":
      return given.toLowerCase() === wanted.toLowerCase();
    case "Binary":
      return given === wanted;
    case "Numeric":
      return compareOrder(plain, number(given), number(wanted));
    case "Date":
      return compareOrder(plain, date(given), date(wanted));
    case "Null":
      return undefined;
  }
}

function compareOrder(name: string, given: number | undefined, wanted: number | undefined): Verdict {
  if (given === undefined || wanted === undefined) return undefined;
  if (name.endsWith("LessThan")) return given < wanted;
  if (name.endsWith("LessThanEquals")) return given <= wanted;
  if (name.endsWith("GreaterThan")) return given > wanted;
  if (name.endsWith("GreaterThanEquals")) return given >= wanted;
  return given === wanted;
}

function number(text: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function date(text: string): number | undefined {
  const time = /^\d{5,}$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** Text that holds no wildcard: a `*` in a request, or in the value of a variable, is a letter like any other. */
export function literal(text: string): string {
  return text.replaceAll("*", "\uE000").replaceAll("?", "\uE001");
}

/** Puts values in the place of policy variables; undefined when one has none. */
export function fill(text: string, context: Context, wildcards: boolean): string | undefined {
  let unknown = false;
  const filled = text.replaceAll(/\$\{([^}]*)\}/g, (_, inner: string) => {
    if (inner === "*" || inner === "?" || inner === "$") return wildcards ? literal(inner) : inner;
    const [, key = "", fallback] = /^([^,]*?)(?:\s*,\s*'([^']*)')?$/.exec(inner) ?? [];
    const value = context.get(key.toLowerCase());
    const single = typeof value === "string" ? value : value?.length === 1 ? value[0] : fallback;
    unknown ||= single === undefined;
    return wildcards ? literal(single ?? "") : (single ?? "");
  });
  return unknown ? undefined : filled;
}

export function every(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

export function some(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}
