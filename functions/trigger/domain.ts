/** What the trigger decides: how an execution is called, what it is started with, and what its state means for the action. */
import * as z from "zod";
import { ActionConfigurationError, type ActionParameters, type Job } from "./job";

/** Every state of an execution (ExecutionStatus of Step Functions), and what the action makes of it. */
export const EXECUTION_STATES = {
  RUNNING: "wait",
  /** Someone is about to take a failed execution up again: it is not over. */
  PENDING_REDRIVE: "wait",
  SUCCEEDED: "succeed",
  FAILED: "fail",
  TIMED_OUT: "fail",
  ABORTED: "fail",
} as const satisfies Record<string, "wait" | "succeed" | "fail">;

export interface ExecutionView {
  readonly status: string;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export type Decision =
  | { readonly kind: "wait" }
  | { readonly kind: "succeed"; readonly summary: string; readonly variables: Readonly<Record<string, string>> }
  /** `isOver`: the execution has ended by itself, and need not be stopped. */
  | { readonly kind: "fail"; readonly message: string; readonly isOver: boolean };

/** An execution's name may have 80 characters, and names the same start for 90 days. */
const LONGEST_NAME = 80;

/**
 * Names the execution after the pipeline's execution and the job: Lambda may invoke twice, which is then the same start,
 * while a retried action is another job and starts anew.
 */
export function executionNameOf({ id }: Job, { pipelineExecutionId, action }: ActionParameters): string {
  const parts = pipelineExecutionId === undefined ? ["job", id] : [pipelineExecutionId, action ?? "deploy", id];
  return parts
    .map((part, index) => part.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, [36, 20, 22][index] ?? 0))
    .join("-")
    .slice(0, LONGEST_NAME);
}

/**
 * The input of the machine: the file's keys, and where the artifact is. Nothing of the file is overwritten.
 * @throws ActionConfigurationError
 */
export function machineInputOf(file: string, { revision }: Job, { reviewed, mode }: ActionParameters): string {
  let written: unknown;
  try {
    written = JSON.parse(file);
  } catch {
    throw new ActionConfigurationError("the file with the machine's input is no JSON");
  }
  const read = z.record(z.string(), z.unknown()).safeParse(written);
  if (!read.success) throw new ActionConfigurationError("the file with the machine's input must hold one JSON object");
  if (revision === undefined) throw new ActionConfigurationError("the action must have an input artifact, got none");
  return JSON.stringify({
    ...read.data,
    revisionS3Bucket: revision.bucket,
    revisionS3Key: revision.key,
    mode: mode ?? "deploy",
    ...(reviewed === undefined || reviewed.subject === NOTHING ? {} : { reviewed }),
  });
}

/** What an output variable says where there is nothing to say: CodePipeline refuses empty ones. */
export const NOTHING = "none";

const outcome = z.object({
  outcome: z.string(),
  summary: z.string().optional(),
  verdict: z.string().optional(),
  digest: z.string().optional(),
  subject: z.string().optional(),
  evidence: z.string().optional(),
});

const LONGEST_VARIABLE = 1000;

export function decide({ status, output, error, cause }: ExecutionView): Decision {
  const known = Object.hasOwn(EXECUTION_STATES, status)
    ? EXECUTION_STATES[status as keyof typeof EXECUTION_STATES]
    : undefined;
  switch (known) {
    case "wait":
      return { kind: "wait" };
    case "succeed":
      return succeeded(output);
    case "fail":
      return {
        kind: "fail",
        message: `${explain(status, error)}${cause === undefined ? "" : `: ${cause}`}`,
        isOver: true,
      };
    case undefined:
      return { kind: "fail", message: `the deployment is in a state that nobody knows: ${status}`, isOver: false };
  }
}

function explain(status: string, error: string | undefined): string {
  if (status === "TIMED_OUT") return "the deployment took too long and was ended";
  if (status === "ABORTED") return "the deployment was stopped by someone";
  return error ?? "the deployment failed";
}

function succeeded(output: string | undefined): Decision {
  const read = outcome.safeParse(JSON.parse(output ?? "{}"));
  if (!read.success)
    return { kind: "fail", message: "the deployment succeeded and does not say with what", isOver: true };
  const { outcome: what, summary = what } = read.data;
  const variables = Object.fromEntries(
    (["verdict", "digest", "subject", "evidence"] as const).map((key) => [key, read.data[key] ?? NOTHING]),
  );
  return {
    kind: "succeed",
    summary,
    variables: { ...variables, outcome: what, summary: summary.slice(0, LONGEST_VARIABLE) },
  };
}
