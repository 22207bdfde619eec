/** Starts, resumes and ends executions, and forgets those that ended long ago. */
import type { Timer } from "../../clock";
import { StageError } from "../../diagnostics";
import { Journal } from "../../durable/journal";
import type { RoleSession } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import { executionArn } from "./arn";
import { endingOf, type EndReason } from "./ending";
import { Execution } from "./execution";
import { ExecutionLog } from "./execution-log";
import type { ExecutionRecord, TaskAnswer } from "./execution-record";
import { ExecutionStore, type Change, type Snapshot } from "./execution-store";
import { refusalOf } from "./integrations/catalog";
import { taskKindOf } from "./integrations/task-kind";
import { RUNTIME } from "./language/failure";
import { parseMachine } from "./language/parse";
import { assumeRole, takeRole } from "./machine-role";
import type { Machines } from "./machines";
import { outlived, RETENTION_MS } from "./retention";
import type { StateMachine } from "./state-machine";
import type { TokenContent } from "./token";

const HOUR_MS = 3_600_000;

const METRICS = {
  SUCCEEDED: "ExecutionsSucceeded",
  FAILED: "ExecutionsFailed",
  TIMED_OUT: "ExecutionsTimedOut",
  ABORTED: "ExecutionsAborted",
};

export class ExecutionRunner {
  readonly #running = new Map<string, Execution>();
  #sweep: Timer | undefined;

  /** @throws StageError when a machine's role does not trust Step Functions, or lacks what its integrations need */
  static async open(machines: Machines, context: ServiceContext): Promise<ExecutionRunner> {
    const roles = new Map(machines.all.map((machine) => [machine.arn, takeRole(machine, context)]));
    const logs = new Map(
      machines.all.flatMap((machine) => {
        const log = ExecutionLog.open(machine, context);
        return log === undefined ? [] : [[machine.arn, log] as const];
      }),
    );
    const store = new ExecutionStore();
    const journal = await Journal.open<Snapshot, Change>(context.folder("states"), store, context.durable);
    return new ExecutionRunner(machines, roles, logs, store, journal, context);
  }

  private constructor(
    private readonly machines: Machines,
    private readonly roles: ReadonlyMap<string, RoleSession>,
    private readonly logs: ReadonlyMap<string, ExecutionLog>,
    private readonly store: ExecutionStore,
    private readonly journal: Journal<Snapshot, Change>,
    private readonly context: ServiceContext,
  ) {}

  /** Goes on with every execution that has not ended. */
  resume(): void {
    for (const record of this.store.all.filter(({ end }) => end === undefined)) this.#resume(record);
    this.#sweepHourly();
  }

  async close(): Promise<void> {
    this.#sweep?.cancel();
    await Promise.all([...this.#running.values()].map((each) => each.close()));
    await Promise.all([...this.logs.values()].map((log) => log.close()));
    await this.journal.close();
  }

  /**
   * Starts an execution; one of the same name and input that still runs is the one that was asked for.
   * @throws AwsError `ExecutionAlreadyExists`
   */
  async start(machine: StateMachine, name: string, input: string): Promise<ExecutionRecord> {
    const arn = executionArn(machine.arn, name);
    const known = this.store.find(arn);
    if (known !== undefined && known.end === undefined && known.input === input) {
      await this.journal.settled();
      return known;
    }
    if (this.store.isTaken(arn)) {
      throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    }
    const { arn: machineArn, definition, roleArn } = machine;
    const started = this.context.clock.now();
    const execution = { arn, name, machineArn, input, started, definition, roleArn };
    const isOnDisk = this.journal.record({ kind: "started", execution });
    const record = this.store.find(arn);
    if (record === undefined) throw new Error(`execution ${arn} was not kept`);
    // Its first event is behind its start in the journal: nothing happens before both are on disk.
    this.#run(record, machine);
    await isOnDisk;
    this.#measure(record, "ExecutionsStarted", 1);
    return record;
  }

  /** @returns when it stopped */
  async stop(arn: string, error: string | undefined, cause: string | undefined): Promise<number> {
    const { end } = await this.find(arn);
    if (end !== undefined) return end.stopped;
    await this.#running.get(arn)?.stop(error, cause);
    return this.store.find(arn)?.end?.stopped ?? this.context.clock.now();
  }

  /** @throws AwsError `ExecutionDoesNotExist` */
  async find(arn: string): Promise<ExecutionRecord> {
    await this.journal.settled();
    const record = this.store.find(arn);
    if (record !== undefined) return record;
    throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
  }

  /** The newest first. */
  async executionsOf({ arn }: StateMachine): Promise<ExecutionRecord[]> {
    await this.journal.settled();
    return this.store.all.filter(({ machineArn }) => machineArn === arn).reverse();
  }

  /** @throws AwsError `TaskTimedOut`, `TaskDoesNotExist` */
  async answer({ arn, branch }: TokenContent, token: string, answer: TaskAnswer): Promise<void> {
    await this.#waiting(arn).answers.answer(branch, token, answer);
  }

  beat({ arn, branch }: TokenContent, token: string): void {
    this.#waiting(arn).answers.beat(branch, token, this.context.clock.now());
  }

  #waiting(arn: string): Execution {
    const execution = this.#running.get(arn);
    if (execution !== undefined) return execution;
    throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }

  /** Goes on with an execution; one that cannot go on ends. */
  #resume(record: ExecutionRecord): void {
    const machine = this.machines.find(record.machineArn);
    if (machine === undefined) {
      const cause = "The program does not declare the state machine any more.";
      return this.#endUnrun(record, { status: "ABORTED", error: "StateMachineDeleted", cause });
    }
    try {
      this.#run(record, machine);
    } catch (error) {
      // Its role is gone, or the stage does not run its definition any more.
      if (!(error instanceof StageError)) throw error;
      this.#endUnrun(record, { status: "FAILED", error: RUNTIME, cause: error.message });
    }
  }

  #endUnrun(record: ExecutionRecord, reason: EndReason): void {
    const { arn, events } = record;
    const end = { ...reason, stopped: this.context.clock.now() };
    const event = { ...endingOf(reason), id: events.length + 1, previousEventId: events.length, time: end.stopped };
    const ended = this.journal.record({ kind: "happened", arn, branch: "", events: [event], end });
    void this.context.clock.track(ended).catch((error: unknown) => this.context.say(String(error)));
  }

  /** Runs an execution by the definition and the role it was started with. */
  #run(record: ExecutionRecord, machine: StateMachine): void {
    const { arn, machineArn, definition } = record;
    const parsed = definition === machine.definition ? machine.machine : parseMachine(definition, { refusalOf });
    const session = this.#sessionFor(record, machine);
    const { clock, say } = this.context;
    const execution = new Execution(
      record,
      machine.name,
      parsed,
      (resource, { answers }) =>
        taskKindOf(resource, { executionArn: arn, machineArn, session, answers }, this.context),
      { clock, say, journal: this.journal, onEvents: (kept, events) => this.logs.get(machineArn)?.write(kept, events) },
    );
    this.#running.set(arn, execution);
    execution.begin();
    void execution.ended().then(
      () => this.#leave(record),
      (error: unknown) => say(`execution ${arn} was lost: ${String(error)}`),
    );
  }

  #sessionFor({ roleArn }: ExecutionRecord, machine: StateMachine): RoleSession {
    const current = machine.roleArn === roleArn ? this.roles.get(machine.arn) : undefined;
    return current ?? assumeRole(roleArn, machine.name, machine.arn, this.context);
  }

  #leave(record: ExecutionRecord): void {
    this.#running.delete(record.arn);
    const { end, started } = record;
    if (end === undefined) return;
    this.#measure(record, METRICS[end.status], 1);
    this.#measure(record, "ExecutionTime", end.stopped - started);
  }

  #measure({ machineArn }: ExecutionRecord, name: string, value: number): void {
    this.context.measure({ namespace: "AWS/States", name, dimensions: { StateMachineArn: machineArn }, value });
  }

  #sweepHourly(): void {
    this.#sweep = this.context.clock.after(HOUR_MS, async () => {
      this.#sweepHourly();
      await this.#forget();
    });
  }

  async #forget(): Promise<void> {
    const now = this.context.clock.now();
    const arns = outlived(this.store.all, now).map(({ arn }) => arn);
    const namesBefore = now - RETENTION_MS;
    if (arns.length === 0 && !this.store.hasNameBefore(namesBefore)) return;
    await this.journal.record({ kind: "forgotten", arns, namesBefore });
  }
}
