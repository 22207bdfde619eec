/** Putting records: each is acknowledged when it is in its shard's log. */
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import { encryptionOf } from "./describe";
import type { Stream } from "./stream";

export interface PutEntry {
  /** Base64. */
  readonly Data: string;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string | undefined;
}

export type PutContext = Pick<ServiceContext, "clock" | "measure">;

/** Largest record, data and key together; most bytes of one PutRecords. */
const LARGEST_RECORD = 10 * 2 ** 20;
const MOST_BYTES_PUT = 10 * 2 ** 20;

export async function putRecord(
  stream: Stream,
  { Data, PartitionKey, ExplicitHashKey }: PutEntry,
  context: PutContext,
): Promise<{ ShardId: string; SequenceNumber: string; EncryptionType: string }> {
  const data = Buffer.from(Data, "base64");
  checkSize(data, PartitionKey);
  const shard = stream.shardFor(PartitionKey, ExplicitHashKey);
  const index = await shard.append(PartitionKey, data, context.clock.now());
  measure(stream, 1, data.length, context);
  return { ShardId: shard.id, SequenceNumber: shard.sequenceOf(index), EncryptionType: encryptionOf(stream) };
}

export async function putRecords(stream: Stream, entries: readonly PutEntry[], context: PutContext): Promise<unknown> {
  const arrival = context.clock.now();
  const decoded = entries.map((each) => ({ ...each, data: Buffer.from(each.Data, "base64") }));
  decoded.forEach(({ data, PartitionKey }) => checkSize(data, PartitionKey));
  const bytes = decoded.reduce((total, { data, PartitionKey }) => total + data.length + PartitionKey.length, 0);
  if (bytes > MOST_BYTES_PUT)
    throw new AwsError("InvalidArgumentException", `Records size exceeds ${MOST_BYTES_PUT / 2 ** 20} MB limit`);
  const byShard = Map.groupBy(decoded.keys(), (place) => {
    const { PartitionKey = "", ExplicitHashKey } = decoded[place] ?? {};
    return stream.shardFor(PartitionKey, ExplicitHashKey);
  });
  const records = new Array<{ ShardId: string; SequenceNumber: string }>(decoded.length);
  const appends = [...byShard].map(async ([shard, places]) => {
    const own = places.flatMap((place) => decoded[place] ?? []);
    const put = own.map(({ PartitionKey, data }) => ({ partitionKey: PartitionKey, data }));
    const first = await shard.appendAll(put, arrival);
    places.forEach((place, nth) => {
      records[place] = { ShardId: shard.id, SequenceNumber: shard.sequenceOf(first + nth) };
    });
  });
  await Promise.all(appends);
  measure(stream, entries.length, bytes, context);
  return { FailedRecordCount: 0, Records: records, EncryptionType: encryptionOf(stream) };
}

function checkSize(data: Buffer, key: string): void {
  const bytes = data.length + Buffer.byteLength(key);
  if (bytes > LARGEST_RECORD) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: a record has ${bytes} bytes, at most ${LARGEST_RECORD} are taken`,
    );
  }
}

function measure(stream: Stream, records: number, bytes: number, context: PutContext): void {
  const metric = { namespace: "AWS/Kinesis", dimensions: stream.dimensions };
  context.measure({ ...metric, name: "IncomingRecords", value: records });
  context.measure({ ...metric, name: "IncomingBytes", value: bytes });
}
