/** How Step Functions shows machines and executions. */
import { z } from "zod";
import type { ExecutionRecord } from "./execution-record";
import type { StateMachine } from "./state-machine";

/** Whether data is wanted beside the facts about it. */
export const includedData = z.enum(["ALL_DATA", "METADATA_ONLY"]).default("ALL_DATA");

/** @param includesData false leaves out the definition */
export function describeMachine(machine: StateMachine, includesData: boolean): object {
  const { name, arn, definition, roleArn, revisionId, logging } = machine;
  return {
    stateMachineArn: arn,
    name,
    status: "ACTIVE",
    ...(includesData ? { definition } : {}),
    roleArn,
    type: "STANDARD",
    // The stage keeps no history of declarations.
    creationDate: 0,
    loggingConfiguration: {
      level: logging?.level ?? "OFF",
      includeExecutionData: logging?.includesData ?? false,
      ...(logging === undefined
        ? {}
        : { destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logging.destination } }] }),
    },
    tracingConfiguration: { enabled: false },
    revisionId,
  };
}

/** @param includesData false leaves out input and output */
export function describeExecution(execution: ExecutionRecord, includesData: boolean): object {
  const { input, end } = execution;
  const data = (key: "input" | "output", text: string | undefined): object =>
    includesData && text !== undefined ? { [key]: text, [`${key}Details`]: { included: true } } : {};
  return {
    ...describeSummary(execution),
    ...data("input", input),
    ...data("output", end?.output),
    error: end?.error,
    cause: end?.cause,
    redriveStatus: "NOT_REDRIVABLE",
    redriveStatusReason: "The local stage redrives no executions",
  };
}

/** An execution in a list. */
export function describeSummary({ arn, machineArn, name, started, end }: ExecutionRecord): object {
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status: end?.status ?? "RUNNING",
    startDate: started / 1000,
    ...(end === undefined ? {} : { stopDate: end.stopped / 1000 }),
    redriveCount: 0,
  };
}
