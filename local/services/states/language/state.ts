/** Reads one state: its type says which fields it has, its query language how they are computed. */
import {
  LONGEST_TIMEOUT_SECONDS,
  type Catcher,
  type ChoiceRule,
  type Retrier,
  type State,
  type StateType,
} from "./definition";
import { Fields } from "./fields";
import type { Reading } from "./parse";
import type { Expression } from "./scope";

const LEADS = ["Next", "End"];
const CAN_FAIL = ["Retry", "Catch"];

/** Fields of a type in every language. */
const FIELDS: Readonly<Record<StateType, readonly string[]>> = {
  Pass: LEADS,
  Task: ["Resource", ...LEADS, ...CAN_FAIL],
  Choice: ["Choices", "Default"],
  Wait: LEADS,
  Succeed: [],
  Fail: [],
  Parallel: ["Branches", ...LEADS, ...CAN_FAIL],
  Map: ["ItemProcessor", ...LEADS, ...CAN_FAIL],
};

export function parseState(name: string, fields: Fields, reading: Reading): State | undefined {
  const type = typeOf(fields);
  if (type === undefined) return undefined;
  const { dialect } = reading;
  const allowed = ["Type", "Comment", "QueryLanguage", ...FIELDS[type], ...dialect.fields[type]];
  fields.expectOnly(allowed, `a ${type} in ${dialect.name}`);
  fields.optionalText("Comment");
  switch (type) {
    case "Pass":
      return { name, type, conclude: dialect.pass(fields), next: nextOf(fields) };
    case "Task":
      return { name, type, ...parseTask(fields, reading), ...fallible(fields, reading), next: nextOf(fields) };
    case "Choice":
      return { name, type, ...parseChoice(fields, reading) };
    case "Wait":
      return {
        name,
        type,
        until: parseUntil(fields, reading),
        conclude: dialect.conclude(fields, "input"),
        next: nextOf(fields),
      };
    case "Succeed":
      return { name, type, conclude: dialect.conclude(fields, "input") };
    case "Fail":
      return { name, type, error: dialect.text(fields, "Error"), cause: dialect.text(fields, "Cause") };
    case "Parallel":
      return { name, type, ...parseParallel(fields, reading), ...fallible(fields, reading), next: nextOf(fields) };
    case "Map":
      return { name, type, ...parseMap(fields, reading), ...fallible(fields, reading), next: nextOf(fields) };
  }
}

function typeOf(fields: Fields): StateType | undefined {
  const type = fields.text("Type");
  if (Object.hasOwn(FIELDS, type)) return type as StateType;
  if (type !== "") fields.at("Type").refuse(`must be one of ${Object.keys(FIELDS).join(", ")}, got ${type}`);
  return undefined;
}

function nextOf(fields: Fields): string | undefined {
  const next = fields.optionalText("Next");
  if (fields.has("End") && !fields.flag("End")) fields.at("End").refuse("must be true where it is given");
  if (fields.has("Next") === fields.has("End")) fields.place.refuse("needs either Next or End");
  return next;
}

function parseTask(fields: Fields, { dialect, refusalOf }: Reading) {
  const resource = fields.text("Resource");
  const refusal = resource === "" ? undefined : refusalOf(resource);
  if (refusal !== undefined) fields.at("Resource").refuse(refusal);
  const bounds = { least: 1, most: LONGEST_TIMEOUT_SECONDS };
  const timeoutSeconds = dialect.number(fields, "TimeoutSeconds", bounds);
  const heartbeatSeconds = dialect.number(fields, "HeartbeatSeconds", bounds);
  const [timeout, heartbeat] = [fields.value("TimeoutSeconds"), fields.value("HeartbeatSeconds")];
  if (typeof timeout === "number" && typeof heartbeat === "number" && heartbeat >= timeout) {
    fields.at("HeartbeatSeconds").refuse(`must be less than TimeoutSeconds (${timeout}), got ${heartbeat}`);
  }
  return {
    resource,
    work: dialect.work(fields),
    timeoutSeconds,
    heartbeatSeconds,
    conclude: dialect.conclude(fields, "result"),
  };
}

function parseChoice(fields: Fields, { dialect }: Reading) {
  const rules = fields.list("Choices").map((raw, index): ChoiceRule => {
    const rule = Fields.of(raw, fields.at("Choices").at(index));
    rule.expectOnly(["Next", "Comment", ...dialect.ruleFields], "a choice");
    return { test: dialect.test(rule), conclude: dialect.choose(rule, fields), next: rule.text("Next") };
  });
  const otherwise = fields.optionalText("Default");
  const conclude = dialect.conclude(fields, "input");
  return { rules, otherwise: otherwise === undefined ? undefined : { next: otherwise, conclude } };
}

function parseUntil(fields: Fields, { dialect }: Reading): Expression<number> {
  const seconds = dialect.number(fields, "Seconds", { least: 0, most: LONGEST_TIMEOUT_SECONDS });
  const timestamp = dialect.timestamp(fields, "Timestamp");
  if ((seconds === undefined) === (timestamp === undefined)) fields.place.refuse("needs either Seconds or Timestamp");
  if (timestamp !== undefined) return timestamp;
  return async (scope) => scope.now + (seconds === undefined ? 0 : await seconds(scope)) * 1000;
}

function parseParallel(fields: Fields, reading: Reading) {
  const branches = fields.list("Branches").map((raw, index) => {
    const branch = Fields.of(raw, fields.at("Branches").at(index));
    branch.expectOnly(["StartAt", "States", "Comment"], "a branch");
    return reading.graph(branch, reading);
  });
  return { branches, work: reading.dialect.work(fields), conclude: reading.dialect.conclude(fields, "result") };
}

function parseMap(fields: Fields, reading: Reading) {
  const { dialect } = reading;
  const processor = fields.object("ItemProcessor");
  processor.expectOnly(["ProcessorConfig", "StartAt", "States", "Comment"], "an item processor");
  if (processor.has("ProcessorConfig")) {
    const config = processor.object("ProcessorConfig");
    config.expectOnly(["Mode"], "the configuration of an inline processor");
    const mode = config.optionalText("Mode") ?? "INLINE";
    if (mode !== "INLINE") config.at("Mode").refuse(`the local stage runs INLINE only, got ${mode}`);
  }
  return {
    items: dialect.items(fields),
    itemInput: dialect.itemInput(fields),
    maxConcurrency: dialect.number(fields, "MaxConcurrency", { least: 0, most: 1_000 }) ?? (async () => 0),
    processor: reading.graph(processor, reading),
    conclude: dialect.conclude(fields, "result"),
  };
}

/** Source of bounds and defaults: Amazon States Language specification, "Retrying after error". */
function fallible(fields: Fields, { dialect }: Reading): { retriers: Retrier[]; catchers: Catcher[] } {
  const own = ["ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"];
  const retriers = fields.optionalList("Retry").map((raw, index, all): Retrier => {
    const retrier = Fields.of(raw, fields.at("Retry").at(index));
    retrier.expectOnly([...own, "Comment"], "a retrier");
    const jitter = retrier.optionalText("JitterStrategy") ?? "NONE";
    if (!["NONE", "FULL"].includes(jitter)) retrier.at("JitterStrategy").refuse(`must be NONE or FULL, got ${jitter}`);
    return {
      errors: errorsOf(retrier, index === all.length - 1),
      intervalSeconds: retrier.number("IntervalSeconds", 1, { least: 1, most: LONGEST_TIMEOUT_SECONDS }),
      maxAttempts: retrier.number("MaxAttempts", 3, { least: 0, most: LONGEST_TIMEOUT_SECONDS }),
      backoffRate: retrier.number("BackoffRate", 2, { least: 1, isWhole: false }),
      maxDelaySeconds: retrier.has("MaxDelaySeconds")
        ? retrier.number("MaxDelaySeconds", 1, { least: 1, most: 31_622_399 })
        : Infinity,
      isJittered: jitter === "FULL",
    };
  });
  const catchers = fields.optionalList("Catch").map((raw, index, all): Catcher => {
    const catcher = Fields.of(raw, fields.at("Catch").at(index));
    catcher.expectOnly(["ErrorEquals", "Next", "Comment", ...dialect.catchFields], "a catcher");
    return {
      errors: errorsOf(catcher, index === all.length - 1),
      conclude: dialect.caught(catcher),
      next: catcher.text("Next"),
    };
  });
  return { retriers, catchers };
}

function errorsOf(fields: Fields, isLast: boolean): string[] {
  const names = fields.list("ErrorEquals").filter((name): name is string => typeof name === "string");
  const place = fields.at("ErrorEquals");
  if (names.length < fields.list("ErrorEquals").length) place.refuse("must be a list of texts");
  if (names.includes("States.ALL") && !(isLast && names.length === 1)) {
    place.refuse("States.ALL stands alone, in the last entry");
  }
  return names;
}
