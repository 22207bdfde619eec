/**
 * States that compute with JSONPath. A state's input goes through InputPath and Parameters to its work; what that gives
 * goes through ResultSelector and ResultPath into the state's input, and through OutputPath to the next state.
 */
import { compileRule } from "./choice-rule";
import type { Dialect, Subject } from "./dialect";
import { EvaluationFailure, RUNTIME } from "./failure";
import type { Fields } from "./fields";
import { kindOf, type Json, type JsonObject } from "./json";
import { compileTemplate, compileValue, ofError, ofInput, ofResult, type Root } from "./jsonpath-expression";
import { parsePath, PathError, place, type Path } from "./path";
import { itemOf, type Conclude, type Expression, type Scope } from "./scope";
import { readTimestamp, TIMESTAMP } from "./timestamp";
import { checkVariableName } from "./variable";

const THROUGH = ["InputPath", "OutputPath"];
const WORKS = [...THROUGH, "Parameters", "ResultSelector", "ResultPath", "Assign"];

export const jsonpath: Dialect = {
  name: "JSONPath",
  fields: {
    Pass: [...THROUGH, "Parameters", "Result", "ResultPath", "Assign"],
    Task: [...WORKS, "TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"],
    Choice: [...THROUGH, "Assign"],
    Wait: [...THROUGH, "Assign", "Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
    Succeed: THROUGH,
    Fail: ["Error", "ErrorPath", "Cause", "CausePath"],
    Parallel: WORKS,
    Map: [
      ...WORKS.filter((each) => each !== "Parameters"),
      "ItemsPath",
      "ItemSelector",
      "MaxConcurrency",
      "MaxConcurrencyPath",
    ],
  },
  ruleFields: ["Assign", "Variable", "And", "Or", "Not", ...compileRule.comparisons],
  catchFields: ["ResultPath", "Assign"],

  work: (fields) => workOf(fields),

  pass(fields) {
    const work = workOf(fields);
    const given = fields.value("Result");
    const conclude = concludeWith(fields, ofResult);
    return async (scope) => conclude({ ...scope, result: given ?? (await work(scope)) });
  },

  conclude(fields: Fields, subject: Subject) {
    if (subject === "result") return concludeWith(fields, ofResult);
    const [input, output] = [compilePath(fields, "InputPath"), compilePath(fields, "OutputPath")];
    const assign = assignment(fields, ofInput);
    return async (scope) => {
      const through = { ...scope, input: await input(scope) };
      return { output: await output(through), assigned: await assign(through) };
    };
  },

  choose(rule, choice) {
    const through = jsonpath.conclude(choice, "input");
    const input = compilePath(choice, "InputPath");
    const assign = assignment(rule, ofInput);
    return async (scope) => ({
      output: (await through(scope)).output,
      assigned: await assign({ ...scope, input: await input(scope) }),
    });
  },

  caught(fields) {
    const put = compileResultPath(fields);
    const assign = assignment(fields, ofError);
    return async (scope) => ({ output: put(scope, scope.errorOutput ?? null), assigned: await assign(scope) });
  },

  number(fields, name, { least, most }) {
    return written(fields, name, `a whole number from ${least} to ${most}`, (value) =>
      Number.isInteger(value) && (value as number) >= least && (value as number) <= most
        ? (value as number)
        : undefined,
    );
  },

  text: (fields, name) =>
    written(fields, name, "text", (value) => (typeof value === "string" ? value : undefined), true),
  timestamp: (fields, name) => written(fields, name, TIMESTAMP, (value) => readTimestamp(value)),

  items(fields) {
    const input = compilePath(fields, "InputPath");
    const items = compilePath(fields, "ItemsPath");
    return async (scope) => {
      const found = await items({ ...scope, input: await input(scope) });
      if (Array.isArray(found)) return found as readonly Json[];
      throw new EvaluationFailure(
        RUNTIME,
        `The field 'ItemsPath' must lead to a list, got ${kindOf(found)}.`,
        "ItemsPath",
      );
    };
  },

  itemInput(fields) {
    if (!fields.has("ItemSelector")) return async ({ context }) => itemOf(context);
    const input = compilePath(fields, "InputPath");
    const selector = compileTemplate(fields.value("ItemSelector") ?? null, ofInput, fields.at("ItemSelector"));
    return async (scope) => selector({ ...scope, input: await input(scope) });
  },

  test: (fields) => compileRule(fields),
};

function workOf(fields: Fields): Expression {
  const input = compilePath(fields, "InputPath");
  if (!fields.has("Parameters")) return input;
  const parameters = compileTemplate(fields.value("Parameters") ?? null, ofInput, fields.at("Parameters"));
  return async (scope) => parameters({ ...scope, input: await input(scope) });
}

/** @param subject what Assign sees as `$` */
function concludeWith(fields: Fields, subject: Root): Conclude {
  const selector = fields.has("ResultSelector")
    ? compileTemplate(fields.value("ResultSelector") ?? null, ofResult, fields.at("ResultSelector"))
    : async (scope: Scope): Promise<Json> => scope.result ?? null;
  const put = compileResultPath(fields);
  const output = compilePath(fields, "OutputPath");
  const assign = assignment(fields, subject);
  return async (scope) => ({
    output: await output({ ...scope, input: put(scope, await selector(scope)) }),
    assigned: await assign(scope),
  });
}

/** A path of InputPath and its like: `$` without one, nothing at all (`{}`) for null. */
function compilePath(fields: Fields, name: string): Expression {
  if (fields.has(name) && fields.value(name) === null) return async () => ({});
  return compileValue(fields.optionalText(name) ?? "$", ofInput, fields.at(name), name === "ItemsPath");
}

/** Puts a result into the input; null throws the result away. */
function compileResultPath(fields: Fields): (scope: Scope, result: Json) => Json {
  if (fields.has("ResultPath") && fields.value("ResultPath") === null) return ({ input }) => input;
  const path = referencePath(fields);
  return ({ input }, result) => {
    try {
      return place(path, input, result);
    } catch (error) {
      if (!(error instanceof PathError)) throw error;
      throw new EvaluationFailure("States.ResultPathMatchFailure", error.message, "ResultPath");
    }
  };
}

function referencePath(fields: Fields): Path {
  const source = fields.optionalText("ResultPath") ?? "$";
  try {
    const path = parsePath(source);
    if (path.root === "input" && path.isReference) return path;
    fields.at("ResultPath").refuse(`must name one place of the input, like $.a.b, got ${source}`);
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    fields.at("ResultPath").refuse(error.message);
  }
  return parsePath("$");
}

function assignment(fields: Fields, root: Root): Expression<JsonObject> {
  if (!fields.has("Assign")) return async () => ({});
  for (const name of fields.object("Assign").names) {
    checkVariableName(name.replace(/\.\$$/, ""), fields.at("Assign").at(name));
  }
  const template = compileTemplate(fields.value("Assign") ?? null, root, fields.at("Assign"));
  return async (scope) => (await template(scope)) as JsonObject;
}

/** A field that is written, or found by the path in its twin `<name>Path`. */
function written<Value>(
  fields: Fields,
  name: string,
  noun: string,
  read: (value: Json) => Value | undefined,
  isCallAllowed = false,
): Expression<Value> | undefined {
  const twin = `${name}Path`;
  fields.atMostOneOf(name, twin);
  if (fields.has(twin)) {
    const found = compileValue(fields.text(twin), ofInput, fields.at(twin), isCallAllowed);
    return async (scope) => {
      const value = await found(scope);
      const fit = read(value);
      if (fit !== undefined) return fit;
      throw new EvaluationFailure(
        RUNTIME,
        `The field '${twin}' must lead to ${noun}, got ${JSON.stringify(value)}.`,
        twin,
      );
    };
  }
  const raw = fields.value(name);
  if (raw === undefined) return undefined;
  const literal = read(raw);
  if (literal === undefined) fields.at(name).refuse(`must be ${noun}, got ${JSON.stringify(raw)}`);
  return async () => literal as Value;
}
