/**
 * Step Functions: the graph's state machines, their executions on disk event by event. A task that was under way when the
 * stage went down is performed again when it opens: tasks are performed at least once.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { jsonBinding } from "../../endpoint/json-binding";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Operation, type Service } from "../service";
import { onAny, onExecution, onMachine } from "./arn";
import { describeExecution, describeMachine, describeSummary } from "./describe";
import { ExecutionRunner } from "./execution-runner";
import { describeEvent } from "./history";
import { judgeDefinition } from "./judgement";
import { page, pageShape } from "./page";
import type { Json } from "./language/json";
import { readStateMachines, type StateMachine } from "./state-machine";
import { readToken } from "./token";

const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Control}]{1,80}$/u;
/** Bytes of an execution's input. Source: Step Functions quotas. */
const LARGEST_INPUT = 262_144;

const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] as const;
const data = z.enum(["ALL_DATA", "METADATA_ONLY"]).default("ALL_DATA");

export class StatesService implements Service {
  readonly signingName = "states";
  readonly binding = jsonBinding("AWSStepFunctions", "1.0");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;

  /** @throws StageError naming the machine, state and field that the stage does not run */
  static async open(context: ServiceContext): Promise<StatesService> {
    const machines = readStateMachines(context.graph);
    return new StatesService(machines, await ExecutionRunner.open(machines, context));
  }

  private constructor(
    private readonly machines: readonly StateMachine[],
    private readonly runner: ExecutionRunner,
  ) {
    this.operations = { ...this.#ofMachines(), ...this.#ofExecutions(), ...this.#ofTasks() };
  }

  start(): void {
    this.runner.resume();
  }

  close(): Promise<void> {
    return this.runner.close();
  }

  #ofMachines(): Record<string, Operation> {
    const machineShape = z.object({ stateMachineArn: z.string(), includedData: data });
    return {
      DescribeStateMachine: operation({
        shape: machineShape,
        checks: ({ stateMachineArn }) => onMachine("DescribeStateMachine", stateMachineArn),
        run: ({ stateMachineArn }) => describeMachine(this.#machine(stateMachineArn)),
      }),
      ValidateStateMachineDefinition: operation({
        shape: z.object({ definition: z.string(), type: z.literal("STANDARD").default("STANDARD") }),
        checks: () => onAny("ValidateStateMachineDefinition"),
        run: ({ definition }) => judgeDefinition(definition),
      }),
      ListStateMachines: operation({
        shape: z.object(pageShape),
        checks: () => onAny("ListStateMachines"),
        run: (request) => {
          const { items, nextToken } = page(this.machines, request);
          const stateMachines = items.map(({ arn, name }) => ({
            stateMachineArn: arn,
            name,
            type: "STANDARD",
            creationDate: 0,
          }));
          return { stateMachines, nextToken };
        },
      }),
    };
  }

  #ofExecutions(): Record<string, Operation> {
    const executionShape = z.object({ executionArn: z.string(), includedData: data });
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
          const { arn, started } = await this.runner.start(this.#machine(stateMachineArn), name, input);
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
          const stopped = await this.runner.stop(executionArn, error, cause);
          return { stopDate: stopped / 1000 };
        },
      }),
      DescribeExecution: operation({
        shape: executionShape,
        checks: ({ executionArn }) => onExecution("DescribeExecution", executionArn),
        run: async ({ executionArn, includedData }) =>
          describeExecution(await this.runner.find(executionArn), includedData === "ALL_DATA"),
      }),
      DescribeStateMachineForExecution: operation({
        shape: executionShape,
        checks: ({ executionArn }) => onExecution("DescribeStateMachineForExecution", executionArn),
        run: async ({ executionArn }) => {
          const { machineArn, definition, roleArn, started } = await this.runner.find(executionArn);
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
          const all = await this.runner.executionsOf(this.#machine(stateMachineArn));
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
          const { events } = await this.runner.find(executionArn);
          const { items, nextToken } = page(reverseOrder ? [...events].reverse() : events, request);
          return { events: items.map((event) => describeEvent(event, includeExecutionData)), nextToken };
        },
      }),
    };
  }

  #ofTasks(): Record<string, Operation> {
    const token = { taskToken: z.string().min(1).max(2048) };
    return {
      SendTaskSuccess: operation({
        shape: z.object({ ...token, output: z.string() }),
        checks: () => onAny("SendTaskSuccess"),
        run: async ({ taskToken, output }) => {
          await this.runner.answer(readToken(taskToken), taskToken, { output: parseOutput(output) });
          return {};
        },
      }),
      SendTaskFailure: operation({
        shape: z.object({ ...token, error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() }),
        checks: () => onAny("SendTaskFailure"),
        run: async ({ taskToken, error, cause }) => {
          await this.runner.answer(readToken(taskToken), taskToken, { error, cause });
          return {};
        },
      }),
      SendTaskHeartbeat: operation({
        shape: z.object(token),
        checks: () => onAny("SendTaskHeartbeat"),
        run: ({ taskToken }) => {
          this.runner.beat(readToken(taskToken), taskToken);
          return {};
        },
      }),
    };
  }

  #machine(arn: string): StateMachine {
    const machine = this.machines.find((each) => each.arn === arn);
    if (machine !== undefined) return machine;
    throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  }
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

function parseOutput(output: string): Json {
  try {
    return JSON.parse(output) as Json;
  } catch {
    throw new AwsError("InvalidOutput", "Invalid Output: 'the output is not JSON'");
  }
}
