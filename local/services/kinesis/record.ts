/**
 * A record of a shard, as it lies in the log and as it is answered. Whoever reads a stream gets thousands at a time, so
 * each member is made when it is asked for: a reader within the stage takes the bytes and leaves the rest.
 */
import type { WrittenLate } from "../service";
import type { Shard } from "./shard";

const ARRIVAL_AT = 0;
const KEY_LENGTH_AT = 8;
const KEY_AT = 10;

/** How a record stands in the log: arrival (8 bytes), length of the key (2 bytes), key, data. */
export function encodeRecord(partitionKey: string, data: Buffer, arrival: number): Buffer {
  const keyBytes = Buffer.byteLength(partitionKey);
  const payload = Buffer.allocUnsafe(KEY_AT + keyBytes + data.length);
  payload.writeDoubleBE(arrival, ARRIVAL_AT);
  payload.writeUInt16BE(keyBytes, KEY_LENGTH_AT);
  payload.write(partitionKey, KEY_AT);
  data.copy(payload, KEY_AT + keyBytes);
  return payload;
}

export class StoredRecord {
  constructor(
    private readonly home: Shard,
    readonly index: number,
    private readonly payload: Buffer,
  ) {}

  /** Id of its shard. */
  get shard(): string {
    return this.home.id;
  }

  get sequence(): string {
    return this.home.sequenceOf(this.index);
  }

  /** Milliseconds since the epoch. */
  get arrival(): number {
    return this.payload.readDoubleBE(ARRIVAL_AT);
  }

  get partitionKey(): string {
    return this.payload.toString("utf8", KEY_AT, this.#dataAt);
  }

  get data(): Buffer {
    return this.payload.subarray(this.#dataAt);
  }

  get #dataAt(): number {
    return KEY_AT + this.payload.readUInt16BE(KEY_LENGTH_AT);
  }
}

/** As GetRecords answers it. Source: Kinesis API reference, Record. */
export class AnsweredRecord implements WrittenLate {
  constructor(
    /** What readers within the stage take. */
    readonly stored: StoredRecord,
    readonly EncryptionType: "KMS" | "NONE",
  ) {}

  get SequenceNumber(): string {
    return this.stored.sequence;
  }

  /** Seconds since the epoch. */
  get ApproximateArrivalTimestamp(): number {
    return this.stored.arrival / 1000;
  }

  /** Base64. */
  get Data(): string {
    return this.stored.data.toString("base64");
  }

  get PartitionKey(): string {
    return this.stored.partitionKey;
  }

  toJSON(): Readonly<Record<string, unknown>> {
    const { SequenceNumber, ApproximateArrivalTimestamp, Data, PartitionKey, EncryptionType } = this;
    return { SequenceNumber, ApproximateArrivalTimestamp, Data, PartitionKey, EncryptionType };
  }
}
