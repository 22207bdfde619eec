/**
 * An execution that runs: keeps its history and positions on disk as the interpreter goes, so that a stage that opens
 * again goes on where it stood.
 */
import type { Clock, Timer } from "../../clock";
import { DurableError } from "../../durable/durable-error";
import { Answers } from "./answers";
import { endingOf, failed, type EndReason } from "./ending";
import { hasBranches, type ExecutionEnd, type ExecutionRecord, type HistoryEvent } from "./execution-record";
import type { Recorder } from "./execution-store";
import { Closing, Flow } from "./interpreter/flow";
import type { Branch, Ended, Happening, Host, Position, TaskKind } from "./interpreter/host";
import { Interpreter } from "./interpreter/interpreter";
import type { Machine } from "./language/definition";
import { RUNTIME, StateFailure, TIMEOUT } from "./language/failure";
import type { Json, JsonObject } from "./language/json";
import { writeToken } from "./token";

/** Events of one history, the end's included. Source: Step Functions quotas. */
const MOST_EVENTS = 25_000;

const ROOT: Branch = "";

/** Ends an execution's work from outside. */
class Interruption extends Error {
  override readonly name = "Interruption";

  constructor(readonly end: EndReason) {
    super("the execution was interrupted");
  }
}

export interface ExecutionContext {
  readonly clock: Clock;
  readonly journal: Recorder;
  readonly say: (line: string) => void;
  /** Hears of events once they are on disk. */
  readonly onEvents: (execution: ExecutionRecord, events: readonly HistoryEvent[]) => void;
}

export class Execution implements Host {
  readonly facts: JsonObject;
  readonly random = Math.random;
  readonly answers: Answers;
  readonly #interruption = new AbortController();
  #timeout: Timer | undefined;
  #running: Promise<void> = Promise.resolve();
  /** The newest event's id, counted before it is on disk. */
  #newest: number;

  /** @param taskOf who performs a resource's tasks for this execution */
  constructor(
    readonly kept: ExecutionRecord,
    machineName: string,
    private readonly machine: Machine,
    private readonly taskOf: (resource: string, execution: Execution) => TaskKind,
    private readonly context: ExecutionContext,
  ) {
    const { arn, name, input, roleArn, started, machineArn, events } = kept;
    this.#newest = events.length;
    this.answers = new Answers(kept, context.journal);
    this.facts = {
      Execution: {
        Id: arn,
        Input: JSON.parse(input) as Json,
        Name: name,
        RoleArn: roleArn,
        StartTime: new Date(started).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: machineArn, Name: machineName },
    };
  }

  /** Begins, or goes on where the execution stood. */
  begin(): void {
    const { clock } = this.context;
    const { timeoutSeconds } = this.machine;
    if (timeoutSeconds !== undefined) {
      const left = this.kept.started + timeoutSeconds * 1000 - clock.now();
      this.#timeout = clock.after(left, () => this.#interrupt({ status: "TIMED_OUT", error: TIMEOUT }));
    }
    this.#running = Flow.begin(clock, this.#interruption.signal, (flow) => this.#run(flow));
  }

  /** Ends the execution. Resolves when that is on disk. */
  async stop(error: string | undefined, cause: string | undefined): Promise<void> {
    await this.#interrupt({
      status: "ABORTED",
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
    });
  }

  /** Lets go of the execution where it stands. */
  async close(): Promise<void> {
    await this.#interrupt(new Closing());
  }

  /** Resolves when the execution has ended, or was let go. */
  ended(): Promise<void> {
    return this.#running;
  }

  reached(branch: Branch): Position | Ended | undefined {
    return this.kept.branches.get(branch)?.at;
  }

  async record(branch: Branch, events: readonly Happening[], moved?: Position | Ended): Promise<void> {
    this.#interruption.signal.throwIfAborted();
    if (this.#newest + events.length >= MOST_EVENTS) {
      const cause = `The execution reached the maximum number of history events (${MOST_EVENTS}).`;
      void this.#interrupt({ status: "FAILED", error: RUNTIME, cause });
      this.#interruption.signal.throwIfAborted();
    }
    await this.#write(branch, events, moved === undefined ? {} : { moved });
  }

  task(resource: string): TaskKind {
    return this.taskOf(resource, this);
  }

  token(branch: Branch): string {
    return writeToken({ arn: this.kept.arn, branch });
  }

  /** Runs to the end, and tells it. What the disk does not take is left as it stands, for the next opening. */
  async #run(flow: Flow): Promise<void> {
    try {
      const end = await this.#interpret(flow);
      if (end !== undefined) {
        await this.#write(ROOT, [endingOf(end)], { end: { ...end, stopped: this.context.clock.now() } });
      }
    } catch (error) {
      if (!(error instanceof DurableError)) throw error;
      this.context.say(`execution ${this.kept.arn} stands still until the stage opens again: ${error.message}`);
    } finally {
      this.#timeout?.cancel();
    }
  }

  /** @returns how the execution ended; nothing when the stage closes. @throws DurableError */
  async #interpret(flow: Flow): Promise<EndReason | undefined> {
    const { input, roleArn, events } = this.kept;
    try {
      if (events.length === 0) await this.record(ROOT, [{ type: "ExecutionStarted", details: { input, roleArn } }]);
      const start = { input: JSON.parse(input) as Json, variables: {}, context: {} };
      const output = await new Interpreter(this).run(this.machine, ROOT, start, flow);
      return { status: "SUCCEEDED", output: JSON.stringify(output) };
    } catch (error) {
      if (error instanceof Interruption) return error.end;
      if (error instanceof Closing) return undefined;
      if (error instanceof DurableError) throw error;
      if (error instanceof StateFailure) return failed(error);
      this.context.say(`execution ${this.kept.arn} failed inside of the stage: ${String(error)}`);
      return failed(new StateFailure(RUNTIME, `the local stage failed: ${String(error)}`));
    }
  }

  #interrupt(reason: EndReason | Closing): Promise<void> {
    this.#interruption.abort(reason instanceof Closing ? reason : new Interruption(reason));
    this.#timeout?.cancel();
    return this.#running;
  }

  async #write(
    branch: Branch,
    happenings: readonly Happening[],
    change: { readonly moved?: Position | Ended; readonly end?: ExecutionEnd },
  ): Promise<void> {
    const { arn } = this.kept;
    let previousEventId = this.#lastOf(branch);
    const events = happenings.map((happening): HistoryEvent => {
      const id = ++this.#newest;
      const event = { ...happening, id, previousEventId, time: this.context.clock.now() };
      previousEventId = id;
      return event;
    });
    await this.context.journal.record({ kind: "happened", arn, branch, events, ...change });
    this.context.onEvents(this.kept, events);
  }

  /** The event before the next one of a branch: its own last, that of a branch which it waited for, or its parent's. */
  #lastOf(branch: Branch): number {
    const { branches } = this.kept;
    const own = branches.get(branch);
    if (own === undefined) return branches.get(branch.slice(0, branch.lastIndexOf("/")))?.lastEvent ?? 0;
    if (!hasBranches(own)) return own.lastEvent;
    const below = [...branches].filter(([each]) => each.startsWith(`${branch}/`));
    return Math.max(own.lastEvent, ...below.map(([, { lastEvent }]) => lastEvent));
  }
}
