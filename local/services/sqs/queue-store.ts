/** What the stage remembers of its queues: every queue's messages, and the changes that a journal keeps. */
import type { Subject } from "../../durable/journal";
import { Queue, type Message } from "./queue";

export type Change =
  | { readonly type: "send"; readonly queue: string; readonly message: Message }
  | {
      readonly type: "receive";
      readonly queue: string;
      readonly ids: readonly string[];
      readonly at: number;
      readonly until: number;
    }
  | { readonly type: "hide"; readonly queue: string; readonly id: string; readonly until: number }
  | { readonly type: "delete"; readonly queue: string; readonly ids: readonly string[] }
  | { readonly type: "purge"; readonly queue: string }
  /** Moves dead letters: in one change, so that no crash can lose or double one. */
  | {
      readonly type: "redrive";
      readonly queue: string;
      readonly arn: string;
      readonly to: string;
      readonly ids: readonly string[];
      readonly at: number;
    };

export type Snapshot = Readonly<Record<string, readonly Message[]>>;

export class QueueStore implements Subject<Snapshot, Change> {
  readonly #queues = new Map<string, Queue>();

  /** A queue by name, empty when nothing was ever sent to it. Messages outlive a queue's absence from the program. */
  queue(name: string): Queue {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue = new Queue();
    this.#queues.set(name, queue);
    return queue;
  }

  /** Bytes of all messages of all queues. */
  get bytes(): number {
    let bytes = 0;
    for (const queue of this.#queues.values()) bytes += queue.bytes;
    return bytes;
  }

  restore(snapshot: Snapshot | undefined): void {
    for (const [name, messages] of Object.entries(snapshot ?? {})) {
      const queue = this.queue(name);
      messages.forEach((message) => queue.put(message));
    }
  }

  apply(change: Change): void {
    const queue = this.queue(change.queue);
    switch (change.type) {
      case "send":
        return queue.put(change.message);
      case "receive":
        return change.ids.forEach((id) => queue.receive(id, change.at, change.until));
      case "hide":
        return queue.hide(change.id, change.until);
      case "delete":
        return change.ids.forEach((id) => void queue.remove(id));
      case "purge":
        return queue.clear();
      case "redrive": {
        const target = this.queue(change.to);
        for (const id of change.ids) {
          const message = queue.remove(id);
          if (message === undefined) continue;
          // It stays as old as it is, and begins to be received anew.
          target.put({ ...message, receipts: 0, visibleAt: change.at, deadLetterOf: change.arn });
        }
        return;
      }
    }
  }

  snapshot(): Snapshot {
    const kept = [...this.#queues].map(([name, queue]) => [name, [...queue.messages]] as const);
    return Object.fromEntries(kept.filter(([, messages]) => messages.length > 0));
  }
}
