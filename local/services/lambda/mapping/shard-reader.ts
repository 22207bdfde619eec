/**
 * Reads one shard for one function, in order: batch by batch, window by window, with retries, splitting and a failure
 * queue. What a batch comes to decides what is next; nothing overtakes.
 *
 * Windows are cut by time of arrival. A window ends when a record of a later one is seen, or when its end has passed by a
 * moment of grace (for records that are on their way to disk) and the shard holds no more of it. Its end is checkpointed,
 * its middle is not: after a restart a window begins anew from its first record, with an empty state, which is what a
 * function must bear with anyway.
 */
import type { Timer } from "../../../clock";
import type { ReadRecords } from "../../kinesis/get";
import type { StoredRecord } from "../../kinesis/record";
import { shardNotice } from "../../kinesis/service";
import type { ServiceContext } from "../../context";
import type { DeployedFunction } from "../deployed-function";
import {
  batchLength,
  EMPTY_STATE,
  isStateTooLarge,
  newBatch,
  readAnswer,
  type Attempt,
  type Batch,
  type Window,
} from "./batch";
import type { Checkpoints } from "./checkpoints";
import { FailureDestination } from "./failure-destination";
import type { MappingSettings } from "./settings";
import { renderEvent, type BatchSource } from "./stream-event";

/**
 * Time between a record's arrival and its reading, and between two readings, so that batches fill: every batch carries the
 * window's state there and back. AWS polls a shard once a second.
 */
const POLL_MS = 200;

/** Time after a window's end in which records that arrived before it may still reach the disk. */
const GRACE_MS = 200;

/** Pauses between attempts; AWS does not publish its own. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

export class ShardReader {
  readonly #failures: FailureDestination;
  readonly #source: BatchSource;
  /** Batches that wait for their turn, the next one first; splitting puts two in the place of one. */
  #batches: Batch[] = [];
  /** Records read and not yet in a batch. */
  #records: StoredRecord[] = [];
  #window: Window | undefined;
  #iterator: string | undefined;
  /** When the shard is read again; at once while it is behind. */
  #readAgainAt = 0;
  #timer: (Timer & { readonly at: number }) | undefined;
  #pumping = false;
  #woken = false;
  #stopped = false;
  #stopListening: () => void = () => undefined;
  #idle: Promise<void> = Promise.resolve();

  constructor(
    private readonly shard: string,
    private readonly settings: MappingSettings,
    private readonly target: DeployedFunction,
    private readonly checkpoints: Checkpoints,
    private readonly context: ServiceContext,
  ) {
    this.#failures = new FailureDestination(settings, target, shard, context);
    this.#source = { shard, region: context.facts.region, roleArn: target.session.roleArn };
  }

  start(): void {
    const subject = shardNotice(this.settings.streamArn, this.shard);
    this.#stopListening = this.context.notices.listen(subject, () => this.#wakeAt(this.context.clock.now() + POLL_MS));
    this.#wake();
  }

  /** Ends after the attempt under way; what is not done comes again when the stage opens. */
  async close(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    this.#timer?.cancel();
    await this.#idle;
  }

  #wake(): void {
    this.#woken = true;
    if (this.#pumping || this.#stopped) return;
    this.#pumping = true;
    this.#idle = this.context.clock.track(
      this.#pump()
        .catch((error: unknown) => {
          this.context.say(
            `mapping of ${this.target.name}, ${this.shard}: ${error instanceof Error ? error.message : String(error)}`,
          );
          this.#wakeAt(this.context.clock.now() + LONGEST_PAUSE_MS);
        })
        .finally(() => (this.#pumping = false)),
    );
  }

  /** One timer at a time: the earliest. */
  #wakeAt(time: number): void {
    if (this.#stopped || (this.#timer !== undefined && this.#timer.at <= time)) return;
    this.#timer?.cancel();
    const { clock } = this.context;
    const timer = clock.after(time - clock.now(), () => {
      this.#timer = undefined;
      this.#wake();
    });
    this.#timer = { at: time, cancel: () => timer.cancel() };
  }

  async #pump(): Promise<void> {
    while (this.#woken && !this.#stopped) {
      this.#woken = false;
      while (!this.#stopped && (await this.#step()));
    }
  }

  /** Does the next thing; answers false when there is nothing to do for now. */
  async #step(): Promise<boolean> {
    const [batch] = this.#batches;
    if (batch !== undefined) {
      if (batch.notBefore > this.context.clock.now()) {
        this.#wakeAt(batch.notBefore);
        return false;
      }
      this.#batches.shift();
      try {
        await this.#deliver(batch);
      } catch (error) {
        // What becomes of it could not be noted or sent: it is still to be done.
        this.#batches.unshift(batch);
        throw error;
      }
      return true;
    }
    if (this.#records.length === 0) {
      if (this.context.clock.now() < this.#readAgainAt && !this.#isWindowOver()) {
        this.#wakeAt(this.#readAgainAt);
        return false;
      }
      this.#records = await this.#read();
    }
    return this.settings.windowMs === undefined ? this.#cutBatch() : this.#cutWindow(this.settings.windowMs);
  }

  #cutBatch(): boolean {
    const length = batchLength(this.#records, this.settings.batchSize);
    if (length === 0) return false;
    this.#batches.push(newBatch(this.#records.splice(0, length), undefined, "no"));
    return true;
  }

  #cutWindow(length: number): boolean {
    const [next] = this.#records;
    const window = this.#window;
    if (window !== undefined) {
      const over = next === undefined ? this.#isWindowOver() : next.arrival >= window.end;
      if (over) {
        this.#window = undefined;
        this.#batches.push(newBatch([], window, "at-end"));
        return true;
      }
      if (next === undefined) {
        this.#wakeAt(window.end + GRACE_MS);
        return false;
      }
    }
    if (next === undefined) return false;
    const start = Math.floor(next.arrival / length) * length;
    this.#window ??= { start, end: start + length, state: EMPTY_STATE };
    const taken = batchLength(this.#records, this.settings.batchSize, this.#window.end);
    this.#batches.push(newBatch(this.#records.splice(0, taken), this.#window, "no"));
    return true;
  }

  /** Whether the window ended so long ago that all its records are on disk. */
  #isWindowOver(): boolean {
    return this.#window !== undefined && this.context.clock.now() >= this.#window.end + GRACE_MS;
  }

  async #deliver(batch: Batch): Promise<void> {
    const last = batch.records.at(-1);
    if (last !== undefined) {
      this.#lastTaken = last.sequence;
      this.target.measureIteratorAge(this.context.clock.now() - last.arrival);
    }
    const attempt = await this.#attempt(batch);
    if (this.#stopped && attempt.kind === "failed") return;
    switch (attempt.kind) {
      case "done":
        return this.#finish(batch, attempt.state);
      case "partly":
        return this.#goOnFrom(batch, attempt.failedFrom, attempt.state);
      case "failed":
        return this.#retry(batch);
    }
  }

  async #attempt(batch: Batch): Promise<Attempt> {
    try {
      const result = await this.context.faults.around("lambda", "Invoke", () =>
        this.target.invoke(renderEvent(batch, this.settings, this.#source), { keepsState: batch.window !== undefined }),
      );
      return result.ok
        ? readAnswer(result, batch, this.settings)
        : { kind: "failed", reason: result.error.errorMessage };
    } catch (error) {
      return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async #finish(batch: Batch, state: Uint8Array): Promise<void> {
    const { window, records } = batch;
    if (window === undefined) {
      const last = records.at(-1);
      if (last !== undefined) await this.checkpoints.set(this.shard, last.sequence);
      return;
    }
    if (batch.closes === "no") {
      window.state = state;
      if (isStateTooLarge(state)) this.#batches.unshift(newBatch([], window, "early"));
      return;
    }
    // The window, or this part of it, is done with: what comes next begins with an empty state.
    window.state = EMPTY_STATE;
    if (this.#lastTaken !== undefined) await this.checkpoints.set(this.shard, this.#lastTaken);
  }

  /** Sequence number of the last record that any batch has taken. */
  #lastTaken: string | undefined;

  async #goOnFrom(batch: Batch, failedFrom: number, state: Uint8Array): Promise<void> {
    const before = batch.records[failedFrom - 1];
    if (batch.window !== undefined) batch.window.state = state;
    else if (before !== undefined) await this.checkpoints.set(this.shard, before.sequence);
    const rest = { ...batch, records: batch.records.slice(failedFrom) };
    // Where something was taken, the rest is a smaller batch that has not been tried.
    if (failedFrom > 0 && this.settings.bisect)
      this.#batches.unshift({ ...rest, attempts: batch.attempts, notBefore: 0 });
    else await this.#retry(rest);
  }

  async #retry(batch: Batch): Promise<void> {
    const { bisect, mostRetries, longestAgeMs } = this.settings;
    const { clock } = this.context;
    const [first] = batch.records;
    if (longestAgeMs >= 0 && first !== undefined && clock.now() - first.arrival > longestAgeMs) {
      return this.#giveUp(batch, "MaximumRecordAgeExceeded");
    }
    if (bisect && batch.records.length > 1) {
      const middle = batch.records.length >> 1;
      const halves = [batch.records.slice(0, middle), batch.records.slice(middle)];
      // Splitting is no attempt.
      this.#batches.unshift(...halves.map((records) => ({ ...batch, records, notBefore: 0 })));
      return;
    }
    const attempts = batch.attempts + 1;
    if (mostRetries >= 0 && attempts > mostRetries)
      return this.#giveUp({ ...batch, attempts }, "RetryAttemptsExhausted");
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
    this.#batches.unshift({ ...batch, attempts, notBefore: clock.now() + pause });
  }

  async #giveUp(batch: Batch, condition: "MaximumRecordAgeExceeded" | "RetryAttemptsExhausted"): Promise<void> {
    await this.#failures.send(batch, condition);
    await this.#finish(batch, batch.window?.state ?? EMPTY_STATE);
  }

  /** The next records of the shard, by the role of the function. */
  async #read(): Promise<StoredRecord[]> {
    this.#iterator ??= await this.#firstIterator();
    const answer = (await this.context.dispatch(this.target.session, "kinesis", "GetRecords", {
      ShardIterator: this.#iterator,
      Limit: 10_000,
    })) as ReadRecords;
    this.#iterator = answer.NextShardIterator;
    this.#readAgainAt = answer.MillisBehindLatest > 0 ? 0 : this.context.clock.now() + POLL_MS;
    return answer.Records.map(({ stored }) => stored);
  }

  async #firstIterator(): Promise<string> {
    const done = this.checkpoints.of(this.shard);
    const from =
      done === undefined
        ? { ShardIteratorType: this.settings.startAt }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: done };
    const answer = (await this.context.dispatch(this.target.session, "kinesis", "GetShardIterator", {
      StreamName: this.settings.streamName,
      ShardId: this.shard,
      ...from,
    })) as { ShardIterator: string };
    return answer.ShardIterator;
  }
}
