/** Another state machine as a task: `states:startExecution`, with `.sync` or `.sync:2` until its execution has ended. */
import { StateFailure, TASK_FAILED } from "../language/failure";
import { isObject, type Json, type JsonObject } from "../language/json";
import { failureOf } from "./errors";
import type { Integration, IntegrationCall, Job } from "./integration";
import { fromAnswer } from "./members";

/** How often the stage looks where Step Functions is told by an event. */
const POLL_MS = 1_000;

/** @param outputIsParsed whether the output is data (`.sync:2`) or its text (`.sync`) */
function job(outputIsParsed: boolean): Job {
  return {
    managedRule: "StepFunctionsGetEventsForStepFunctionsExecutionRule",
    async finish(answer, call, flow) {
      for (;;) {
        const execution = await flow.race(describe(answer, call));
        const { Status, Output } = execution;
        if (Status === "SUCCEEDED") {
          const isText = typeof Output === "string";
          return outputIsParsed && isText ? { ...execution, Output: JSON.parse(Output) as Json } : execution;
        }
        if (Status !== "RUNNING") throw new StateFailure(TASK_FAILED, JSON.stringify(execution));
        await flow.sleepUntil(flow.now + POLL_MS);
      }
    },
    async cancel(answer, { stage, session }) {
      await stage.dispatch(session, "states", "StopExecution", { executionArn: arnOf(answer) });
    },
  };
}

export function startExecution(pattern: "response" | "sync" | "sync:2" | "token"): Integration {
  return {
    async request({ work, stage, session }) {
      const { StateMachineArn, Input, Name, TraceHeader } = isObject(work) ? work : {};
      const input = Input === undefined || typeof Input === "string" ? Input : JSON.stringify(Input);
      const request = { stateMachineArn: StateMachineArn, input, name: Name, traceHeader: TraceHeader };
      return fromAnswer(await stage.dispatch(session, "states", "StartExecution", request));
    },
    nameOf: (error) => failureOf("StepFunctions", "AWSStepFunctionsException", error),
    ...(pattern === "sync" || pattern === "sync:2" ? { job: job(pattern === "sync:2") } : {}),
  };
}

async function describe(answer: Json, { stage, session }: IntegrationCall): Promise<JsonObject> {
  const described = await stage.dispatch(session, "states", "DescribeExecution", { executionArn: arnOf(answer) });
  return fromAnswer(described) as JsonObject;
}

function arnOf(answer: Json): string {
  const arn = isObject(answer) ? answer["ExecutionArn"] : undefined;
  return typeof arn === "string" ? arn : "";
}
