/** Runs a definition in a test, in memory and virtual time, with stand-ins for the functions that its tasks call. */
import assert from "node:assert/strict";
import { START } from "../../../../test/stage";
import { VirtualClock } from "../../../clock";
import { Execution } from "../execution";
import type { ExecutionRecord, HistoryEvent } from "../execution-record";
import { ExecutionStore, type Change } from "../execution-store";
import { taskEventsOf } from "../integrations/task-events";
import type { TaskKind } from "../interpreter/host";
import { StateFailure } from "../language/failure";
import type { Json } from "../language/json";
import { parseMachine } from "../language/parse";

/** A function of a test: what it is given, and how often it was called before. */
export type Stand = (work: Json, calls: number) => unknown;

export interface RunOptions {
  readonly input?: Json;
  /** Functions by name. */
  readonly functions?: Readonly<Record<string, Stand>>;
}

export interface Run {
  readonly status: string;
  readonly output: Json | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Names of the states entered, in order. */
  readonly path: readonly string[];
  /** Types of all events. */
  readonly types: readonly string[];
  readonly events: readonly HistoryEvent[];
  /** Seconds from start to end. */
  readonly seconds: number;
  /** What functions were called with, and when (seconds from the start). */
  readonly calls: readonly { readonly name: string; readonly work: Json; readonly at: number }[];
}

const ARN = "arn:aws:states:eu-west-1:000000000000:execution:m:test";
const LONGEST_RUN_MS = 10 * 86_400_000;

/** The `Resource` of a task that calls a function of the test. */
export function functionArn(name: string): string {
  return `arn:aws:lambda:eu-west-1:000000000000:function:${name}`;
}

/** A definition with one task, and what else is to be in the state. */
export function oneTask(name: string, more: object = {}): { StartAt: string; States: Record<string, object> } {
  return { StartAt: "T", States: { T: { Type: "Task", Resource: functionArn(name), End: true, ...more } } };
}

export async function runMachine(definition: object, options: RunOptions = {}): Promise<Run> {
  const { input = {}, functions = {} } = options;
  const clock = new VirtualClock(START);
  const store = new ExecutionStore();
  const record = start(store, definition, input);
  const calls: { name: string; work: Json; at: number }[] = [];
  const taskOf = (resource: string): TaskKind => ({
    awaitsToken: false,
    events: taskEventsOf(resource, { kind: "function", arn: resource }, "eu-west-1"),
    perform: async ({ work, flow }) => {
      const name = resource.split(":").at(-1) ?? "";
      const before = calls.filter((call) => call.name === name).length;
      calls.push({ name, work, at: (flow.now - START) / 1000 });
      const stand = functions[name] ?? assert.fail(`no function ${name}`);
      const answer = stand(work, before);
      return answer === NEVER ? flow.wait<Json>(() => () => undefined) : (answer as Json);
    },
  });
  const machine = parseMachine(record.definition, { refusalOf: () => undefined });
  const said: string[] = [];
  const execution = new Execution(record, "m", machine, taskOf, {
    clock,
    journal: { record: async (change: Change) => store.apply(structuredClone(change)) },
    say: (line) => said.push(line),
    onEvents: () => undefined,
  });
  execution.begin();
  await clock.advance(LONGEST_RUN_MS);
  await execution.close();
  assert.deepEqual(said, []);
  return { ...describe(record), calls };
}

/** What a function answers that never ends. */
const NEVER = Symbol("never");

/** A function that never ends: time goes on meanwhile. */
export const never: Stand = () => NEVER;

/** A function that fails. */
export function fails(error: string, cause = "because"): never {
  throw new StateFailure(error, cause);
}

function start(store: ExecutionStore, definition: object, input: Json): ExecutionRecord {
  store.apply({
    kind: "started",
    execution: {
      arn: ARN,
      name: "test",
      machineArn: "arn:aws:states:eu-west-1:000000000000:stateMachine:m",
      input: JSON.stringify(input),
      started: START,
      definition: JSON.stringify(definition),
      roleArn: "arn:aws:iam::000000000000:role/machine",
    },
  });
  return store.find(ARN) ?? assert.fail("the execution was not kept");
}

function describe({ events, end }: ExecutionRecord): Omit<Run, "calls"> {
  return {
    status: end?.status ?? "RUNNING",
    output: end?.output === undefined ? undefined : (JSON.parse(end.output) as Json),
    error: end?.error,
    cause: end?.cause,
    path: events.flatMap(({ type, details }) => (type.endsWith("StateEntered") ? [nameIn(details)] : [])),
    types: events.map(({ type }) => type),
    events,
    seconds: ((end?.stopped ?? START) - START) / 1000,
  };
}

function nameIn(details: HistoryEvent["details"]): string {
  const name = details?.["name"];
  return typeof name === "string" ? name : assert.fail("a state was entered that has no name");
}
