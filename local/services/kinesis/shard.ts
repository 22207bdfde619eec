/** One shard: a range of hash keys and a durable log of the records that fell into it. */
import type { SegmentLog } from "../../durable/segment-log";
import { encodeRecord, StoredRecord } from "./record";

/** Length of the whole hash key range. Source: Kinesis API reference, HashKeyRange. */
export const HASH_SPACE = 2n ** 128n;

/**
 * Sequence numbers are as long as those of AWS (56 digits), name their shard and grow with the log: digits of the shard,
 * then the record's place in it.
 */
const SEQUENCE_EPOCH = 49_600_000_000_000n;
const PLACE_DIGITS = 42;

/** How much of a long run of records is read at once. */
const ENTRIES_AT_ONCE = 10_000;
const BYTES_AT_ONCE = 8 * 1024 * 1024;

export class Shard {
  readonly id: string;
  readonly startingHashKey: bigint;
  readonly endingHashKey: bigint;
  readonly #log: SegmentLog;
  /** What its sequence numbers begin with. */
  readonly #prefix: string;

  constructor(number: number, count: number, log: SegmentLog) {
    this.id = `shardId-${String(number).padStart(12, "0")}`;
    this.startingHashKey = (HASH_SPACE * BigInt(number)) / BigInt(count);
    this.endingHashKey = (HASH_SPACE * BigInt(number + 1)) / BigInt(count) - 1n;
    this.#log = log;
    this.#prefix = String(SEQUENCE_EPOCH + BigInt(number));
  }

  /** Index of the first record that can still be read. */
  get oldest(): number {
    return this.#log.start;
  }

  /** Index behind the last record that can be read. */
  get tip(): number {
    return this.#log.committed;
  }

  /** Resolves with the record's index once it is on disk. */
  append(partitionKey: string, data: Buffer, arrival: number): Promise<number> {
    return this.#log.append(encodeRecord(partitionKey, data, arrival));
  }

  /** Resolves with the index of the first once all are on disk; the others follow without gaps. */
  appendAll(
    records: readonly { readonly partitionKey: string; readonly data: Buffer }[],
    arrival: number,
  ): Promise<number> {
    return this.#log.appendAll(records.map(({ partitionKey, data }) => encodeRecord(partitionKey, data, arrival)));
  }

  /** Resolves when every record put so far can be read. */
  flushed(): Promise<void> {
    return this.#log.flush();
  }

  read(from: number, maxEntries: number, maxBytes: number): StoredRecord[] {
    return this.#log
      .read(from, { maxEntries, maxBytes })
      .map(({ index, payload }) => new StoredRecord(this, index, payload));
  }

  /** Every record from an index on, up to the tip: a single read may stop earlier. */
  *from(index: number): Generator<StoredRecord> {
    let next = Math.max(this.oldest, index);
    while (next < this.tip) {
      const records = this.read(next, ENTRIES_AT_ONCE, BYTES_AT_ONCE);
      yield* records;
      next += records.length;
    }
  }

  /** Index of the first record that arrived at that time or later, or the tip. */
  indexAt(time: number): number {
    let [low, high] = [this.oldest, this.tip];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const arrival = this.read(middle, 1, 1)[0]?.arrival ?? Infinity;
      if (arrival < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Gives up records that arrived before that time, as far as whole segments of the log hold no others. */
  async trim(before: number): Promise<void> {
    await this.#log.trimBefore(this.indexAt(before));
  }

  onCommit(listener: () => void): () => void {
    return this.#log.onCommit(listener);
  }

  sequenceOf(index: number): string {
    return this.#prefix + String(index).padStart(PLACE_DIGITS, "0");
  }

  /** The record's index, or nothing when the number is none of this shard. */
  indexOf(sequence: string): number | undefined {
    if (!/^\d{1,129}$/.test(sequence)) return undefined;
    const index = BigInt(sequence) - BigInt(this.sequenceOf(0));
    return index >= 0n && index < BigInt(Number.MAX_SAFE_INTEGER) ? Number(index) : undefined;
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}
