/** Reading records: where an iterator begins, and what is behind it. */
import type { Clock } from "../../clock";
import { AwsError } from "../service";
import { encryptionOf } from "./describe";
import { readIterator, writeIterator } from "./iterator";
import { AnsweredRecord } from "./record";
import type { Shard } from "./shard";
import type { StreamSet } from "./stream-set";

export const MOST_RECORDS_GOT = 10_000;
const MOST_BYTES_GOT = 10 * 2 ** 20;

export const ITERATOR_TYPES = [
  "AT_SEQUENCE_NUMBER",
  "AFTER_SEQUENCE_NUMBER",
  "TRIM_HORIZON",
  "LATEST",
  "AT_TIMESTAMP",
] as const;

export interface IteratorRequest {
  readonly ShardIteratorType: (typeof ITERATOR_TYPES)[number];
  readonly StartingSequenceNumber?: string | undefined;
  /** Seconds since the epoch. */
  readonly Timestamp?: number | undefined;
}

/** Index at which reading begins. @throws AwsError when the request names no place in the shard */
export function startOf(shard: Shard, request: IteratorRequest): number {
  const { ShardIteratorType: type, StartingSequenceNumber: sequence, Timestamp: timestamp } = request;
  if (type === "TRIM_HORIZON") return shard.oldest;
  if (type === "LATEST") return shard.tip;
  if (type === "AT_TIMESTAMP") {
    if (timestamp === undefined)
      throw new AwsError("InvalidArgumentException", "Timestamp must be given for AT_TIMESTAMP");
    return shard.indexAt(timestamp * 1000);
  }
  const index = sequence === undefined ? undefined : shard.indexOf(sequence);
  if (index === undefined)
    throw new AwsError(
      "InvalidArgumentException",
      `StartingSequenceNumber ${sequence ?? ""} used in GetShardIterator on shard ${shard.id} is invalid`,
    );
  return type === "AT_SEQUENCE_NUMBER" ? index : index + 1;
}

export interface ReadRecords {
  readonly Records: readonly AnsweredRecord[];
  readonly NextShardIterator: string;
  /** How far the last of these records is behind the newest. */
  readonly MillisBehindLatest: number;
}

export function getRecords(streams: StreamSet, iterator: string, limit: number, clock: Clock): ReadRecords {
  const place = readIterator(iterator);
  const stream = streams.get({ StreamName: place.stream });
  const shard = streams.shard(stream, place.shard);
  const from = Math.max(place.index, shard.oldest);
  const records = shard.read(from, limit, MOST_BYTES_GOT);
  const last = records.at(-1);
  const next = last === undefined ? from : last.index + 1;
  const newest = next < shard.tip ? clock.now() - (last?.arrival ?? clock.now()) : 0;
  return {
    Records: records.map((record) => new AnsweredRecord(record, encryptionOf(stream))),
    NextShardIterator: writeIterator({ stream: stream.name, shard: shard.id, index: next }),
    MillisBehindLatest: newest,
  };
}
