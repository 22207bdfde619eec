/** Works out a template's values: intrinsic functions, conditions and pseudo parameters. */
import type { AccountFacts } from "../../model";
import { invalid } from "../refusal";
import { isObject, type Json, type JsonObject, textOf } from "./json";
import { parameterValue, type ParameterValues } from "./parameters";
import { readGetAtt, SUB_PLACE } from "./references";
import type { Template } from "./read-template";

/** What stands where a value is known only once the change set has been executed. */
export const KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}";

/** Where references lead. */
export interface Scope {
  readonly template: Template;
  readonly parameters: ParameterValues;
  readonly facts: AccountFacts;
  readonly stackName: string;
  readonly stackId: string;
  /** What `Ref` of a resource yields. */
  readonly refOf: (logicalId: string) => Json;
  readonly attributeOf: (logicalId: string, attribute: string) => Json;
  /** @throws AwsError where nobody exports the name */
  readonly importOf: (name: string) => Json;
}

/** Stands for a property that is left out. */
const NO_VALUE = Symbol("AWS::NoValue");

type Resolved = Json | typeof NO_VALUE;

/** @throws AwsError `ValidationError` */
export function resolve(value: Json, scope: Scope): Json {
  const resolved = evaluate(value, scope);
  return resolved === NO_VALUE ? null : resolved;
}

/** @throws AwsError `ValidationError` for a condition that the template does not have */
export function holds(condition: string | undefined, scope: Scope): boolean {
  if (condition === undefined) return true;
  const declared = scope.template.Conditions[condition];
  if (declared === undefined) throw invalid(`Template format error: Unresolved condition dependency ${condition}`);
  return isTrue(declared, scope);
}

/** Logical ids of the resources that the conditions let in. */
export function presentResources(scope: Scope): string[] {
  return Object.entries(scope.template.Resources)
    .filter(([, { Condition }]) => holds(Condition, scope))
    .map(([name]) => name);
}

function evaluate(value: Json, scope: Scope): Resolved {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope)).filter((item) => item !== NO_VALUE);
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && isFunction(only[0])) return call(only[0], only[1], scope);
  const fields = entries.map(([key, item]) => [key, evaluate(item, scope)] as const);
  return Object.fromEntries(fields.filter(([, item]) => item !== NO_VALUE)) as JsonObject;
}

function isFunction(key: string): boolean {
  return key === "Ref" || key === "Condition" || key.startsWith("Fn::");
}

function call(name: string, argument: Json, scope: Scope): Resolved {
  switch (name) {
    case "Ref":
      return reference(textOf(argument), scope);
    case "Condition":
      return holds(textOf(argument), scope);
    case "Fn::GetAtt": {
      const { name: logicalId, attribute } = readGetAtt(argument);
      return scope.attributeOf(logicalId, attribute);
    }
    case "Fn::Sub":
      return substitute(argument, scope);
    case "Fn::Join": {
      const [separator, items] = list(name, argument, scope, 2);
      const texts = Array.isArray(items) ? items : [];
      return unlessLater(texts, () => texts.map(textOf).join(textOf(separator)));
    }
    case "Fn::Split": {
      const [separator, text] = list(name, argument, scope, 2);
      return unlessLater([text], () => textOf(text).split(textOf(separator)));
    }
    case "Fn::Select": {
      const [index, items] = list(name, argument, scope, 2);
      if (items === KNOWN_AFTER_APPLY) return items;
      const item = Array.isArray(items) ? items[Number(index)] : undefined;
      if (item === undefined)
        throw invalid(`Template error: Fn::Select cannot select nonexistent value at index ${Number(index)}`);
      return item;
    }
    case "Fn::Base64": {
      const text = resolve(argument, scope);
      return unlessLater([text], () => Buffer.from(textOf(text)).toString("base64"));
    }
    case "Fn::If": {
      const [condition, then, otherwise] = Array.isArray(argument) ? argument : [];
      if (then === undefined || otherwise === undefined)
        throw invalid("Template error: Fn::If takes a condition and two values");
      return evaluate(holds(textOf(condition), scope) ? then : otherwise, scope);
    }
    case "Fn::FindInMap": {
      const [map, first, second] = list(name, argument, scope, 3).map(textOf);
      const found = scope.template.Mappings[map ?? ""]?.[first ?? ""]?.[second ?? ""];
      if (found === undefined) throw invalid(`Template error: Unable to get mapping for ${map}::${first}::${second}`);
      return found;
    }
    case "Fn::ImportValue":
      return scope.importOf(textOf(resolve(argument, scope)));
    case "Fn::GetAZs":
      return ["a", "b", "c"].map((zone) => `${scope.facts.region}${zone}`);
    case "Fn::Equals":
    case "Fn::And":
    case "Fn::Or":
    case "Fn::Not":
      return isTrue({ [name]: argument }, scope);
    default:
      throw invalid(`the local stage does not work out ${name}: write the value another way`);
  }
}

/** A value made of one that is not known yet is not known either. */
function unlessLater(parts: readonly (Json | undefined)[], make: () => Json): Json {
  return parts.some((part) => JSON.stringify(part)?.includes(KNOWN_AFTER_APPLY) === true) ? KNOWN_AFTER_APPLY : make();
}

function list(name: string, argument: Json, scope: Scope, length: number): Json[] {
  const items = resolve(argument, scope);
  if (Array.isArray(items) && items.length >= length) return items;
  throw invalid(`Template error: ${name} takes a list of ${length}`);
}

function substitute(argument: Json, scope: Scope): Json {
  const [text, own] = Array.isArray(argument) ? [argument[0], argument[1]] : [argument, undefined];
  if (typeof text !== "string") throw invalid("Template error: every Fn::Sub object takes a text");
  const variables = isObject(own) ? own : {};
  let later = false;
  const filled = text.replace(SUB_PLACE, (_, written: string) => {
    const place = written.trim();
    const dot = place.indexOf(".");
    const value = Object.hasOwn(variables, place)
      ? resolve(variables[place] ?? null, scope)
      : dot < 0
        ? reference(place, scope)
        : scope.attributeOf(place.slice(0, dot), place.slice(dot + 1));
    later ||= value === KNOWN_AFTER_APPLY;
    return value === NO_VALUE ? "" : textOf(value);
  });
  return later ? KNOWN_AFTER_APPLY : filled.replaceAll("${!", "${");
}

function reference(name: string, scope: Scope): Resolved {
  const { facts, parameters, template } = scope;
  switch (name) {
    case "AWS::NoValue":
      return NO_VALUE;
    case "AWS::AccountId":
      return facts.account;
    case "AWS::Region":
      return facts.region;
    case "AWS::Partition":
      return facts.partition;
    case "AWS::StackName":
      return scope.stackName;
    case "AWS::StackId":
      return scope.stackId;
    case "AWS::URLSuffix":
      return facts.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    case "AWS::NotificationARNs":
      return [];
    default: {
      const parameter = template.Parameters[name];
      return parameter === undefined ? scope.refOf(name) : parameterValue(parameter, parameters[name] ?? "");
    }
  }
}

function isTrue(condition: Json, scope: Scope): boolean {
  if (typeof condition === "boolean") return condition;
  if (isObject(condition)) {
    const [name, argument] = Object.entries(condition)[0] ?? [];
    const parts = Array.isArray(argument) ? argument : [];
    if (name === "Condition") return holds(textOf(argument), scope);
    if (name === "Fn::Equals") return same(resolve(parts[0] ?? null, scope), resolve(parts[1] ?? null, scope));
    if (name === "Fn::And") return parts.every((part) => isTrue(part, scope));
    if (name === "Fn::Or") return parts.some((part) => isTrue(part, scope));
    if (name === "Fn::Not") return !isTrue(parts[0] ?? false, scope);
  }
  throw invalid("Template error: a condition is made of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition");
}

function same(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || textOf(a) === textOf(b);
}
