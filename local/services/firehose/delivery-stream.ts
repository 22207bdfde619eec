/**
 * One delivery stream at work: reads what arrives, gathers it until the buffer is full or its interval is over, and
 * writes it to S3 as one object. What is refused is tried again, later and later; nothing is read on meanwhile.
 */
import { setImmediate } from "node:timers/promises";
import type { Timer } from "../../clock";
import type { Journal } from "../../durable/journal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import { Batch } from "./batch";
import type { Destination } from "./destination";
import type { Progress, ProgressChange, ProgressSnapshot, Sealed } from "./progress";
import type { DeliverySettings } from "./settings";
import { recordsUntil, type Source, type SourceRecord } from "./source";

/** How often a shard is read while records arrive. Source: Firehose developer guide, "Writing with Kinesis Data Streams". */
const POLL_MS = 1000;

/** The first wait after a refusal; each next is twice as long, up to the longest. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 300_000;

/** How long a batch is tried before it goes under the error prefix. Source: Firehose developer guide, "Data delivery failure handling". */
const PATIENCE_MS = 86_400_000;

export interface DeliveryParts {
  readonly settings: DeliverySettings;
  readonly source: Source;
  readonly destination: Destination;
  readonly progress: Progress;
  readonly journal: Journal<ProgressSnapshot, ProgressChange>;
}

export class DeliveryStream {
  readonly settings: DeliverySettings;
  readonly #parts: DeliveryParts;
  #batch: Batch;
  /** Whether the interval is over. */
  #isDue = false;
  #refusals = 0;
  #timers: { interval?: Timer | undefined; poll?: Timer | undefined } = {};
  #isClosed = false;
  /** The work under way; the next begins when it has ended. */
  #turn: Promise<void> = Promise.resolve();

  constructor(
    parts: DeliveryParts,
    private readonly context: Pick<ServiceContext, "clock" | "measure" | "say">,
  ) {
    this.#parts = parts;
    this.settings = parts.settings;
    this.#batch = new Batch(parts.settings);
    parts.source.listen(() => this.#wake());
  }

  /** Since when records are delivered, milliseconds since the epoch. */
  get begun(): number {
    return this.#parts.progress.begun ?? 0;
  }

  /** Catches up with what arrived while nobody looked. */
  start(): void {
    this.#pollAfter(0);
  }

  /**
   * Delivers everything that has arrived by now, however little.
   * @throws AwsError when source or destination refuse; the records stay where they are and are tried again
   */
  settle(): Promise<void> {
    return this.#inTurn(() => this.#work(true));
  }

  /** What is not delivered stays in the source, and the next opening goes on there. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timers.poll?.cancel();
    this.#timers.interval?.cancel();
    // Whoever began the work has heard of its failure.
    await this.#turn.catch(() => undefined);
    await this.#parts.source.close();
    await this.#parts.journal.close();
  }

  /** There may be new records: looks soon, unless it is going to anyway. */
  #wake(): void {
    if (this.#refusals === 0) this.#pollAfter(POLL_MS);
  }

  #pollAfter(delay: number): void {
    if (this.#isClosed || this.#timers.poll !== undefined) return;
    this.#timers.poll = this.context.clock.after(delay, () => {
      this.#timers.poll = undefined;
      return this.#inTurn(() => this.#work(false)).catch(expectRefusal);
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.catch(() => undefined).then(work);
    this.#turn = turn;
    return turn;
  }

  async #work(everything: boolean): Promise<void> {
    if (this.#isClosed) return;
    const { progress } = this.#parts;
    try {
      if (progress.sealed !== undefined) await this.#deliver(progress.sealed);
      for (let atEnd = false; !atEnd && !this.#isClosed;) {
        atEnd = await this.#gather();
        const isReady = this.#isFull || this.#isDue || everything;
        if (isReady && !this.#batch.isEmpty) await this.#deliver(await this.#seal());
      }
      this.#refusals = 0;
    } catch (error) {
      this.#tryAgainLater();
      throw error;
    }
  }

  get #isFull(): boolean {
    return this.#batch.bytes >= this.settings.size;
  }

  /** Reads on until the batch is full, or to the end of every part: then the answer is true. */
  async #gather(): Promise<boolean> {
    const parts = await this.#read(() => this.#parts.source.parts());
    for (let atEnd = false; !atEnd;) {
      atEnd = true;
      for (const part of parts) {
        if (this.#isFull || this.#isClosed) return false;
        const records = await this.#read(() => this.#parts.source.read(part, this.#positionIn(part)));
        if (records.length > 0) atEnd = false;
        this.#take(part, records);
        await setImmediate(); // between two reads whoever else waits is served
      }
    }
    return true;
  }

  #positionIn(part: string): string | undefined {
    return this.#batch.lastOf(part) ?? this.#parts.progress.positions[part];
  }

  /** Takes as many as still fit; the others are read again for the next batch. */
  #take(part: string, records: readonly SourceRecord[]): void {
    if (records.length === 0) return;
    const { clock } = this.context;
    this.#timers.interval ??= clock.after(this.settings.interval, () => {
      this.#isDue = true;
      return this.#inTurn(() => this.#work(false)).catch(expectRefusal);
    });
    const before = { records: this.#batch.records, bytes: this.#batch.bytes };
    for (const record of records) {
      if (this.#isFull) break;
      this.#batch.add(part, record);
    }
    this.#measure("IncomingRecords", this.#batch.records - before.records);
    this.#measure("IncomingBytes", this.#batch.bytes - before.bytes);
  }

  /** Decides the bounds of the batch, and its key: see progress.ts. */
  async #seal(): Promise<Sealed> {
    const { positions, oldest, records } = this.#batch;
    const id = this.#batch.idFor(this.settings.arn);
    const key = this.#parts.destination.keyOf({ oldest, id });
    const batch: Sealed = { until: positions, key, id, oldest, records, sealedAt: this.context.clock.now() };
    this.#timers.interval?.cancel();
    this.#timers.interval = undefined;
    this.#isDue = false;
    await this.#parts.journal.record({ kind: "seal", batch });
    return batch;
  }

  async #deliver(sealed: Sealed): Promise<void> {
    const { journal, source, progress } = this.#parts;
    // Bounds that are not on disk bind nobody after a crash.
    await journal.settled();
    if (this.#batch.isEmpty) await this.#gatherAgain(sealed);
    if (!this.#batch.isEmpty) await this.#write(sealed);
    await journal.record({ kind: "deliver" });
    this.#batch = new Batch(this.settings);
    await source.release(progress.positions);
  }

  /** Writes the batch where it belongs or, when that has been refused for too long, under the error prefix. */
  async #write(sealed: Sealed): Promise<void> {
    const { destination } = this.#parts;
    const now = this.context.clock.now();
    this.#measure("DeliveryToS3.DataFreshness", (now - sealed.oldest) / 1000);
    try {
      await destination.put(sealed.key, await this.#batch.content());
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#measure("DeliveryToS3.Success", 0);
      await destination.report("S3", error);
      if (now - sealed.sealedAt < PATIENCE_MS) throw error;
      const records: SourceRecord[] = [];
      for await (const [, record] of this.#recordsOf(sealed)) records.push(record);
      return destination.putFailed(sealed, records, error);
    }
    this.#measure("DeliveryToS3.Success", 1);
    this.#measure("DeliveryToS3.Records", this.#batch.records);
    this.#measure("DeliveryToS3.Bytes", this.#batch.bytes);
  }

  /** Reads the records of a batch that was sealed before the stage was closed; the batch is theirs once all are there. */
  async #gatherAgain(sealed: Sealed): Promise<void> {
    const again = new Batch(this.settings);
    for await (const [part, record] of this.#recordsOf(sealed)) again.add(part, record);
    this.#batch = again;
    const lost = sealed.records - again.records;
    if (lost > 0) {
      this.context.say(
        `delivery stream ${this.settings.name}: ${lost} of ${sealed.records} records were no longer in the source when they could be delivered again`,
      );
    }
  }

  #recordsOf({ until }: Sealed): ReturnType<typeof recordsUntil> {
    const { source, progress } = this.#parts;
    return recordsUntil((part, behind) => this.#read(() => source.read(part, behind)), progress.positions, until);
  }

  async #read<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof AwsError) await this.#parts.destination.report("Kinesis", error);
      throw error;
    }
  }

  #tryAgainLater(): void {
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#refusals++, LONGEST_WAIT_MS);
    this.#timers.poll?.cancel();
    this.#timers.poll = undefined;
    this.#pollAfter(wait);
  }

  #measure(name: string, value: number): void {
    const dimensions = { DeliveryStreamName: this.settings.name };
    this.context.measure({ namespace: "AWS/Firehose", name, dimensions, value, time: this.context.clock.now() });
  }
}

/** A refusal has been reported; any other error is the stage's own, and whoever runs it should know. */
function expectRefusal(error: unknown): void {
  if (!(error instanceof AwsError)) throw error;
}
