/**
 * What the stage remembers of its topics: the mailbox, and deliveries to queues and functions that are not done yet.
 * Everything that one publication brings forth enters in one change: after a crash it is all there, or nothing is.
 */
import type { Subject } from "../../durable/journal";
import { Mailbox, type Mail } from "./mailbox";

/** A call of another service that delivers one message to one subscription. */
export interface Delivery {
  readonly id: string;
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly service: "sqs" | "lambda";
  readonly operation: "SendMessage" | "Invoke";
  readonly input: Readonly<Record<string, unknown>>;
  /** Characters of the message. */
  readonly size: number;
}

export type Change =
  | { readonly type: "publish"; readonly mails: readonly Mail[]; readonly deliveries: readonly Delivery[] }
  | { readonly type: "done"; readonly delivery: string };

export interface Snapshot {
  readonly mails: readonly Mail[];
  readonly deliveries: readonly Delivery[];
}

export class Outbox implements Subject<Snapshot, Change> {
  readonly mailbox = new Mailbox();
  readonly #pending = new Map<string, Delivery>();
  #size = 0;

  /** Deliveries that are not done yet, the oldest first. */
  get pending(): readonly Delivery[] {
    return [...this.#pending.values()];
  }

  /** How many deliveries are not done yet, and the characters of their messages together. */
  get load(): { readonly deliveries: number; readonly characters: number } {
    return { deliveries: this.#pending.size, characters: this.#size };
  }

  restore(snapshot: Snapshot | undefined): void {
    if (snapshot !== undefined) this.apply({ type: "publish", ...snapshot });
  }

  apply(change: Change): void {
    switch (change.type) {
      case "publish":
        this.mailbox.put(change.mails);
        for (const delivery of change.deliveries) {
          this.#pending.set(delivery.id, delivery);
          this.#size += delivery.size;
        }
        return;
      case "done":
        this.#size -= this.#pending.get(change.delivery)?.size ?? 0;
        this.#pending.delete(change.delivery);
        return;
    }
  }

  snapshot(): Snapshot {
    return { mails: this.mailbox.mails, deliveries: this.pending };
  }
}
