/**
 * A queue at work: messages go in, are received for a while, come back or are deleted; dead letters move on, old messages
 * expire, and whoever waits or watches is told. Every change is in the journal before it is answered.
 *
 * A receiver that waits (long polling) waits on the stage's clock, or until a message becomes visible. Under a virtual
 * clock time stands still while a request is under way, so there a wait ends with the next message that becomes visible
 * without time passing, and otherwise only when the queue closes: tests and demonstrations ask without waiting.
 */
import { randomUUID } from "node:crypto";
import type { Timer } from "../../clock";
import type { Journal } from "../../durable/journal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import { CARRIED, checkAttributes, type Attributes } from "./attributes";
import { sizeOf, type Message, type Queue } from "./queue";
import type { Change, QueueStore, Snapshot } from "./queue-store";
import type { Receipt } from "./receipt";
import { VISIBILITY, type QueueSettings } from "./settings";

/** Messages between receipt and deletion. Source: SQS developer guide, "Amazon SQS message quotas". */
const MOST_IN_FLIGHT = 120_000;

/** Bytes that the stage holds of all its queues in memory; AWS has no such limit. */
const MOST_BYTES = 128 * 2 ** 20;

const PURGE_INTERVAL_MS = 60_000;

export class LiveQueue {
  #purged = -Infinity;
  #timer: { readonly at: number; readonly timer: Timer } | undefined;
  #lastVisible = -1;
  #closed = false;
  readonly #state: Queue;

  /** @param deadLetters finds a queue by its ARN */
  constructor(
    readonly settings: QueueSettings,
    private readonly store: QueueStore,
    private readonly journal: Journal<Snapshot, Change>,
    private readonly context: Pick<ServiceContext, "clock" | "notices" | "measure">,
    private readonly deadLetters: (arn: string) => LiveQueue,
  ) {
    this.#state = store.queue(settings.name);
  }

  /** Resolves with counts that no crash can take back. */
  async counts(): Promise<Queue["counts"]> {
    this.#refresh();
    await this.journal.settled();
    return this.#state.counts;
  }

  /** @throws AwsError when SQS would not take the message */
  async send(
    {
      body,
      attributes,
      delaySeconds = this.settings.delaySeconds,
    }: { body: string; attributes: Attributes; delaySeconds?: number | undefined },
    sender: string,
  ): Promise<Message> {
    this.#check(body, attributes);
    const sent = this.context.clock.now();
    const message = {
      id: randomUUID(),
      body,
      attributes,
      sender,
      sent,
      visibleAt: sent + delaySeconds * 1000,
      receipts: 0,
    };
    await this.#record({ type: "send", queue: this.settings.name, message });
    this.#measure("NumberOfMessagesSent", 1);
    return message;
  }

  /**
   * Receives up to `most` messages, once there are any or `waitSeconds` have passed.
   * @param visibilitySeconds how long nobody else receives them
   */
  async receive(
    most: number,
    visibilitySeconds = this.settings.visibilitySeconds,
    waitSeconds = this.settings.waitSeconds,
  ): Promise<readonly Message[]> {
    const { clock } = this.context;
    const patience = clock.now() + waitSeconds * 1000;
    while (!this.#closed) {
      const { received, recorded } = this.#take(most, visibilitySeconds);
      const rest = patience - clock.now();
      if (received.length > 0 || rest <= 0) {
        await recorded;
        return received;
      }
      // Listens before anything else can run: no arrival is missed.
      await Promise.all([recorded, this.#arrival(rest)]);
    }
    return [];
  }

  /** Deletes a message by its latest receipt; an older one deletes nothing, and neither is an error. */
  async delete({ message: id, count }: Receipt): Promise<void> {
    if (this.#state.find(id)?.receipts === count)
      await this.#record({ type: "delete", queue: this.settings.name, ids: [id] });
    else await this.journal.settled();
  }

  /** @throws AwsError when the message is not in flight under this receipt, or would be so for too long */
  async changeVisibility({ message: id, count }: Receipt, seconds: number): Promise<void> {
    const now = this.context.clock.now();
    this.#refresh();
    const message = this.#state.find(id);
    if (message?.receipts !== count || message.visibleAt <= now) {
      throw invalid(
        "Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.",
      );
    }
    const until = now + seconds * 1000;
    if (until - (message.lastReceived ?? now) > VISIBILITY.most * 1000) {
      throw invalid(
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${VISIBILITY.most} seconds].`,
      );
    }
    await this.#record({ type: "hide", queue: this.settings.name, id, until });
  }

  /** @throws AwsError when the last purge was less than a minute ago */
  async purge(): Promise<void> {
    const now = this.context.clock.now();
    if (now - this.#purged < PURGE_INTERVAL_MS) {
      throw new AwsError(
        "PurgeQueueInProgress",
        `Only one PurgeQueue operation on ${this.settings.name} is allowed every ${PURGE_INTERVAL_MS / 1000} seconds.`,
        403,
      );
    }
    this.#purged = now;
    await this.#record({ type: "purge", queue: this.settings.name });
  }

  /** Lets go of what is older than the queue keeps, and reports how much is visible. */
  async tend(): Promise<void> {
    const oldest = this.context.clock.now() - this.settings.retentionSeconds * 1000;
    const ids: string[] = [];
    for (const { id, sent } of this.#state.messages) if (sent <= oldest) ids.push(id);
    this.#lastVisible = -1;
    if (ids.length > 0) await this.#record({ type: "delete", queue: this.settings.name, ids });
    else this.#refresh();
  }

  /** Sends those who wait home with nothing. */
  close(): void {
    this.#closed = true;
    this.#timer?.timer.cancel();
    this.context.notices.post(this.settings.arn);
  }

  /** Receives what is visible now; what was received too often becomes a dead letter instead. */
  #take(most: number, visibilitySeconds: number): { received: readonly Message[]; recorded: Promise<unknown> } {
    this.#refresh();
    const { name, arn, redrive, retentionSeconds } = this.settings;
    if (this.#state.counts.inFlight + most > MOST_IN_FLIGHT) {
      throw new AwsError(
        "OverLimit",
        `Queue ${name} has ${MOST_IN_FLIGHT} messages in flight, which is the most: delete some first.`,
        403,
      );
    }
    const at = this.context.clock.now();
    const [ids, dead]: [string[], string[]] = [[], []];
    for (const { id, sent, receipts } of this.#state.visible()) {
      if (ids.length === most) break;
      if (sent + retentionSeconds * 1000 <= at) continue;
      (redrive !== undefined && receipts >= redrive.maxReceiveCount ? dead : ids).push(id);
    }
    const recording: Promise<void>[] = [];
    if (redrive !== undefined && dead.length > 0) {
      const target = this.deadLetters(redrive.deadLetterTargetArn);
      recording.push(this.#record({ type: "redrive", queue: name, arn, to: target.settings.name, ids: dead, at }));
      target.#refresh();
    }
    if (ids.length > 0)
      recording.push(this.#record({ type: "receive", queue: name, ids, at, until: at + visibilitySeconds * 1000 }));
    return { received: ids.map((id) => this.#state.find(id) as Message), recorded: Promise.all(recording) };
  }

  /** Resolves when a message becomes visible, or after so many milliseconds. */
  async #arrival(patience: number): Promise<void> {
    const { clock, notices } = this.context;
    await new Promise<void>((resolve) => {
      const timer = clock.after(patience, () => wake());
      const stop = notices.listen(this.settings.arn, () => wake());
      const wake = (): void => {
        timer.cancel();
        stop();
        resolve();
      };
    });
  }

  async #record(change: Change): Promise<void> {
    const recorded = this.journal.record(change);
    this.#refresh();
    await recorded;
  }

  /** Brings to light what is due, tells those who wait and watch, and sets the clock for what is due next. */
  #refresh(): void {
    const { clock, notices } = this.context;
    const revealed = this.#state.reveal(clock.now());
    const { visible } = this.#state.counts;
    if (visible !== this.#lastVisible) this.#measure("ApproximateNumberOfMessagesVisible", visible);
    this.#lastVisible = visible;
    const next = this.#state.nextChange;
    if (next !== this.#timer?.at && !this.#closed) {
      this.#timer?.timer.cancel();
      this.#timer =
        next === undefined ? undefined : { at: next, timer: clock.after(next - clock.now(), () => this.#refresh()) };
    }
    if (revealed) notices.post(this.settings.arn);
  }

  #check(body: string, attributes: Attributes): void {
    const { longestMessage } = this.settings;
    if (!CARRIED.test(body)) {
      throw new AwsError(
        "InvalidMessageContents",
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
      );
    }
    checkAttributes(attributes);
    const bytes = sizeOf({ body, attributes });
    if (bytes > longestMessage) {
      throw invalid(
        `One or more parameters are invalid. Reason: Message must be shorter than ${longestMessage} bytes.`,
      );
    }
    if (this.store.bytes + bytes > MOST_BYTES) {
      throw new AwsError(
        "OverLimit",
        `the local stage keeps at most ${MOST_BYTES} bytes of messages, and its queues hold ${this.store.bytes}: receive and delete some first`,
        403,
      );
    }
  }

  #measure(name: string, value: number): void {
    this.context.measure({ namespace: "AWS/SQS", name, dimensions: { QueueName: this.settings.name }, value });
  }
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}
