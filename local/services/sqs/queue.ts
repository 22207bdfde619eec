/**
 * The messages of one queue and where each stands: visible, delayed before its first receipt, or in flight between a
 * receipt and its deletion. Nothing here knows what time it is; whoever asks says.
 */
import { Deadlines } from "./deadlines";
import { sizeOfAttributes, type Attributes } from "./attributes";

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Attributes;
  readonly sender: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly sent: number;
  /** When it can be received, for the first time or again. */
  readonly visibleAt: number;
  /** How often it was received. */
  readonly receipts: number;
  readonly firstReceived?: number;
  readonly lastReceived?: number;
  /** ARN of the queue that it was moved out of as a dead letter. */
  readonly deadLetterOf?: string;
}

export class Queue {
  readonly #messages = new Map<string, Message>();
  /** Ids, in the order in which they became visible. */
  readonly #visible = new Set<string>();
  readonly #delayed = new Deadlines<string>();
  readonly #inFlight = new Deadlines<string>();
  #bytes = 0;

  get messages(): Iterable<Message> {
    return this.#messages.values();
  }

  /** Bytes of all messages together. */
  get bytes(): number {
    return this.#bytes;
  }

  get counts(): { readonly visible: number; readonly delayed: number; readonly inFlight: number } {
    return { visible: this.#visible.size, delayed: this.#delayed.size, inFlight: this.#inFlight.size };
  }

  /** When the next message becomes visible by itself; nothing when none will. */
  get nextChange(): number | undefined {
    const [delayed, inFlight] = [this.#delayed.next, this.#inFlight.next];
    if (delayed === undefined || inFlight === undefined) return delayed ?? inFlight;
    return Math.min(delayed, inFlight);
  }

  find(id: string): Message | undefined {
    return this.#messages.get(id);
  }

  /** Visible messages, the longest visible first. */
  *visible(): Iterable<Message> {
    for (const id of this.#visible) yield this.#messages.get(id) as Message;
  }

  /** Puts a new message in, to be visible when it says. */
  put(message: Message): void {
    this.#bytes += sizeOf(message);
    this.#place(message);
  }

  /** Marks a message received, to be visible again at `until`. */
  receive(id: string, at: number, until: number): void {
    const message = this.#messages.get(id);
    if (message === undefined) return;
    const { receipts, firstReceived = at } = message;
    this.#place({ ...message, receipts: receipts + 1, firstReceived, lastReceived: at, visibleAt: until });
  }

  /** Changes when a message becomes visible. */
  hide(id: string, until: number): void {
    const message = this.#messages.get(id);
    if (message !== undefined) this.#place({ ...message, visibleAt: until });
  }

  /** Takes a message out for good. */
  remove(id: string): Message | undefined {
    const message = this.#messages.get(id);
    if (message === undefined) return undefined;
    this.#lift(id);
    this.#messages.delete(id);
    this.#bytes -= sizeOf(message);
    return message;
  }

  clear(): void {
    this.#messages.clear();
    this.#visible.clear();
    this.#delayed.clear();
    this.#inFlight.clear();
    this.#bytes = 0;
  }

  /** Lets everything be seen that is due by now; answers whether anything was. */
  reveal(now: number): boolean {
    const before = this.#visible.size;
    for (const waiting of [this.#delayed, this.#inFlight]) {
      for (let id = waiting.takeDue(now); id !== undefined; id = waiting.takeDue(now)) this.#visible.add(id);
    }
    return this.#visible.size > before;
  }

  #place(message: Message): void {
    this.#lift(message.id);
    this.#messages.set(message.id, message);
    (message.receipts === 0 ? this.#delayed : this.#inFlight).set(message.id, message.visibleAt);
  }

  #lift(id: string): void {
    this.#visible.delete(id);
    this.#delayed.delete(id);
    this.#inFlight.delete(id);
  }
}

/** What SQS counts: the body and the attributes, in bytes. */
export function sizeOf({ body, attributes }: Pick<Message, "body" | "attributes">): number {
  return Buffer.byteLength(body) + sizeOfAttributes(attributes);
}
