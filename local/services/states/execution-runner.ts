/** Starts, resumes and ends executions, and forgets those that ended long ago. */
import type { Timer } from "../../clock";
import { Journal } from "../../durable/journal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import { executionArn } from "./arn";
import { Execution } from "./execution";
import { ExecutionLog } from "./execution-log";
import type { ExecutionRecord, TaskAnswer } from "./execution-record";
import { ExecutionStore, type Change, type Snapshot } from "./execution-store";
import { refusalOf } from "./integrations/catalog";
import { taskKindOf } from "./integrations/task-kind";
import { parseMachine } from "./language/parse";
import type { RoleSession } from "../../iam/principal";
import { assumeRole, takeRole } from "./machine-role";
import type { StateMachine } from "./state-machine";
import type { TokenContent } from "./token";

/** How long ended executions, and their names, are known. Source: Step Functions quotas. */
const RETENTION_MS = 90 * 86_400_000;
/** Ended executions that the stage keeps of one machine; a stage runs on a small machine. */
const MOST_ENDED = 1_000;
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
  static async open(machines: readonly StateMachine[], context: ServiceContext): Promise<ExecutionRunner> {
    const roles = new Map(machines.map((machine) => [machine.arn, takeRole(machine, context)]));
    const logs = new Map(
      machines.flatMap((machine) => {
        const log = ExecutionLog.open(machine, context);
        return log === undefined ? [] : [[machine.arn, log] as const];
      }),
    );
    const store = new ExecutionStore();
    const journal = await Journal.open<Snapshot, Change>(context.folder("states"), store, context.durable);
    return new ExecutionRunner(machines, roles, logs, store, journal, context);
  }

  private constructor(
    private readonly machines: readonly StateMachine[],
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
    await this.journal.record({ kind: "started", execution });
    const record = this.store.find(arn);
    if (record === undefined) throw new Error(`execution ${arn} was not kept`);
    this.#measure(record, "ExecutionsStarted", 1);
    this.#run(record, machine);
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

  #resume(record: ExecutionRecord): void {
    const machine = this.machines.find(({ arn }) => arn === record.machineArn);
    if (machine !== undefined) return this.#run(record, machine);
    const cause = "The program does not declare the state machine any more.";
    const end = { status: "ABORTED" as const, stopped: this.context.clock.now(), error: "StateMachineDeleted", cause };
    const id = record.events.length + 1;
    const details = { error: end.error, cause };
    const event = { id, previousEventId: id - 1, time: end.stopped, type: "ExecutionAborted", details };
    void this.context.clock.track(
      this.journal.record({ kind: "happened", arn: record.arn, branch: "", events: [event], end }),
    );
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
    void execution.ended().then(() => this.#leave(record));
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

  /** Lets go of what ended too long ago, and of the oldest where a machine has too many. */
  async #forget(): Promise<void> {
    const namesBefore = this.context.clock.now() - RETENTION_MS;
    const ended = this.store.all.filter(({ end }) => end !== undefined).reverse();
    const counts = new Map<string, number>();
    const forgotten = ended.filter(({ machineArn, end }) => {
      const count = (counts.get(machineArn) ?? 0) + 1;
      counts.set(machineArn, count);
      return count > MOST_ENDED || (end?.stopped ?? 0) < namesBefore;
    });
    const arns = forgotten.map(({ arn }) => arn);
    if (arns.length === 0 && !this.store.hasNameBefore(namesBefore)) return;
    await this.journal.record({ kind: "forgotten", arns, namesBefore });
  }
}
