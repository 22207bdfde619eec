/**
 * The guard as a task of the deploy machine. It gathers what is to be judged, judges it by the pure guard, keeps what it
 * saw as evidence, and afterwards compares what was done with it. Whatever it cannot read stops the deployment.
 */
import type { PrintLine } from "../lib/metrics";
import type { SubmittedApproval } from "./approval";
import { compareExecuted } from "./executed";
import { readCreation, type Creation } from "./cloudformation/creation";
import { type ChangeSetSource, gatherChangeSet } from "./cloudformation/gather-change-set";
import { gatherExecution, type Execution, type StackEventSource } from "./cloudformation/gather-events";
import { type Inspection, LONGEST_SUMMARY, summariseInspection } from "./inspection";
import type { InspectedChange } from "./change";
import { DEFAULT_POLICY } from "./guard-policy";
import { judge } from "./judge";
import { readChangeSet } from "./cloudformation/read-change-set";
import { readPreview } from "./pulumi/read-preview";
import { readUpdate } from "./pulumi/read-update";
import { readTask, type InspectTask, type TaskOf } from "./tasks";

/** Objects of the release bucket, by key. */
export interface ReleaseStore {
  /** Nothing when there is no such object. */
  read(key: string): Promise<string | undefined>;
  write(key: string, content: string): Promise<void>;
}

export interface InspectDeps {
  readonly cloudFormation: ChangeSetSource & StackEventSource;
  readonly store: ReleaseStore;
  readonly now: () => number;
  readonly print: PrintLine;
}

/** Whether the change is still what was inspected. */
export interface Confirmation {
  readonly confirmed: boolean;
  readonly digest: string;
}

/** What was done, against what was inspected. */
export interface Comparison {
  /** Whether the operation has begun, as far as its events tell. */
  readonly begun: boolean;
  readonly matches: boolean;
  /** One text for people: what was done otherwise, or what failed and why. */
  readonly summary: string;
}

/** Why an operation on a stack failed, for people. */
export interface Explanation {
  readonly summary: string;
}

export type Answer = Creation | Inspection | Confirmation | Comparison | Explanation;

export function createInspectHandler(deps: InspectDeps): (event: unknown) => Promise<Answer> {
  return async function inspect(event) {
    const task = readTask(event);
    const outcome = await perform(deps, task);
    deps.print(JSON.stringify({ event: task.task, ...outcome }));
    return outcome;
  };
}

async function perform(deps: InspectDeps, task: InspectTask): Promise<Answer> {
  switch (task.task) {
    case "check-change-set": {
      const onePage = { withValues: false, token: undefined };
      return readCreation(await deps.cloudFormation.describe(task.changeSet, onePage));
    }
    case "inspect-change-set":
      return inspectInput(deps, task, await gatherChangeSet(deps.cloudFormation, task.changeSet));
    case "confirm-change-set": {
      const { digest } = readChangeSet(await gatherChangeSet(deps.cloudFormation, task.changeSet));
      return { confirmed: digest === task.digest, digest };
    }
    case "compare-change-set":
      return compare(deps, task, await gatherExecution(deps.cloudFormation, task.stack, task.request));
    case "explain-stack":
      return explain(await gatherExecution(deps.cloudFormation, task.stack, task.request));
    case "inspect-preview":
      return inspectInput(deps, task, await existing(deps.store, task.preview));
    case "compare-update":
      return compare(deps, task, readUpdate(await existing(deps.store, task.update)));
  }
}

/** Pages of a change set, or the text of a preview. */
type Input = readonly object[] | string;

async function inspectInput(
  { store, now }: InspectDeps,
  { evidence, approval }: TaskOf<"inspect-change-set"> | TaskOf<"inspect-preview">,
  input: Input,
): Promise<Inspection> {
  const change = readInput(input);
  const verdict = judge(change, DEFAULT_POLICY, await submitted(store, approval, now()));
  await store.write(evidence, JSON.stringify({ version: 1, verdict, input }));
  return summariseInspection(change, verdict, evidence);
}

async function submitted(
  store: ReleaseStore,
  key: string | undefined,
  now: number,
): Promise<SubmittedApproval | undefined> {
  const artefact = key === undefined ? undefined : await store.read(key);
  return artefact === undefined ? undefined : { artefact: parseApproval(artefact), now };
}

/** What is no JSON is handed on as text, and found void with the rest. */
function parseApproval(artefact: string): unknown {
  try {
    return JSON.parse(artefact) as unknown;
  } catch {
    return artefact;
  }
}

function readInput(input: Input): InspectedChange {
  return typeof input === "string" ? readPreview(input) : readChangeSet(input);
}

async function compare(
  { store }: InspectDeps,
  { evidence }: { readonly evidence: string },
  execution: Execution,
): Promise<Comparison> {
  const { input } = JSON.parse(await existing(store, evidence)) as { readonly input: Input };
  const discrepancies = compareExecuted(readInput(input), execution.steps);
  const failed = failuresOf(execution);
  const strange = discrepancies.map(({ resource, reason }) => `${resource} was not approved like this: ${reason}`);
  return {
    begun: execution.status !== undefined,
    matches: strange.length === 0,
    summary: [...failed, ...strange].join("; ").slice(0, LONGEST_SUMMARY),
  };
}

function explain(execution: Execution): Explanation {
  const { status = "nothing that its events tell" } = execution;
  return { summary: failuresOf(execution).join("; ").slice(0, LONGEST_SUMMARY) || `it ended in ${status}` };
}

function failuresOf({ failures }: Execution): string[] {
  return failures.map(({ resource, reason }) => `${resource} failed: ${reason}`);
}

async function existing(store: ReleaseStore, key: string): Promise<string> {
  const content = await store.read(key);
  if (content === undefined)
    throw new Error(`${key} is not in the release bucket: run the release again from its start`);
  return content;
}
