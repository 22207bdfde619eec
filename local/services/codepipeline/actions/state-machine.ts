/** Invoke by Step Functions: an execution named after the action's, so that a repeated start is the same. */
import { ConfigurationError } from "../variables";
import type { ActionKind } from "./action";

const POLL_MS = 1_000;

interface Execution {
  readonly status: string;
  readonly error?: string;
  readonly cause?: string;
}

export const stateMachine: ActionKind = {
  timeoutMinutes: 7 * 24 * 60,
  async begin({ record, session, context }) {
    const { StateMachineArn, ExecutionNamePrefix, InputType = "Literal", Input = "{}" } = record.configuration;
    if (InputType !== "Literal") throw new ConfigurationError(`InputType must be Literal here, got ${InputType}`);
    const name = [ExecutionNamePrefix, record.id].filter((part) => part !== undefined).join("-");
    const input = { stateMachineArn: StateMachineArn, name, input: Input };
    const { executionArn } = (await context.dispatch(session, "states", "StartExecution", input)) as {
      executionArn: string;
    };
    return { kind: "waiting", again: POLL_MS, change: { externalId: executionArn } };
  },
  async look({ record, session, context }) {
    const executionArn = record.externalId ?? "";
    const found = (await context.dispatch(session, "states", "DescribeExecution", { executionArn })) as Execution;
    if (found.status === "RUNNING" || found.status === "PENDING_REDRIVE") return { kind: "waiting", again: POLL_MS };
    if (found.status === "SUCCEEDED") return { kind: "succeeded", variables: { ExecutionArn: executionArn } };
    const why = [found.error, found.cause].filter((part) => part !== undefined && part !== "").join(": ");
    return {
      kind: "failed",
      code: "JobFailed",
      message: `The execution ended with ${found.status}${why === "" ? "" : `: ${why}`}`,
    };
  },
  async abandon({ record, session, context }) {
    if (record.externalId !== undefined) {
      await context.dispatch(session, "states", "StopExecution", { executionArn: record.externalId });
    }
  },
};
