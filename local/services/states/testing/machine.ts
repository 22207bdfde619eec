/** Runs a definition in a test, in memory and virtual time, with stand-ins for the functions that its tasks call. */
import assert from "node:assert/strict";
import { START } from "../../../../test/stage";
import { VirtualClock } from "../../../clock";
import { Execution } from "../execution";
import type { ExecutionRecord, HistoryEvent } from "../execution-record";
import { ExecutionStore } from "../execution-store";
import { taskEventsOf } from "../integrations/task-events";
import { Closing } from "../interpreter/flow";
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
  /** Changes at which the stage goes down and opens again, by their number: before the change is on disk, or after it. */
  readonly crashes?: readonly { readonly change: number; readonly isWritten: boolean }[];
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
  readonly calls: readonly Call[];
}

export interface Call {
  readonly name: string;
  readonly work: Json;
  readonly at: number;
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
  const { input = {}, functions = {}, crashes = [] } = options;
  const clock = new VirtualClock(START);
  const calls: Call[] = [];
  const said: string[] = [];
  const isDown = new Set<Execution>();
  let store = new ExecutionStore();
  let changes = 0;

  const open = (): Execution => {
    const kept = store;
    const execution: Execution = new Execution(
      find(kept),
      "m",
      parseMachine(find(kept).definition, { refusalOf: () => undefined }),
      (resource) => standIn(resource, functions, calls),
      {
        clock,
        journal: {
          record: async (change) => {
            if (isDown.has(execution)) throw new Closing();
            const crash = crashes.find((each) => each.change === changes);
            changes++;
            if (crash?.isWritten !== false) kept.apply(structuredClone(change));
            if (crash === undefined) return;
            isDown.add(execution);
            void execution.close().then(reopen);
            throw new Closing();
          },
        },
        say: (line) => said.push(line),
        onEvents: () => undefined,
      },
    );
    execution.begin();
    return execution;
  };
  const reopen = (): void => {
    const snapshot = structuredClone(store.snapshot());
    store = new ExecutionStore();
    store.restore(snapshot);
    if (find(store).end === undefined) current = open();
  };

  start(store, definition, input);
  let current = open();
  await clock.advance(LONGEST_RUN_MS);
  await current.close();
  assert.deepEqual(said, []);
  return { ...describe(find(store)), calls };
}

function standIn(resource: string, functions: Readonly<Record<string, Stand>>, calls: Call[]): TaskKind {
  const name = resource.split(":").at(-1) ?? "";
  return {
    awaitsToken: false,
    events: taskEventsOf(resource, { kind: "function", arn: resource }, "eu-west-1"),
    perform: async ({ work, flow }) => {
      const before = calls.filter((call) => call.name === name).length;
      calls.push({ name, work, at: (flow.now - START) / 1000 });
      const stand = functions[name] ?? assert.fail(`no function ${name}`);
      const answer = stand(work, before);
      return answer === NEVER ? flow.wait<Json>(() => () => undefined) : (answer as Json);
    },
  };
}

/** What a function answers that never ends. */
const NEVER = Symbol("never");

/** A function that never ends: time goes on meanwhile. */
export const never: Stand = () => NEVER;

/** A function that fails. */
export function fails(error: string, cause = "because"): never {
  throw new StateFailure(error, cause);
}

function start(store: ExecutionStore, definition: object, input: Json): void {
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
}

function find(store: ExecutionStore): ExecutionRecord {
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
