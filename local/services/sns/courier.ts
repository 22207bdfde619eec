/**
 * Brings messages to queues and functions, as the service principal that their policies name. What the other side could
 * not take is tried again, what it refused is given up and said. A delivery is done when that is on disk, so a crash may
 * bring a message twice, but never loses one.
 */
import type { Timer } from "../../clock";
import type { Journal } from "../../durable/journal";
import { service } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import type { Change, Delivery, Snapshot } from "./outbox";

const SECOND_MS = 1000;

export class Courier {
  readonly #principal;
  readonly #running = new Set<Promise<void>>();
  readonly #timers = new Set<Timer>();
  #closed = false;

  constructor(
    private readonly context: Pick<ServiceContext, "clock" | "facts" | "say" | "dispatch">,
    private readonly journal: Journal<Snapshot, Change>,
  ) {
    this.#principal = service("sns.amazonaws.com", context.facts.region);
  }

  /** Begins to deliver; nobody waits for it. */
  send(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#begin(delivery, 1);
  }

  /** Resolves when nothing is under way; what is not done yet stays in the journal. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timers.forEach((timer) => timer.cancel());
    await Promise.all(this.#running);
  }

  #begin(delivery: Delivery, attempt: number): void {
    const work = this.context.clock.track(this.#deliver(delivery, attempt)).catch((error: unknown) => {
      // Only the disk is left to fail: the journal keeps the delivery.
      this.context.say(`SNS could not note a delivery to ${delivery.subscriptionArn}: ${String(error)}`);
    });
    this.#running.add(work);
    void work.then(() => this.#running.delete(work));
  }

  async #deliver(delivery: Delivery, attempt: number): Promise<void> {
    for (let next = attempt; !this.#closed; next++) {
      const failure = await this.#call(delivery);
      const delay = failure === undefined || isRefusal(failure) ? undefined : retryDelay(next);
      if (delay === undefined) {
        if (failure !== undefined) this.#giveUp(delivery, failure);
        return this.journal.record({ type: "done", delivery: delivery.id });
      }
      if (delay > 0) return this.#later(delivery, next + 1, delay);
    }
  }

  /** @returns what went wrong, nothing when the message arrived */
  async #call({ service, operation, input, topicArn }: Delivery): Promise<unknown> {
    const { dispatch, facts } = this.context;
    const source = { "aws:SourceArn": topicArn, "aws:SourceAccount": facts.account };
    try {
      await dispatch(this.#principal, service, operation, input, source);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #later(delivery: Delivery, attempt: number, delay: number): void {
    if (this.#closed) return;
    const timer = this.context.clock.after(delay, () => {
      this.#timers.delete(timer);
      this.#begin(delivery, attempt);
    });
    this.#timers.add(timer);
  }

  #giveUp({ topicArn, subscriptionArn }: Delivery, failure: unknown): void {
    const reason = failure instanceof AwsError ? `${failure.code}: ${failure.message}` : String(failure);
    this.context.say(`a message of ${topicArn} did not reach the subscription ${subscriptionArn}: ${reason}`);
  }
}

/** Whether the other side will never take the message, rather than not now: 501 is a call that the stage does not model. */
function isRefusal(failure: unknown): boolean {
  if (!(failure instanceof AwsError)) return false;
  return failure.status === 501 || (failure.status < 500 && failure.status !== 429);
}

/**
 * Milliseconds until the next attempt after so many; nothing when no more are made: three at once, two after a second
 * each, ten after one to twenty seconds, then one every twenty seconds for 23 days. AWS jitters these times.
 * Source: SNS developer guide, "Amazon SNS message delivery retries".
 */
export function retryDelay(attempts: number): number | undefined {
  if (attempts <= 3) return 0;
  if (attempts <= 5) return SECOND_MS;
  if (attempts <= 15) return Math.round(SECOND_MS * 20 ** ((attempts - 6) / 9));
  return attempts <= 100_015 ? 20 * SECOND_MS : undefined;
}
