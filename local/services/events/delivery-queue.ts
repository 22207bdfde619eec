/**
 * Events on their way to targets: on disk until the target took them or all attempts failed. What was under way when the
 * stage went down goes on when it opens again; a target may so get an event twice, as on AWS.
 */
import type { Timer } from "../../clock";
import { Journal } from "../../durable/journal";
import { service as servicePrincipal, type Principal } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import type { Rule, Target } from "./rule";
import { callOf } from "./target-call";

/** One event for one target. */
export interface Delivery {
  readonly id: string;
  readonly rule: string;
  readonly target: string;
  readonly payload: string;
  /** When the event was taken; milliseconds since the epoch. */
  readonly accepted: number;
}

type Change =
  { readonly kind: "accepted"; readonly delivery: Delivery } | { readonly kind: "done"; readonly id: string };

/** What the queue needs of a stage. */
export type DeliveryContext = Pick<
  ServiceContext,
  "assume" | "clock" | "dispatch" | "durable" | "facts" | "measure" | "say"
>;

/** Pause before the first retry; each is twice the one before, up to the longest. */
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 480_000;

export class DeliveryQueue {
  readonly #pending: Map<string, Delivery>;
  readonly #timers = new Set<Timer>();
  readonly #attempts = new Set<Promise<void>>();
  readonly #caller: Principal;
  #isClosing = false;

  static async open(context: DeliveryContext, rules: readonly Rule[], folder: string): Promise<DeliveryQueue> {
    const pending = new Map<string, Delivery>();
    const journal = await Journal.open<Delivery[], Change>(
      folder,
      {
        restore: (deliveries = []) => deliveries.forEach((each) => pending.set(each.id, each)),
        apply: (change) => {
          if (change.kind === "accepted") pending.set(change.delivery.id, change.delivery);
          else pending.delete(change.id);
        },
        snapshot: () => [...pending.values()],
      },
      context.durable,
    );
    return new DeliveryQueue(context, rules, journal, pending);
  }

  private constructor(
    private readonly context: DeliveryContext,
    private readonly rules: readonly Rule[],
    private readonly journal: Journal<Delivery[], Change>,
    pending: Map<string, Delivery>,
  ) {
    this.#pending = pending;
    this.#caller = servicePrincipal("events.amazonaws.com", context.facts.region);
  }

  /** Goes on with what was under way when the stage went down. */
  resume(): void {
    for (const delivery of this.#pending.values()) void this.#begin(delivery, 0);
  }

  /** Takes a delivery; resolves when it is on disk. */
  async accept(delivery: Delivery): Promise<void> {
    await this.journal.record({ kind: "accepted", delivery });
    void this.#begin(delivery, 0);
  }

  /** Waits for the attempts under way; what waits for another one stays on disk. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#timers.forEach((timer) => timer.cancel());
    await Promise.all(this.#attempts);
    await this.journal.close();
  }

  /** @param failed attempts that have failed */
  async #begin(delivery: Delivery, failed: number): Promise<void> {
    const attempt = this.#attempt(delivery, failed).catch((error: unknown) => this.context.say(String(error)));
    this.#attempts.add(attempt);
    await this.context.clock.track(attempt);
    this.#attempts.delete(attempt);
  }

  #later(delivery: Delivery, failed: number, pause: number): void {
    const timer = this.context.clock.after(pause, () => {
      this.#timers.delete(timer);
      return this.#begin(delivery, failed);
    });
    this.#timers.add(timer);
  }

  async #attempt(delivery: Delivery, failed: number): Promise<void> {
    const rule = this.rules.find(({ name }) => name === delivery.rule);
    const target = rule?.targets.find(({ id }) => id === delivery.target);
    // A target that the program declares no more gets nothing.
    if (rule === undefined || target === undefined) return this.#end(delivery);
    try {
      await this.#call(rule, target, delivery.payload);
      this.#count("Invocations", rule);
    } catch (error) {
      const pause = Math.min(SHORTEST_PAUSE_MS * 2 ** failed, LONGEST_PAUSE_MS);
      const age = this.context.clock.now() + pause - delivery.accepted;
      const isWorthwhile = isPassing(error) && failed < target.retries.most && age <= target.retries.longestMs;
      // The next opening tries again.
      if (this.#isClosing) return;
      if (isWorthwhile) return this.#later(delivery, failed + 1, pause);
      this.#count("FailedInvocations", rule);
      const reason = error instanceof Error ? error.message : String(error);
      const attempts = failed === 0 ? "1 attempt" : `${failed + 1} attempts`;
      this.context.say(`rule ${rule.name} gave up on ${target.arn} after ${attempts}: ${reason}`);
    }
    await this.#end(delivery);
  }

  /** As EventBridge, for the rule: by leave of the target's own policy, or as the role that the target names. */
  async #call({ arn: ruleArn }: Rule, { arn, roleArn }: Target, payload: string): Promise<void> {
    const { dispatch, facts, assume } = this.context;
    const source = { "aws:SourceArn": ruleArn, "aws:SourceAccount": facts.account };
    const caller = roleArn === undefined ? this.#caller : assume(roleArn, "events.amazonaws.com", "rule", source);
    const { service, operation, input } = callOf(arn, payload);
    await dispatch(caller, service, operation, input, source);
  }

  #end({ id }: Delivery): Promise<void> {
    return this.journal.record({ kind: "done", id });
  }

  #count(name: string, rule: Rule): void {
    this.context.measure({ namespace: "AWS/Events", name, dimensions: { RuleName: rule.name }, value: 1 });
  }
}

/** A refusal (no permission, no such function) stays one; throttling and faults pass. */
function isPassing(error: unknown): boolean {
  return !(error instanceof AwsError) || error.status === 429 || error.status >= 500;
}
