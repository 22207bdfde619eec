/**
 * One log group: a durable log of all its streams' events in the order of their arrival. A stream is there as long as
 * the log holds a record of it, so what retention takes away needs no bookkeeping.
 */
import { buildOn } from "../../durable/opening";
import { SegmentLog, type SegmentLogOptions } from "../../durable/segment-log";
import { decodeRecord, encodeRecord, type LogEvent, type LogRecord } from "./record";

/** What is known of a stream without reading it. Times are milliseconds since the epoch. */
export interface LogStream {
  readonly name: string;
  readonly created: number;
  firstEvent?: number;
  lastEvent?: number;
  lastIngestion?: number;
  /** Index of the newest record. */
  newest: number;
}

export interface LogGroupSettings {
  readonly name: string;
  readonly arn: string;
  /** @default - for ever, within the group's bounds */
  readonly retentionDays: number | undefined;
  readonly keyArn: string | undefined;
  /** Streams that the program declares. */
  readonly streams: readonly string[];
}

/** An event and its place in the group. */
export interface StoredEvent extends LogEvent {
  readonly index: number;
}

export interface LogGroupBounds {
  /** Bytes on disk at which a group gives up its oldest events, whatever its retention. */
  readonly mostBytes: number;
  /** What is given up goes in pieces of this many bytes. */
  readonly segmentBytes: number;
}

/** A stage runs on a small machine. */
const BOUNDS: LogGroupBounds = { mostBytes: 256 * 2 ** 20, segmentBytes: 4 * 2 ** 20 };
const PAGE = { maxEntries: 5_000, maxBytes: 2 ** 20 };
const DAY_MS = 86_400_000;

export class LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly retentionDays: number | undefined;
  readonly keyArn: string | undefined;
  readonly #declared: ReadonlySet<string>;
  readonly #log: SegmentLog;
  readonly #streams = new Map<string, LogStream>();

  static async open(
    settings: LogGroupSettings,
    folder: string,
    now: number,
    options: SegmentLogOptions,
    { mostBytes, segmentBytes }: LogGroupBounds = BOUNDS,
  ): Promise<LogGroup> {
    return buildOn(await SegmentLog.open(folder, { ...options, segmentBytes }), async (log) => {
      const group = new LogGroup(settings, log, mostBytes);
      for (const { index, ...record } of group.#scan(group.oldest, group.tip)) group.#learn(record, index);
      for (const stream of settings.streams) if (!group.#streams.has(stream)) await group.createStream(stream, now);
      return group;
    });
  }

  private constructor(
    { name, arn, retentionDays, keyArn, streams }: LogGroupSettings,
    log: SegmentLog,
    private readonly mostBytes: number,
  ) {
    this.name = name;
    this.arn = arn;
    this.retentionDays = retentionDays;
    this.keyArn = keyArn;
    this.#declared = new Set(streams);
    this.#log = log;
  }

  /** Index of the first record that is kept. */
  get oldest(): number {
    return this.#log.start;
  }

  /** Index behind the last record that can be read. */
  get tip(): number {
    return this.#log.committed;
  }

  get bytes(): number {
    return this.#log.bytes;
  }

  /** By name. */
  get streams(): LogStream[] {
    return [...this.#streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  stream(name: string): LogStream | undefined {
    return this.#streams.get(name);
  }

  /** Time before which events are given up. */
  expiry(now: number): number {
    return this.retentionDays === undefined ? -Infinity : now - this.retentionDays * DAY_MS;
  }

  /** Resolves when the stream is on disk. */
  async createStream(name: string, now: number): Promise<void> {
    await this.#append([{ kind: "stream", stream: name, timestamp: now, ingestion: now, message: "" }]);
  }

  /** Resolves when the events are on disk. */
  async append(events: readonly LogEvent[]): Promise<void> {
    await this.#append(events.map((event) => ({ ...event, kind: "event" as const })));
    if (this.bytes > this.mostBytes) await this.#shrink();
  }

  /** Events from one index up to, not including, another. */
  *read(from: number, to: number): Generator<StoredEvent> {
    for (const { kind, ...event } of this.#scan(Math.max(from, this.oldest), to)) if (kind === "event") yield event;
  }

  /** Gives up events that arrived before a time, as far as whole segments of the log hold no others. */
  async trim(before: number): Promise<void> {
    let [low, high] = [this.oldest, this.tip];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [record] = this.#scan(middle, middle + 1);
      if ((record?.ingestion ?? Infinity) < before) low = middle + 1;
      else high = middle;
    }
    await this.#drop(low);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  async #append(records: readonly LogRecord[]): Promise<void> {
    const first = this.#log.next;
    records.forEach((record, place) => this.#learn(record, first + place));
    await this.#log.appendAll(records.map(encodeRecord));
  }

  *#scan(from: number, to: number): Generator<LogRecord & { readonly index: number }> {
    for (let next = from; next < to;) {
      for (const { index, payload } of this.#log.read(next, PAGE)) {
        if (index >= to) return;
        yield { ...decodeRecord(payload), index };
        next = index + 1;
      }
    }
  }

  #learn({ kind, stream: name, timestamp, ingestion }: LogRecord, index: number): void {
    const stream = this.#streams.get(name) ?? { name, created: ingestion, newest: index };
    this.#streams.set(name, stream);
    stream.newest = index;
    if (kind === "stream") return;
    stream.firstEvent = Math.min(timestamp, stream.firstEvent ?? Infinity);
    stream.lastEvent = Math.max(timestamp, stream.lastEvent ?? -Infinity);
    stream.lastIngestion = ingestion;
  }

  /** The oldest quarter goes, or more where the oldest segments hold most of the records. */
  async #shrink(): Promise<void> {
    const { oldest, tip } = this;
    for (const share of [1 / 4, 1 / 2, 3 / 4]) {
      if (this.bytes > this.mostBytes) await this.#drop(oldest + Math.ceil((tip - oldest) * share));
    }
  }

  async #drop(before: number): Promise<void> {
    await this.#log.trimBefore(before);
    for (const { name, newest } of this.#streams.values()) {
      if (newest < this.oldest && !this.#declared.has(name)) this.#streams.delete(name);
    }
  }
}
