/**
 * Runs a definition in virtual time against an AWS of a few answers, and writes down every call. The interpreter is the
 * local stage's; what the real services answer is not proven here.
 */
import { VirtualClock } from "../local/clock";
import { Flow } from "../local/services/states/interpreter/flow";
import type { Ended, Happening, Host, Position, TaskKind } from "../local/services/states/interpreter/host";
import { Interpreter } from "../local/services/states/interpreter/interpreter";
import { StateFailure } from "../local/services/states/language/failure";
import type { Json, JsonObject } from "../local/services/states/language/json";
import { parseMachine } from "../local/services/states/language/parse";
import type { Machine } from "../infra/release/machine/language";

/** Answers of one API, one after the other; the last one stays. A failure is thrown. */
export type Script = Readonly<Record<string, readonly (object | StateFailure)[]>>;

export interface Call {
  /** `executeChangeSet`; of functions their name and task: `inspect confirm-change-set`. */
  readonly api: string;
  readonly input: JsonObject;
}

export interface Outcome {
  readonly status: "SUCCEEDED" | "FAILED";
  readonly output?: JsonObject;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly calls: readonly Call[];
  /** How often each API was called. */
  readonly count: (api: string) => number;
  readonly states: readonly string[];
  /** Virtual time that it took. */
  readonly seconds: number;
}

export const failure = (error: string, cause: string): StateFailure => new StateFailure(error, cause);

/** Unmodelled errors have the service's general name: only the text tells them apart. */
export const refusal = (text: string): StateFailure =>
  failure(
    "CloudFormation.CloudFormationException",
    `${text} (Service: CloudFormation, Status Code: 400, Request ID: 1)`,
  );

const START = Date.UTC(2026, 0, 5);
const LONGEST = 24 * 3600 * 1000;

export async function runMachine(machine: Machine, input: object, script: Script): Promise<Outcome> {
  const clock = new VirtualClock(START);
  const host = new ScriptedHost(script);
  const parsed = parseMachine(JSON.stringify(machine), { refusalOf: () => undefined });
  const start = { input: input as Json, variables: {}, context: {} };
  let ended: Omit<Outcome, "calls" | "count" | "states" | "seconds"> | Error | undefined;
  let end = START;
  void Flow.begin(clock, new AbortController().signal, async (flow) => {
    try {
      const output = (await new Interpreter(host).run(parsed, "", start, flow)) as JsonObject;
      ended = { status: "SUCCEEDED", output };
    } catch (error) {
      ended =
        error instanceof StateFailure ? { status: "FAILED", error: error.error, cause: error.cause } : (error as Error);
    }
    end = clock.now();
  });
  await clock.advance(LONGEST);
  if (ended === undefined) throw new Error(`it did not end in a day: ${host.states.slice(-5).join(", ")}`);
  if (ended instanceof Error) throw ended;
  const { calls, states } = host;
  const count = (api: string): number => calls.filter((call) => call.api === api).length;
  return { ...ended, calls, count, states, seconds: (end - START) / 1000 };
}

class ScriptedHost implements Host {
  readonly calls: Call[] = [];
  readonly states: string[] = [];
  readonly random = (): number => 0.5;
  readonly facts: JsonObject = { Execution: { Name: "execution-1" } };
  readonly #asked = new Map<string, number>();
  #reached: Position | Ended | undefined;

  constructor(private readonly script: Script) {}

  reached(): Position | Ended | undefined {
    return this.#reached;
  }

  async record(_: string, events: readonly Happening[], moved?: Position | Ended): Promise<void> {
    for (const { type, details } of events)
      if (type.endsWith("StateEntered")) this.states.push(String(details?.["name"]));
    if (moved !== undefined) this.#reached = moved;
  }

  token(): string {
    return "token";
  }

  task(resource: string): TaskKind {
    const nothing = (): Happening => ({ type: "Told" });
    return {
      awaitsToken: false,
      events: {
        ...{ scheduled: nothing, started: nothing, submitted: nothing, succeeded: nothing },
        ...{ failed: nothing, timedOut: nothing },
      },
      perform: async ({ work }) => this.#answer(resource, work as JsonObject),
    };
  }

  #answer(resource: string, work: JsonObject): Json {
    const isFunction = resource.endsWith("lambda:invoke");
    const payload = isFunction ? (work["Payload"] as JsonObject) : work;
    const name = isFunction ? String(work["FunctionName"]) : (resource.split(":").at(-1) ?? "");
    const api = payload["task"] === undefined ? name : `${name} ${String(payload["task"])}`;
    this.calls.push({ api, input: payload });
    const answers = this.script[api];
    if (answers === undefined) throw new Error(`nobody scripted an answer to ${api}`);
    const asked = this.#asked.get(api) ?? 0;
    this.#asked.set(api, asked + 1);
    const answer = answers[Math.min(asked, answers.length - 1)];
    if (answer instanceof StateFailure) throw answer;
    return (isFunction ? { Payload: answer } : answer) as Json;
  }
}
