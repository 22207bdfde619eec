/**
 * The deploy action of a pipeline: starts the deploy machine, waits for it by continuation tokens, and tells CodePipeline
 * how it ended. It never fails by itself, because CodePipeline would run it again: every end is an answer.
 *
 * The event holds credentials for the artifacts; no part of it is ever logged.
 */
import type { PrintLine } from "../lib/metrics";
import { decide, executionNameOf, machineInputOf, type ExecutionView } from "./domain";
import { ActionConfigurationError, readJob, readParameters, readToken, type ContinuationToken, type Job } from "./job";
import { readStop } from "./stop";

/** What is asked of Step Functions, about one machine. */
export interface Machine {
  /** Starts an execution, or finds the one of that name. @returns its ARN */
  start(name: string, input: string): Promise<string>;
  describe(execution: string): Promise<ExecutionView>;
  /** The state that the execution is in, for people; nothing when it cannot be told. */
  currentState(execution: string): Promise<string | undefined>;
  /** Ends an execution that nobody waits for any more; one that has ended stays as it is. */
  stop(execution: string, cause: string): Promise<void>;
}

export type FailureKind = "JobFailed" | "ConfigurationError" | "SystemUnavailable";

/** How a job is answered. */
export interface Pipeline {
  goOn(job: string, token: string, progress: Progress): Promise<void>;
  succeed(job: string, variables: Readonly<Record<string, string>>, progress: Progress): Promise<void>;
  fail(job: string, kind: FailureKind, message: string, execution: string | undefined): Promise<void>;
}

export interface Progress {
  readonly summary: string;
  readonly execution: string;
}

export interface TriggerDeps {
  readonly machine: Machine;
  readonly pipeline: Pipeline;
  readonly readInput: (bucket: string, key: string) => Promise<string>;
  /** Whether an error may be gone at the next call: throttling, a lost connection. */
  readonly isTransient: (error: unknown) => boolean;
  readonly print: PrintLine;
}

/** Calls in a row that may fail for reasons that pass. */
const MOST_FAILURES = 10;

export function createTriggerHandler(deps: TriggerDeps): (event: unknown) => Promise<void> {
  return async function trigger(event) {
    const stop = readStop(event);
    if (stop !== undefined) return deps.machine.stop(stop.execution, stop.cause);
    const job = readJob(event);
    if (job.continuationToken === undefined) return start(deps, job);
    return watch(deps, job, job.continuationToken);
  };
}

async function start({ machine, pipeline, readInput, print }: TriggerDeps, job: Job): Promise<void> {
  let execution: string | undefined;
  try {
    const parameters = readParameters(job);
    const file = await readInput(parameters.s3Bucket, parameters.stateMachineFile);
    execution = await machine.start(executionNameOf(job, parameters), machineInputOf(file, job, parameters));
    print(JSON.stringify({ event: "deployment-started", job: job.id, execution }));
    await pipeline.goOn(job.id, tokenOf({ stateMachineExecutionArn: execution }), {
      summary: "the deployment has started",
      execution,
    });
  } catch (error) {
    if (execution !== undefined) await machine.stop(execution, "CodePipeline could not be told of it");
    await pipeline.fail(job.id, kindOf(error), messageOf(error), execution);
  }
}

async function watch(deps: TriggerDeps, job: Job, text: string): Promise<void> {
  let token: ContinuationToken;
  try {
    token = readToken(text);
  } catch (error) {
    return deps.pipeline.fail(job.id, "ConfigurationError", messageOf(error), undefined);
  }
  const { stateMachineExecutionArn: execution, failures = 0 } = token;
  try {
    await tell(deps, job, text, execution);
  } catch (error) {
    const isOver = !deps.isTransient(error) || failures + 1 >= MOST_FAILURES;
    if (!isOver) {
      return deps.pipeline.goOn(job.id, tokenOf({ stateMachineExecutionArn: execution, failures: failures + 1 }), {
        summary: `the deployment cannot be seen at the moment: ${messageOf(error)}`,
        execution,
      });
    }
    await deps.machine.stop(execution, `the deploy action failed: ${messageOf(error)}`);
    const kind = deps.isTransient(error) ? "SystemUnavailable" : "JobFailed";
    await deps.pipeline.fail(job.id, kind, messageOf(error), execution);
  }
}

/** Answers what the execution's state comes to. */
async function tell(
  { machine, pipeline, print }: TriggerDeps,
  job: Job,
  token: string,
  execution: string,
): Promise<void> {
  const decision = decide(await machine.describe(execution));
  switch (decision.kind) {
    case "wait": {
      const state = await machine.currentState(execution);
      const summary = state === undefined ? "the deployment is under way" : `the deployment is at: ${state}`;
      return pipeline.goOn(job.id, token, { summary, execution });
    }
    case "succeed":
      print(JSON.stringify({ event: "deployment-succeeded", job: job.id, execution, ...decision.variables }));
      return pipeline.succeed(job.id, decision.variables, { summary: decision.summary, execution });
    case "fail":
      print(JSON.stringify({ event: "deployment-failed", job: job.id, execution, message: decision.message }));
      // In a state that nobody knows it may still deploy.
      if (!decision.isOver) await machine.stop(execution, "the deploy action has failed");
      return pipeline.fail(job.id, "JobFailed", decision.message, execution);
  }
}

function tokenOf(token: ContinuationToken): string {
  return JSON.stringify(token);
}

function kindOf(error: unknown): FailureKind {
  return error instanceof ActionConfigurationError ? "ConfigurationError" : "JobFailed";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
