/** A rule and its targets as the program declares them. */
import { flagOf, numberOf, optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import { StageError } from "../../diagnostics";
import { isRecord } from "../../graph/value";
import { expectOnly, refuse } from "../cloudwatch/declared";
import { parsePattern, type EventPredicate } from "./pattern";
import { parseSchedule, type Schedule } from "./schedule";
import { targetProblem } from "./target-call";

export interface Target {
  readonly id: string;
  readonly rule: string;
  readonly arn: string;
  /** As which it is called, where it does not let EventBridge in itself. */
  readonly roleArn: string | undefined;
  /** What the target gets for an event, as JSON text. */
  readonly payload: (event: BusEvent) => string;
  readonly retries: { readonly most: number; readonly longestMs: number };
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly isEnabled: boolean;
  readonly expression: string | undefined;
  readonly schedule: Schedule | undefined;
  readonly pattern: string | undefined;
  readonly isFor: EventPredicate;
  readonly targets: readonly Target[];
}

/** An event as targets get it; the names are EventBridge's. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, without milliseconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export const BUS = "default";

/** `2026-01-05T10:00:00Z`. */
export function isoTime(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** Source: EventBridge user guide, "How EventBridge retries delivering events". */
const MOST_RETRIES = 185;
const LONGEST_SECONDS = 86_400;

/** @throws StageError naming the rule or target that is declared in a way the stage does not follow */
export function readRules(graph: Graph): Rule[] {
  const targets = graph.ofType("aws:cloudwatch/eventTarget:EventTarget").map((each) => readTarget(each, graph));
  return graph.ofType("aws:cloudwatch/eventRule:EventRule").map((resource) => {
    expectOnly(resource, [
      "name",
      "description",
      "scheduleExpression",
      "eventPattern",
      "eventBusName",
      "isEnabled",
      "state",
    ]);
    checkBus(resource);
    const { inputs, outputs } = resource;
    const name = textOf(outputs, "name");
    const [expression, pattern] = [optionalText(inputs, "scheduleExpression"), optionalText(inputs, "eventPattern")];
    if (expression === undefined && pattern === undefined)
      refuse(resource, "it needs a scheduleExpression or an eventPattern");
    return {
      name,
      arn: textOf(outputs, "arn"),
      description: optionalText(inputs, "description"),
      isEnabled: isEnabled(resource),
      expression,
      schedule: expression === undefined ? undefined : naming(resource, () => parseSchedule(expression)),
      pattern,
      isFor: pattern === undefined ? () => false : naming(resource, () => parsePattern(pattern)),
      targets: targets.filter(({ rule }) => rule === name),
    };
  });
}

function readTarget(resource: Resource, graph: Graph): Target {
  expectOnly(resource, ["rule", "arn", "targetId", "eventBusName", "input", "inputPath", "retryPolicy", "roleArn"]);
  checkBus(resource);
  const { inputs, outputs } = resource;
  const arn = textOf(inputs, "arn");
  const roleArn = optionalText(inputs, "roleArn");
  const problem = targetProblem(arn, roleArn);
  if (problem !== undefined) refuse(resource, problem);
  const rule = textOf(inputs, "rule");
  const isThere = graph.ofType("aws:cloudwatch/eventRule:EventRule").some(({ outputs: { name } }) => name === rule);
  if (!isThere) refuse(resource, `its rule ${rule} is not in the graph: declare it in the same program`);
  const retries = inputs["retryPolicy"];
  const policy = isRecord(retries) ? retries : {};
  return {
    id: textOf(outputs, "targetId"),
    rule,
    arn,
    roleArn,
    payload: readPayload(resource),
    retries: {
      most: numberOf(policy, "maximumRetryAttempts", MOST_RETRIES),
      longestMs: numberOf(policy, "maximumEventAgeInSeconds", LONGEST_SECONDS) * 1000,
    },
  };
}

/** The event; a text of the target's own; or a part of the event. */
function readPayload(resource: Resource): Target["payload"] {
  const [input, path] = [optionalText(resource.inputs, "input"), optionalText(resource.inputs, "inputPath") ?? "$"];
  if (input !== undefined) {
    naming(resource, () => JSON.parse(input) as unknown);
    return () => input;
  }
  if (!/^\$(\.[\w-]+)*$/.test(path)) refuse(resource, `inputPath must be like $.detail.name here, got ${path}`);
  const keys = path.split(".").slice(1);
  return (event) =>
    JSON.stringify(
      keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], event) ?? null,
    );
}

function isEnabled(resource: Resource): boolean {
  const state = optionalText(resource.inputs, "state");
  if (state !== undefined && state !== "ENABLED" && state !== "DISABLED") {
    refuse(resource, `state must be ENABLED or DISABLED here, got ${state}`);
  }
  return state === undefined ? flagOf(resource.inputs, "isEnabled", true) : state === "ENABLED";
}

function checkBus(resource: Resource): void {
  const bus = optionalText(resource.inputs, "eventBusName") ?? BUS;
  if (bus !== BUS) refuse(resource, `the local stage has the bus ${BUS} only, got ${bus}`);
}

/** Lets an error about a property say which resource it is of. */
function naming<Result>(resource: Resource, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof StageError || error instanceof SyntaxError) refuse(resource, error.message);
    throw error;
  }
}
