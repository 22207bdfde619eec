/** States that compute with JSONata: Arguments, Output and Assign, and any field written as `{% ... %}`. */
import type { Dialect, Subject } from "./dialect";
import { EvaluationFailure } from "./failure";
import type { Fields } from "./fields";
import { isObject, kindOf, type Json, type JsonObject } from "./json";
import { compileJsonata, QUERY_FAILED } from "./jsonata-expression";
import type { Place } from "./place";
import { itemOf, type Conclude, type Expression } from "./scope";
import { readTimestamp, TIMESTAMP } from "./timestamp";
import { checkVariableName } from "./variable";

const HANDS_ON = ["Output", "Assign"];

export const jsonata: Dialect = {
  name: "JSONata",
  fields: {
    Pass: HANDS_ON,
    Task: ["Arguments", "TimeoutSeconds", "HeartbeatSeconds", ...HANDS_ON],
    Choice: HANDS_ON,
    Wait: ["Seconds", "Timestamp", ...HANDS_ON],
    Succeed: ["Output"],
    Fail: ["Error", "Cause"],
    Parallel: ["Arguments", ...HANDS_ON],
    Map: ["Items", "ItemSelector", "MaxConcurrency", ...HANDS_ON],
  },
  ruleFields: ["Condition", ...HANDS_ON],
  catchFields: HANDS_ON,

  work: (fields) => (fields.has("Arguments") ? template(fields, "Arguments") : async ({ input }) => input),
  pass: (fields) => conclude(fields, "input"),
  conclude,
  choose: (rule) => conclude(rule, "input"),
  caught: (fields) => conclude(fields, "errorOutput"),

  number(fields, name, { least, most }) {
    return computed(fields, name, `a whole number from ${least} to ${most}`, (value) =>
      Number.isInteger(value) && (value as number) >= least && (value as number) <= most
        ? (value as number)
        : undefined,
    );
  },

  text: (fields, name) => computed(fields, name, "text", (value) => (typeof value === "string" ? value : undefined)),

  timestamp(fields, name) {
    return computed(fields, name, TIMESTAMP, (value) => readTimestamp(value));
  },

  items(fields) {
    const computedItems = computed(fields, "Items", "a list", (value) =>
      Array.isArray(value) ? (value as readonly Json[]) : undefined,
    );
    return (
      computedItems ?? (async ({ input }) => expect(input, "Items", "a list (without Items, the input is)", isList))
    );
  },

  itemInput: (fields) =>
    fields.has("ItemSelector") ? template(fields, "ItemSelector") : async ({ context }) => itemOf(context),

  test(fields) {
    const test = computed(fields, "Condition", "true or false", (value) =>
      typeof value === "boolean" ? value : undefined,
    );
    if (test === undefined) fields.at("Condition").refuse("is needed");
    return test ?? (async () => false);
  },
};

function conclude(fields: Fields, subject: Subject | "errorOutput"): Conclude {
  const output = fields.has("Output") ? template(fields, "Output") : undefined;
  const assign = fields.has("Assign") ? assignment(fields) : undefined;
  return async (scope) => ({
    output: output === undefined ? (scope[subject] ?? null) : await output(scope),
    assigned: assign === undefined ? {} : ((await assign(scope)) as JsonObject),
  });
}

function assignment(fields: Fields): Expression {
  fields.object("Assign").names.forEach((name) => checkVariableName(name, fields.at("Assign").at(name)));
  return template(fields, "Assign");
}

/** A value of any shape, with expressions in it. */
function template(fields: Fields, name: string): Expression {
  return compileTemplate(fields.value(name) ?? null, fields.at(name));
}

function compileTemplate(value: Json, place: Place): Expression {
  if (typeof value === "string") return compileText(value, place);
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item, index) => compileTemplate(item, place.at(index)));
    return async (scope) => Promise.all(items.map((item) => item(scope)));
  }
  if (!isObject(value)) return async () => value;
  const members = Object.entries(value).map(([key, item]) => [key, compileTemplate(item, place.at(key))] as const);
  return async (scope) =>
    Object.fromEntries(await Promise.all(members.map(async ([key, item]) => [key, await item(scope)] as const)));
}

function compileText(text: string, place: Place): Expression {
  if (!text.startsWith("{%")) return async () => text;
  if (text.endsWith("%}") && text.length >= 4) return compileJsonata(text.slice(2, -2), place);
  place.refuse(`begins like an expression but does not end like one: write {% ... %}, got ${text}`);
  return async () => null;
}

/** A field that is of one kind, whether it is written or computed. */
function computed<Value>(
  fields: Fields,
  name: string,
  noun: string,
  read: (value: Json) => Value | undefined,
): Expression<Value> | undefined {
  const raw = fields.value(name);
  if (raw === undefined) return undefined;
  if (typeof raw === "string" && raw.startsWith("{%")) {
    const expression = compileText(raw, fields.at(name));
    const { field } = fields.at(name);
    return async (scope) => expect(await expression(scope), field, noun, read);
  }
  const literal = read(raw);
  if (literal === undefined)
    fields.at(name).refuse(`must be ${noun} or an expression {% ... %}, got ${JSON.stringify(raw)}`);
  return async () => literal as Value;
}

function expect<Value>(value: Json, field: string, noun: string, read: (value: Json) => Value | undefined): Value {
  const found = read(value);
  if (found !== undefined) return found;
  throw new EvaluationFailure(QUERY_FAILED, `The field '${field}' must be ${noun}, got ${kindOf(value)}.`, field);
}

function isList(value: Json): readonly Json[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]) : undefined;
}
