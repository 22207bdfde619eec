/**
 * The alarms of a stage: evaluated at each whole minute, their states on disk, their topics told of each change. A
 * change that was recorded when the stage went down is told when it opens again; a topic may so hear of one twice.
 */
import { Journal } from "../../durable/journal";
import { buildOn } from "../../durable/opening";
import { service as servicePrincipal, type Principal } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import { datapointsOf, type Alarm } from "./alarm";
import {
  AlarmHistory,
  type ActionOutcome,
  type AlarmChange,
  type AlarmRecord,
  type AlarmRecords,
} from "./alarm-history";
import { renderMessage, renderSubject } from "./alarm-message";
import { evaluateAlarm, type AlarmState } from "./evaluation";
import type { MetricStore } from "./metric-store";

/** What the board needs of a stage. */
export type AlarmContext = Pick<ServiceContext, "clock" | "dispatch" | "durable" | "facts" | "say">;

export class AlarmBoard {
  readonly #byName: ReadonlyMap<string, Alarm>;
  /** CloudWatch itself. */
  readonly #publisher: Principal;

  /** @throws DurableError when the recorded states cannot be read */
  static async open(
    context: AlarmContext,
    alarms: readonly Alarm[],
    store: MetricStore,
    folder: string,
  ): Promise<AlarmBoard> {
    const history = new AlarmHistory();
    const journal = await Journal.open<AlarmRecords, AlarmChange>(folder, history, context.durable);
    return buildOn(journal, async () => {
      const names = alarms.map(({ name }) => name);
      const at = context.clock.now();
      const changes: AlarmChange[] = [
        ...names
          .filter((name) => history.of(name) === undefined)
          .map((alarm) => ({ kind: "declared", alarm, at }) as const),
        ...history.alarms.filter((name) => !names.includes(name)).map((alarm) => ({ kind: "removed", alarm }) as const),
      ];
      await Promise.all(changes.map((change) => journal.record(change)));
      return new AlarmBoard(context, alarms, store, history, journal);
    });
  }

  private constructor(
    private readonly context: AlarmContext,
    readonly alarms: readonly Alarm[],
    private readonly store: MetricStore,
    private readonly history: AlarmHistory,
    private readonly journal: Journal<AlarmRecords, AlarmChange>,
  ) {
    this.#byName = new Map(alarms.map((alarm) => [alarm.name, alarm]));
    this.#publisher = servicePrincipal("cloudwatch.amazonaws.com", context.facts.region);
  }

  /** Tells what was left untold. */
  async resume(): Promise<void> {
    await Promise.all(this.alarms.filter(({ name }) => !this.recordOf(name).told).map((alarm) => this.#tell(alarm)));
  }

  /** Gives every alarm the state that its metric had come to at a whole minute. */
  async evaluate(minute: number): Promise<void> {
    await Promise.all(
      this.alarms.map(async (alarm) => {
        const verdict = evaluateAlarm(alarm.rule, datapointsOf(alarm, this.store, minute));
        if (verdict !== undefined) await this.move(alarm, verdict.state, verdict.reason);
      }),
    );
  }

  /** Brings an alarm into a state; resolves when it is on disk and its topics are told. */
  async move(alarm: Alarm, state: AlarmState, reason: string): Promise<void> {
    if (this.recordOf(alarm.name).state === state) return;
    await this.journal.record({ kind: "moved", alarm: alarm.name, at: this.context.clock.now(), state, reason });
    await this.#tell(alarm);
  }

  find(name: string): Alarm | undefined {
    return this.#byName.get(name);
  }

  /** @throws Error when the stage has no such alarm */
  recordOf(name: string): AlarmRecord {
    const record = this.history.of(name);
    if (record === undefined) throw new Error(`no alarm ${name}`);
    return record;
  }

  /** Resolves when every state that is shown is on disk. */
  settled(): Promise<void> {
    return this.journal.settled();
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  async #tell(alarm: Alarm): Promise<void> {
    const record = this.recordOf(alarm.name);
    const topics = alarm.actionsEnabled ? alarm.actions[record.state] : [];
    const outcomes = await Promise.all(topics.map((topic) => this.#publish(topic, alarm, record)));
    await this.journal.record({ kind: "told", alarm: alarm.name, at: this.context.clock.now(), outcomes });
  }

  /** For the alarm, by leave of the topic's policy. */
  async #publish(topic: string, alarm: Alarm, record: AlarmRecord): Promise<ActionOutcome> {
    const { dispatch, facts, say } = this.context;
    const transition = { ...record, from: record.before, to: record.state, at: record.since };
    const message = {
      TopicArn: topic,
      Subject: renderSubject(alarm, transition, facts),
      Message: renderMessage(alarm, transition, facts),
    };
    const source = { "aws:SourceArn": alarm.arn, "aws:SourceAccount": facts.account };
    try {
      await dispatch(this.#publisher, "sns", "Publish", message, source);
      return { action: topic };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      say(`alarm ${alarm.name} could not tell ${topic}: ${error.message}`);
      return { action: topic, error: error.message };
    }
  }
}
