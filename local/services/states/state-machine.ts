/** A state machine as the program declares it, read and checked before anything runs. */
import { createHash } from "node:crypto";
import { describeResource, flagOf, optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import { StageError } from "../../diagnostics";
import { isRecord } from "../../graph/value";
import { expectOnly, refuse } from "../cloudwatch/declared";
import { refusalOf } from "./integrations/catalog";
import type { Machine } from "./language/definition";
import { parseMachine } from "./language/parse";
import { DefinitionError, renderProblem } from "./language/place";

export interface StateMachine {
  readonly resource: Resource;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** JSON text, as declared. */
  readonly definition: string;
  readonly machine: Machine;
  /** Changes whenever the definition or the role does. */
  readonly revisionId: string;
  readonly logging: Logging | undefined;
}

export type LogLevel = "ALL" | "ERROR" | "FATAL";

export interface Logging {
  readonly level: LogLevel;
  readonly includesData: boolean;
  readonly group: string;
  /** ARN of the group with `:*` behind it. */
  readonly destination: string;
}

const TYPE = "aws:sfn/stateMachine:StateMachine";

/** @throws StageError naming the machine, the state and the field that the stage does not run */
export function readStateMachines(graph: Graph): StateMachine[] {
  return graph.ofType(TYPE).map((resource) => {
    expectOnly(resource, [
      "name",
      "namePrefix",
      "definition",
      "roleArn",
      "type",
      "loggingConfiguration",
      "tracingConfiguration",
    ]);
    const { inputs, outputs } = resource;
    const type = optionalText(inputs, "type") ?? "STANDARD";
    if (type !== "STANDARD") refuse(resource, `the local stage runs STANDARD machines only, got ${type}`);
    const tracing = inputs["tracingConfiguration"];
    if (isRecord(tracing) && flagOf(tracing, "enabled"))
      refuse(resource, "the local stage traces nothing: leave tracingConfiguration out");
    const definition = textOf(inputs, "definition");
    const roleArn = textOf(inputs, "roleArn");
    return {
      resource,
      name: textOf(outputs, "name"),
      arn: textOf(outputs, "arn"),
      roleArn,
      definition,
      machine: parse(resource, definition),
      revisionId: revisionOf(definition, roleArn),
      logging: readLogging(resource),
    };
  });
}

function parse(resource: Resource, definition: string): Machine {
  try {
    return parseMachine(definition, { refusalOf });
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new StageError(
      error.problems.map((problem) => `${describeResource(resource)}: ${renderProblem(problem)}`).join("\n"),
    );
  }
}

function readLogging(resource: Resource): Logging | undefined {
  const logging = resource.inputs["loggingConfiguration"];
  if (!isRecord(logging)) return undefined;
  const level = optionalText(logging, "level") ?? "OFF";
  if (level === "OFF") return undefined;
  if (level !== "ALL" && level !== "ERROR" && level !== "FATAL") {
    refuse(resource, `loggingConfiguration.level must be ALL, ERROR, FATAL or OFF, got ${level}`);
  }
  const destination = optionalText(logging, "logDestination") ?? "";
  const [, group] = /^arn:[^:]+:logs:[^:]*:\d{12}:log-group:([^:*]+):\*$/.exec(destination) ?? [];
  if (group === undefined) {
    refuse(
      resource,
      `loggingConfiguration.logDestination must be the ARN of a log group with :* behind it, got ${destination || "nothing"}`,
    );
  }
  return { level, includesData: flagOf(logging, "includeExecutionData"), group, destination };
}

/** A UUID made of the definition and the role. */
export function revisionOf(definition: string, roleArn: string): string {
  const digits = createHash("sha256").update(`${roleArn}\n${definition}`).digest("hex");
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-a$4-$5");
}
