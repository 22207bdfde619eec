/**
 * An API's access log: one line per request, written to its log group as the account's role. Requests do not wait for
 * it: lines gather while a write is under way and for a moment after it, and what the buffer cannot hold is dropped,
 * counted and said.
 */
import { randomBytes } from "node:crypto";
import type { Timer } from "../../clock";
import type { Principal } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import type { ContextFormat } from "./mapping/context-format";
import type { Exchange } from "./exchange";

/** Most events and bytes of one write, and what an event weighs beside its message. Source: PutLogEvents, API reference. */
const MOST_EVENTS_PUT = 10_000;
const MOST_BYTES_PUT = 2 ** 20;
const EVENT_OVERHEAD = 26;

/** Pause between two writes: the log's commits would compete with those that requests wait for. */
export const PAUSE_MS = 200;

/** Lines that wait at most: some seconds of heavy traffic. */
const MOST_WAITING = 50_000;

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

export class AccessLog {
  readonly #stream = randomBytes(16).toString("hex");
  #waiting: LogEvent[] = [];
  #dropped = 0;
  #writing: Promise<void> | undefined;
  #pause: Timer | undefined;
  #hasStream = false;
  #failure: string | undefined;

  constructor(
    private readonly context: Pick<ServiceContext, "clock" | "dispatch" | "say">,
    private readonly logGroup: string,
    private readonly writer: Principal,
    private readonly format: ContextFormat,
  ) {}

  /** Takes a line for an exchange that has ended. */
  record(exchange: Exchange): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting.push({ timestamp: this.context.clock.now(), message: this.format.render(exchange, escapeText) });
    if (this.#pause === undefined) this.#writing ??= this.context.clock.track(this.#write());
  }

  /** Writes what has been taken; says what was lost. */
  async close(): Promise<void> {
    await this.#writing;
    this.#pause?.cancel();
    await this.#writeWaiting();
    this.#sayDropped();
  }

  async #write(): Promise<void> {
    // Lines of the same turn of the event loop go together.
    await Promise.resolve();
    await this.#writeWaiting();
    this.#writing = undefined;
    this.#pause = this.context.clock.after(PAUSE_MS, () => {
      this.#pause = undefined;
      if (this.#waiting.length > 0) this.#writing = this.context.clock.track(this.#write());
    });
  }

  /** Writes the lines that wait now, not those that come meanwhile. */
  async #writeWaiting(): Promise<void> {
    for (let left = this.#waiting.length; left > 0;) {
      const batch = this.#takeBatch();
      left -= batch.length;
      try {
        await this.#put(batch);
        this.#failure = undefined;
      } catch (error) {
        this.#dropped += batch.length;
        this.#sayOnce(error);
      }
    }
    // While writing fails, the count goes on.
    if (this.#failure === undefined) this.#sayDropped();
  }

  #takeBatch(): LogEvent[] {
    let bytes = 0;
    let count = 0;
    for (const { message } of this.#waiting) {
      bytes += Buffer.byteLength(message) + EVENT_OVERHEAD;
      if (count === MOST_EVENTS_PUT || (count > 0 && bytes > MOST_BYTES_PUT)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #put(logEvents: readonly LogEvent[]): Promise<void> {
    const place = { logGroupName: this.logGroup, logStreamName: this.#stream };
    if (!this.#hasStream) {
      await this.context.dispatch(this.writer, "logs", "CreateLogStream", place).catch(ignoreExisting);
      this.#hasStream = true;
    }
    await this.context.dispatch(this.writer, "logs", "PutLogEvents", { ...place, logEvents });
  }

  /** The same failure, batch after batch, is said once. */
  #sayOnce(error: unknown): void {
    const failure = error instanceof Error ? error.message : String(error);
    if (failure === this.#failure) return;
    this.#failure = failure;
    this.context.say(`the access log ${this.logGroup} cannot be written: ${failure}`);
  }

  #sayDropped(): void {
    if (this.#dropped === 0) return;
    this.context.say(`the access log ${this.logGroup} lost ${this.#dropped} lines`);
    this.#dropped = 0;
  }
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof AwsError) || error.code !== "ResourceAlreadyExistsException") throw error;
}

/** A value of the request cannot end its text, nor its line. */
function escapeText(text: string): string {
  return /^[ !#-[\]-\uffff]*$/.test(text) ? text : JSON.stringify(text).slice(1, -1);
}
