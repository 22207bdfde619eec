/**
 * CloudWatch: takes every metric of the stage, keeps the last hours by the minute, and evaluates the graph's alarms at
 * each whole minute of the clock.
 */
import { gunzipSync } from "node:zlib";
import { explainFailure } from "../../durable/durable-error";
import { buildOn } from "../../durable/opening";
import type { Request } from "../../endpoint/http";
import { jsonBinding } from "../../endpoint/json-binding";
import type { Measurement, ServiceContext } from "../context";
import { AwsError, type Binding, type Operation, type Service } from "../service";
import { readAlarm } from "./alarm";
import { AlarmBoard } from "./alarm-board";
import { alarmOperations } from "./alarm-operations";
import { dashboardOperations } from "./dashboard-operations";
import type { AlarmState } from "./evaluation";
import { metricOperations } from "./metric-operations";
import { MetricStore } from "./metric-store";
import { MinuteBeat } from "./minute-beat";
import type { Series } from "./series";

/** An alarm as a console shows it. */
export interface AlarmStatus {
  readonly name: string;
  readonly state: AlarmState;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export class CloudWatchService implements Service {
  readonly signingName = "monitoring";
  readonly binding: Binding = inflating(jsonBinding("GraniteServiceVersion20100801", "1.0"));
  readonly deniedCode = "AccessDenied";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #beat: MinuteBeat;
  /** Reasons for which values were not taken, each said once. */
  readonly #said = new Set<string>();
  #resuming: Promise<void> = Promise.resolve();

  /** @throws StageError when an alarm or dashboard is declared in a way the stage does not follow */
  static async open(context: ServiceContext): Promise<CloudWatchService> {
    const { graph, clock, durable } = context;
    const alarms = graph.ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map(readAlarm);
    const dashboards = dashboardOperations(context);
    const store = await MetricStore.open(context.folder("cloudwatch", "metrics"), clock.now(), durable);
    const letGo = { close: () => store.close(clock.now()) };
    return buildOn(letGo, async () => {
      const board = await AlarmBoard.open(context, alarms, store, context.folder("cloudwatch", "alarms"));
      return new CloudWatchService(context, store, board, dashboards);
    });
  }

  private constructor(
    private readonly context: ServiceContext,
    private readonly store: MetricStore,
    private readonly board: AlarmBoard,
    dashboards: Record<string, Operation>,
  ) {
    this.operations = { ...metricOperations(store, context), ...alarmOperations(board, context), ...dashboards };
    this.#beat = new MinuteBeat(context.clock, (minute) =>
      this.#pass(minute).catch((error: unknown) => context.say(explainFailure(error))),
    );
    context.onMeasure((metric) => this.#take(metric));
  }

  start(): void {
    this.#beat.start();
    const { clock, say } = this.context;
    this.#resuming = clock.track(this.board.resume()).catch((error: unknown) => say(String(error)));
  }

  async close(): Promise<void> {
    await Promise.all([this.#beat.stop(), this.#resuming]);
    await this.store.close(this.context.clock.now());
    await this.board.close();
  }

  /** Every alarm and its state. */
  alarms(): AlarmStatus[] {
    return this.board.alarms.map(({ name }) => {
      const { state, reason, since } = this.board.recordOf(name);
      return { name, state, reason, since };
    });
  }

  /** A metric's minutes, if it has any. */
  series(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): Series | undefined {
    return this.store.find({ namespace, name, dimensions });
  }

  async #pass(minute: number): Promise<void> {
    await this.store.save(minute);
    await this.store.forget(minute);
    await this.board.evaluate(minute);
  }

  #take({ namespace, name, dimensions, value, time }: Measurement): void {
    const now = this.context.clock.now();
    const aggregate = { count: 1, sum: value, min: value, max: value };
    const refusal = Number.isFinite(value)
      ? this.store.add({ namespace, name, dimensions }, aggregate, time ?? now, now)
      : `it is ${value}`;
    if (refusal === undefined || this.#said.has(refusal)) return;
    this.#said.add(refusal);
    this.context.say(
      `a value of the metric ${namespace} ${name} is not kept: ${refusal} (said once, whatever else is left out for this reason)`,
    );
  }
}

/** Bytes of a request that are taken, once it is inflated: more than AWS takes. */
const LARGEST_BODY = 4 * 2 ** 20;

/** Clients compress large PutMetricData requests. */
function inflating(binding: Binding): Binding {
  return { ...binding, read: (request) => binding.read(inflate(request)) };
}

function inflate(request: Request): Request {
  if (request.headers["content-encoding"] !== "gzip") return request;
  try {
    return { ...request, body: gunzipSync(request.body, { maxOutputLength: LARGEST_BODY }) };
  } catch {
    throw new AwsError("SerializationException", "the request's body is not gzip, as its content-encoding says");
  }
}
