/**
 * The live feed: server-sent events for any number of pages. What happens once stands in a ring that every reader walks
 * along at its own pace; of what changes all the time only the latest is sent. A reader holds nothing but its place, so a
 * slow one costs no memory: it skips snapshots, and where the ring has moved on it is told to ask for everything anew.
 */
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { FeedEvent, Snapshot } from "../model/wire";

export interface FeedOptions {
  /** Events kept for readers that are behind or come back. @default 2000 */
  readonly ring?: number;
  /** @default 32 */
  readonly mostReaders?: number;
  /** Milliseconds of silence after which a reader is told that the feed lives. @default 10000 */
  readonly beat?: number;
}

export class Feed {
  /** Tells one run of the stage from another: a place in one means nothing in the next. */
  readonly #run = randomBytes(4).toString("hex");
  readonly #readers = new Set<FeedReader>();
  readonly #ring: number;
  readonly #mostReaders: number;
  readonly #beat: number;
  #events: string[] = [];
  #first = 0;
  #snapshot: { readonly version: number; readonly text: string } | undefined;

  constructor({ ring = 2000, mostReaders = 32, beat = 10_000 }: FeedOptions = {}) {
    this.#ring = ring;
    this.#mostReaders = mostReaders;
    this.#beat = beat;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** The place behind the last event. */
  get tip(): number {
    return this.#first + this.#events.length;
  }

  publish({ type, data }: FeedEvent): void {
    const id = `${this.#run}-${this.tip}`;
    this.#events.push(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    if (this.#events.length > this.#ring) {
      // A quarter at a time, so that moving the ring on costs little.
      const gone = Math.ceil(this.#ring / 4);
      this.#events = this.#events.slice(gone);
      this.#first += gone;
    }
    this.#wake();
  }

  /** Takes the place of the snapshot before. */
  show(snapshot: Snapshot): void {
    const version = (this.#snapshot?.version ?? 0) + 1;
    this.#snapshot = { version, text: `event: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n` };
    this.#wake();
  }

  /**
   * @param lastEventId what the reader saw last, where it comes back
   * @returns nothing when there are as many readers as there may be
   */
  read(lastEventId?: string): FeedReader | undefined {
    if (this.#readers.size >= this.#mostReaders) return undefined;
    const reader = new FeedReader(this, this.#placeAfter(lastEventId), this.#beat);
    this.#readers.add(reader);
    reader.once("close", () => this.#readers.delete(reader));
    return reader;
  }

  close(): void {
    this.#readers.forEach((reader) => reader.destroy());
  }

  /** Everything from a place on; nothing where it is no longer there. */
  after(place: number): { readonly text: string; readonly place: number } | undefined {
    if (place < this.#first || place > this.tip) return undefined;
    return { text: this.#events.slice(place - this.#first).join(""), place: this.tip };
  }

  snapshotAfter(version: number): { readonly version: number; readonly text: string } | undefined {
    return this.#snapshot !== undefined && this.#snapshot.version > version ? this.#snapshot : undefined;
  }

  /** A place before the ring stands for one that is unknown. */
  #placeAfter(lastEventId: string | undefined): number {
    if (lastEventId === undefined || lastEventId === "") return this.tip;
    const [run, number = ""] = lastEventId.split("-");
    return run === this.#run && /^\d{1,15}$/.test(number) ? Number(number) + 1 : -1;
  }

  #wake(): void {
    this.#readers.forEach((reader) => reader.wake());
  }
}

/** One page's connection: it is asked for more only once what it was given has left. */
export class FeedReader extends Readable {
  #version = 0;
  #hungry = false;
  #greeted = false;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly feed: Feed,
    private place: number,
    beat: number,
  ) {
    super({ highWaterMark: 16 * 1024 });
    this.#timer = setInterval(() => {
      if (this.#hungry) this.#give("event: beat\ndata: {}\n\n");
    }, beat).unref();
  }

  override _read(): void {
    this.#hungry = true;
    this.wake();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#timer);
    done(error);
  }

  wake(): void {
    if (!this.#hungry) return;
    const text = this.#greeting() + this.#events() + this.#latest();
    if (text !== "") this.#give(text);
  }

  #give(text: string): void {
    this.#hungry = false;
    this.push(text);
  }

  /** How soon to come back after a break. */
  #greeting(): string {
    if (this.#greeted) return "";
    this.#greeted = true;
    return "retry: 1000\n\n";
  }

  #events(): string {
    const found = this.feed.after(this.place);
    if (found !== undefined) {
      this.place = found.place;
      return found.text;
    }
    this.place = this.feed.tip;
    return "event: reset\ndata: {}\n\n";
  }

  #latest(): string {
    const found = this.feed.snapshotAfter(this.#version);
    if (found === undefined) return "";
    this.#version = found.version;
    return found.text;
  }
}
