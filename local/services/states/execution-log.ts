/**
 * Writes what happened in executions to the machine's log group, as CloudWatch's delivery does for Step Functions.
 * Source: Step Functions developer guide, "Logging using CloudWatch Logs", log levels and format.
 */
import { service as servicePrincipal, type Service } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import type { ExecutionRecord, HistoryEvent } from "./execution-record";
import type { JsonObject } from "./language/json";
import type { LogLevel, StateMachine } from "./state-machine";

export type LogContext = Pick<ServiceContext, "authorizer" | "clock" | "dispatch" | "facts" | "say">;

/** Events that a level tells; ALL tells everything. */
const LEVELS: Readonly<Record<LogLevel, RegExp>> = {
  ALL: /./,
  ERROR: /^(Execution(Failed|Aborted|TimedOut)|FailStateEntered|EvaluationFailed|.*(Failed|TimedOut|Aborted))$/,
  FATAL: /^Execution(Failed|Aborted|TimedOut)$/,
};

const DATA = ["input", "output", "parameters"];

export class ExecutionLog {
  readonly #stream: string;
  readonly #deliverer: Service;
  #writing: Promise<void>;
  #isRefused = false;

  /** Nothing for a machine that logs nothing. */
  static open(machine: StateMachine, context: LogContext): ExecutionLog | undefined {
    return machine.logging === undefined ? undefined : new ExecutionLog(machine, machine.logging, context);
  }

  private constructor(
    machine: StateMachine,
    private readonly logging: NonNullable<StateMachine["logging"]>,
    private readonly context: LogContext,
  ) {
    const { clock, facts } = context;
    const hour = new Date(clock.now()).toISOString().slice(0, 16).replace(/[T:]/g, "-");
    this.#stream = `states/${machine.name}/${hour}/${clock.now().toString(16)}`;
    this.#deliverer = servicePrincipal("delivery.logs.amazonaws.com", facts.region);
    this.#admit(machine);
    this.#writing = clock.track(this.#put("CreateLogStream", {}));
  }

  /** Writes events that are on disk; nobody waits for the log. */
  write({ arn }: ExecutionRecord, events: readonly HistoryEvent[]): void {
    const told = events.filter(({ type }) => LEVELS[this.logging.level].test(type));
    if (told.length === 0) return;
    const logEvents = told.map((event) => ({ timestamp: event.time, message: this.#render(arn, event) }));
    this.#writing = this.context.clock.track(this.#writing.then(() => this.#put("PutLogEvents", { logEvents })));
  }

  async close(): Promise<void> {
    await this.#writing;
  }

  #render(arn: string, { id, previousEventId, type, time, details = {} }: HistoryEvent): string {
    return JSON.stringify({
      id: String(id),
      type,
      details: this.logging.includesData ? details : withoutData(details),
      previous_event_id: String(previousEventId),
      event_timestamp: String(time),
      execution_arn: arn,
    });
  }

  /** The policy by which Step Functions lets the delivery write to the group, with the role's leave. */
  #admit({ name }: StateMachine): void {
    const { partition, region, account } = this.context.facts;
    const group = `arn:${partition}:logs:${region}:${account}:log-group:${this.logging.group}`;
    const Statement = {
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${group}:log-stream:states/*`,
    };
    const document = { Version: "2012-10-17", Statement: [Statement] };
    const source = `log delivery of state machine ${name}`;
    this.context.authorizer.addResourcePolicy(`${group}:log-stream:${this.#stream}`, { source, document }, group);
  }

  async #put(operation: string, input: object): Promise<void> {
    const { dispatch, say } = this.context;
    const where = { logGroupName: this.logging.group, logStreamName: this.#stream };
    try {
      await dispatch(this.#deliverer, "logs", operation, { ...where, ...input });
    } catch (error) {
      if (error instanceof AwsError && error.code === "ResourceAlreadyExistsException") return;
      // An execution runs on when its log cannot be written; here somebody is told, once.
      if (!this.#isRefused) say(`log group ${this.logging.group} cannot be written: ${String(error)}`);
      this.#isRefused = true;
    }
  }
}

function withoutData(details: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !DATA.includes(name)));
}
