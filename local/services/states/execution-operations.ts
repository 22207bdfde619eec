/** Executions: started, stopped, looked at. Limits and refusals follow the Step Functions API reference. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AwsError, operation, type Operation } from "../service";
import { onExecution, onMachine } from "./arn";
import { describeExecution, describeSummary, includedData } from "./describe";
import type { ExecutionRunner } from "./execution-runner";
import { describeEvent } from "./history";
import type { Machines } from "./machines";
import { page, pageShape } from "./page";

const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Control}]{1,80}$/u;
/** Bytes of an execution's input. Source: Step Functions quotas. */
const LARGEST_INPUT = 262_144;

const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] as const;

export function executionOperations(machines: Machines, runner: ExecutionRunner): Record<string, Operation> {
  const executionShape = z.object({ executionArn: z.string(), includedData });
  return {
    StartExecution: operation({
      shape: z.object({
        stateMachineArn: z.string(),
        name: z.string().optional(),
        input: z.string().default("{}"),
        traceHeader: z.string().optional(),
      }),
      checks: ({ stateMachineArn }) => onMachine("StartExecution", stateMachineArn),
      run: async ({ stateMachineArn, name = randomUUID(), input }) => {
        checkName(name);
        checkInput(input);
        const { arn, started } = await runner.start(machines.get(stateMachineArn), name, input);
        return { executionArn: arn, startDate: started / 1000 };
      },
    }),
    StopExecution: operation({
      shape: z.object({
        executionArn: z.string(),
        error: z.string().max(256).optional(),
        cause: z.string().max(32_768).optional(),
      }),
      checks: ({ executionArn }) => onExecution("StopExecution", executionArn),
      run: async ({ executionArn, error, cause }) => {
        const stopped = await runner.stop(executionArn, error, cause);
        return { stopDate: stopped / 1000 };
      },
    }),
    DescribeExecution: operation({
      shape: executionShape,
      checks: ({ executionArn }) => onExecution("DescribeExecution", executionArn),
      run: async ({ executionArn, includedData: wanted }) =>
        describeExecution(await runner.find(executionArn), wanted === "ALL_DATA"),
    }),
    DescribeStateMachineForExecution: operation({
      shape: executionShape,
      checks: ({ executionArn }) => onExecution("DescribeStateMachineForExecution", executionArn),
      run: async ({ executionArn }) => {
        const { machineArn, definition, roleArn, started } = await runner.find(executionArn);
        return {
          stateMachineArn: machineArn,
          name: machineArn.split(":").at(-1),
          definition,
          roleArn,
          updateDate: started / 1000,
        };
      },
    }),
    ListExecutions: operation({
      shape: z.object({ stateMachineArn: z.string(), statusFilter: z.enum(STATUSES).optional(), ...pageShape }),
      checks: ({ stateMachineArn }) => onMachine("ListExecutions", stateMachineArn),
      run: async ({ stateMachineArn, statusFilter, ...request }) => {
        const all = await runner.executionsOf(machines.get(stateMachineArn));
        const wanted = all.filter(
          ({ end }) => statusFilter === undefined || (end?.status ?? "RUNNING") === statusFilter,
        );
        const { items, nextToken } = page(wanted, request);
        return { executions: items.map(describeSummary), nextToken };
      },
    }),
    GetExecutionHistory: operation({
      shape: z.object({
        executionArn: z.string(),
        reverseOrder: z.boolean().default(false),
        includeExecutionData: z.boolean().default(true),
        ...pageShape,
      }),
      checks: ({ executionArn }) => onExecution("GetExecutionHistory", executionArn),
      run: async ({ executionArn, reverseOrder, includeExecutionData, ...request }) => {
        const { events } = await runner.find(executionArn);
        const { items, nextToken } = page(reverseOrder ? [...events].reverse() : events, request);
        return { events: items.map((event) => describeEvent(event, includeExecutionData)), nextToken };
      },
    }),
  };
}

function checkName(name: string): void {
  if (!NAME.test(name)) throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
}

function checkInput(input: string): void {
  const bytes = Buffer.byteLength(input);
  if (bytes > LARGEST_INPUT) {
    throw new AwsError(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: ${bytes} bytes, at most ${LARGEST_INPUT}`,
    );
  }
  try {
    JSON.parse(input);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError("InvalidExecutionInput", `Invalid State Machine Execution Input: '${reason}'`);
  }
}
