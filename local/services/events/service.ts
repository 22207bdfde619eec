/**
 * EventBridge's default bus: rules that fire on a schedule or for the events that clients put, and their targets. Ticks
 * that fall into a time when the stage was down are not made up for.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Timer } from "../../clock";
import { jsonBinding } from "../../endpoint/json-binding";
import type { ServiceContext, ServiceEvent } from "../context";
import { AwsError, operation, type Check, type Operation, type Service } from "../service";
import { DeliveryQueue, type DeliveryContext } from "./delivery-queue";
import { busName, describeFault, MOST_ENTRIES, putEntry, readEvent, type PutEntry } from "./put-entry";
import { BUS, isoTime, readRules, type BusEvent, type Rule } from "./rule";

/** What the service needs of a stage. */
export type EventsContext = DeliveryContext &
  Pick<ServiceContext, "graph" | "folder"> &
  Partial<Pick<ServiceContext, "onServiceEvent">>;

export class EventsService implements Service {
  readonly signingName = "events";
  readonly binding = jsonBinding("AWSEvents", "1.1");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #timers = new Map<string, Timer>();
  #firing: Promise<void> = Promise.resolve();

  /** @throws StageError naming a rule or target that is declared in a way the stage does not follow */
  static async open(context: EventsContext): Promise<EventsService> {
    const rules = readRules(context.graph);
    const queue = await DeliveryQueue.open(context, rules, context.folder("events", "deliveries"));
    return new EventsService(context, rules, queue);
  }

  private constructor(
    private readonly context: EventsContext,
    private readonly rules: readonly Rule[],
    private readonly queue: DeliveryQueue,
  ) {
    this.operations = this.#declare();
    context.onServiceEvent?.((event) => this.#hear(event));
  }

  start(): void {
    this.queue.resume();
    for (const rule of this.rules) if (rule.isEnabled) this.#wait(rule, this.context.clock.now());
  }

  async close(): Promise<void> {
    this.#timers.forEach((timer) => timer.cancel());
    await this.#firing;
    await this.queue.close();
  }

  /** Sets the timer for the first tick of a rule's schedule after a time. */
  #wait(rule: Rule, after: number): void {
    const { clock } = this.context;
    const tick = rule.schedule?.(after);
    if (tick === undefined) return;
    const timer = clock.after(tick - clock.now(), () => {
      // A timer may fire a moment early: the next tick is behind the one that was waited for.
      this.#wait(rule, Math.max(tick, clock.now()));
      const firing = this.#fire(rule, this.#scheduledEvent(rule, tick));
      this.#firing = Promise.allSettled([this.#firing, firing]).then(() => undefined);
      return firing;
    });
    this.#timers.set(rule.name, timer);
  }

  /** Resolves when the event is on disk for every target of the rule. */
  async #fire(rule: Rule, event: BusEvent): Promise<void> {
    const { clock, measure } = this.context;
    measure({ namespace: "AWS/Events", name: "TriggeredRules", dimensions: { RuleName: rule.name }, value: 1 });
    await Promise.all(
      rule.targets.map(({ id: target, payload }) =>
        this.queue.accept({
          id: `${event.id} ${rule.name} ${target}`,
          rule: rule.name,
          target,
          payload: payload(event),
          accepted: clock.now(),
        }),
      ),
    );
  }

  #scheduledEvent({ arn }: Rule, tick: number): BusEvent {
    const { account, region } = this.context.facts;
    return {
      version: "0",
      id: idOf(`${arn} ${tick}`),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account,
      time: isoTime(tick),
      region,
      resources: [arn],
      detail: {},
    };
  }

  /** What services of AWS tell needs nobody's leave. */
  #hear({ source, detailType, resources, detail }: ServiceEvent): void {
    const told = { Source: source, DetailType: detailType, Resources: [...resources], Detail: JSON.stringify(detail) };
    const heard = this.#take({ ...told, EventBusName: BUS }).then(() => undefined);
    this.#firing = Promise.allSettled([this.#firing, this.context.clock.track(heard)]).then(() => undefined);
    heard.catch((error: unknown) => this.context.say(`an event of ${source} was lost: ${String(error)}`));
  }

  async #put(entry: PutEntry): Promise<unknown> {
    return describeFault(entry) ?? this.#take(entry);
  }

  async #take(entry: PutEntry): Promise<{ EventId: string }> {
    const event = readEvent(entry, this.context.facts, this.context.clock.now());
    const interested = this.rules.filter(({ isEnabled, isFor }) => isEnabled && isFor(event));
    await Promise.all(interested.map((rule) => this.#fire(rule, event)));
    return { EventId: event.id };
  }

  #declare(): Record<string, Operation> {
    const { partition, region, account } = this.context.facts;
    const on = (action: string, resource: string): Check => ({
      action: `events:${action}`,
      resource: `arn:${partition}:events:${region}:${account}:${resource}`,
    });
    const bus = { EventBusName: z.literal(BUS, { error: `the local stage has the bus ${BUS} only` }).optional() };
    return {
      PutEvents: operation({
        shape: z.object({ Entries: z.array(putEntry).min(1).max(MOST_ENTRIES) }),
        checks: ({ Entries }) =>
          Entries.map(({ EventBusName, Source = "", DetailType = "" }) => ({
            ...on("PutEvents", `event-bus/${busName(EventBusName)}`),
            context: { "events:source": Source, "events:detail-type": DetailType },
          })),
        run: async ({ Entries }) => {
          const results = await Promise.all(Entries.map((each) => this.#put(each)));
          return { FailedEntryCount: results.filter((each) => isFault(each)).length, Entries: results };
        },
      }),
      DescribeRule: operation({
        shape: z.object({ ...bus, Name: z.string() }),
        checks: ({ Name }) => [on("DescribeRule", `rule/${Name}`)],
        run: ({ Name }) => describeRule(this.#rule(Name)),
      }),
      ListRules: operation({
        shape: z.object({ ...bus, NamePrefix: z.string().default("") }),
        checks: () => [on("ListRules", "rule/*")],
        run: ({ NamePrefix }) => ({
          Rules: this.rules.filter(({ name }) => name.startsWith(NamePrefix)).map(describeRule),
        }),
      }),
      ListTargetsByRule: operation({
        shape: z.object({ ...bus, Rule: z.string() }),
        checks: ({ Rule }) => [on("ListTargetsByRule", `rule/${Rule}`)],
        run: ({ Rule }) => ({ Targets: this.#rule(Rule).targets.map(({ id, arn }) => ({ Id: id, Arn: arn })) }),
      }),
    };
  }

  #rule(name: string): Rule {
    const rule = this.rules.find((each) => each.name === name);
    if (rule !== undefined) return rule;
    throw new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${BUS}.`);
  }
}

function isFault(result: unknown): boolean {
  return typeof result === "object" && result !== null && "ErrorCode" in result;
}

function describeRule({ name, arn, description, isEnabled, expression, pattern }: Rule): unknown {
  return {
    Name: name,
    Arn: arn,
    Description: description,
    State: isEnabled ? "ENABLED" : "DISABLED",
    ScheduleExpression: expression,
    EventPattern: pattern,
    EventBusName: BUS,
  };
}

/** A tick has the same id however often it is asked for. */
function idOf(text: string): string {
  const digits = createHash("sha256").update(text).digest("hex");
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-a$4-$5");
}
