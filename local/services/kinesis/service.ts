/**
 * Kinesis Data Streams on disk: a record is acknowledged when it is in its shard's log. Limits and messages follow the
 * Kinesis API reference.
 */
import { z } from "zod";
import { jsonBinding } from "../../endpoint/json-binding";
import { textOf } from "../../graph/graph";
import type { ServiceContext } from "../context";
import { keyChecks } from "../kms/checks";
import { AwsError, operation, type Check, type Operation, type Service } from "../service";
import { readIterator, writeIterator } from "./iterator";
import type { Shard, StoredRecord } from "./shard";
import { Stream } from "./stream";

/** Largest record, data and key together; most records and bytes of one PutRecords; most of one GetRecords. */
const LARGEST_RECORD = 10 * 2 ** 20;
const MOST_RECORDS_PUT = 500;
const MOST_BYTES_PUT = 10 * 2 ** 20;
const MOST_RECORDS_GOT = 10_000;
const MOST_BYTES_GOT = 10 * 2 ** 20;

const streamRef = { StreamName: z.string().optional(), StreamARN: z.string().optional() };
const entry = {
  Data: z.base64(),
  PartitionKey: z.string().min(1).max(256),
  ExplicitHashKey: z
    .string()
    .regex(/^(0|[1-9]\d{0,38})$/)
    .optional(),
};

type StreamRef = { readonly StreamName?: string | undefined; readonly StreamARN?: string | undefined };
type Entry = { readonly Data: string; readonly PartitionKey: string; readonly ExplicitHashKey?: string | undefined };

/** The subject under which the stage is told that a shard has new records. */
export function shardNotice(streamArn: string, shardId: string): string {
  return `${streamArn}/${shardId}`;
}

/** A record with its place in the stream. */
export interface NewestRecord extends StoredRecord {
  readonly shard: string;
  readonly sequence: string;
}

export class KinesisService implements Service {
  readonly signingName = "kinesis";
  readonly binding = jsonBinding("Kinesis_20131202", "1.1");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #byName: ReadonlyMap<string, Stream>;
  readonly #stops: (() => void)[] = [];

  static async open(context: ServiceContext): Promise<KinesisService> {
    const streams = await Promise.all(
      context.graph
        .ofType("aws:kinesis/stream:Stream")
        .map((resource) =>
          Stream.open(
            resource,
            (shard) => context.folder("kinesis", textOf(resource.outputs, "name"), shard),
            context.durable,
          ),
        ),
    );
    return new KinesisService(context, streams);
  }

  private constructor(
    private readonly context: ServiceContext,
    private readonly streams: readonly Stream[],
  ) {
    this.#byName = new Map(streams.map((stream) => [stream.name, stream]));
    for (const stream of streams) {
      for (const shard of stream.shards) {
        this.#stops.push(shard.onCommit(() => context.notices.post(shardNotice(stream.arn, shard.id))));
      }
      this.#trimHourly(stream);
    }
    this.operations = this.#declare();
  }

  /** The newest records of a stream over all its shards, the newest first. @throws AwsError when there is no such stream */
  newest(streamArn: string, count: number): NewestRecord[] {
    const stream = this.#stream({ StreamARN: streamArn });
    return stream.shards
      .flatMap((shard) =>
        [...shard.from(shard.tip - count)].map((record) => ({
          ...record,
          shard: shard.id,
          sequence: shard.sequenceOf(record.index),
        })),
      )
      .sort((a, b) => b.arrival - a.arrival)
      .slice(0, count);
  }

  async close(): Promise<void> {
    this.#stops.forEach((stop) => stop());
    await Promise.all(this.streams.flatMap((stream) => stream.shards.map((shard) => shard.close())));
  }

  #declare(): Record<string, Operation> {
    const { facts } = this.context;
    const on = (ref: StreamRef, action: string, ...more: readonly Check[]): readonly Check[] => [
      {
        action: `kinesis:${action}`,
        resource:
          ref.StreamARN ??
          `arn:${facts.partition}:kinesis:${facts.region}:${facts.account}:stream/${ref.StreamName ?? ""}`,
      },
      ...more,
    ];
    const encrypting = (ref: StreamRef) => keyChecks(this.#find(ref)?.keyArn, "kinesis", facts, "kms:GenerateDataKey");
    const decrypting = (ref: StreamRef) => keyChecks(this.#find(ref)?.keyArn, "kinesis", facts, "kms:Decrypt");
    const ofIterator = (iterator: string): StreamRef => ({ StreamName: readIterator(iterator).stream });

    return {
      PutRecord: operation({
        shape: z.object({ ...streamRef, ...entry }),
        checks: (input) => on(input, "PutRecord", ...encrypting(input)),
        run: (input) => this.#put(this.#stream(input), input),
      }),
      PutRecords: operation({
        shape: z.object({ ...streamRef, Records: z.array(z.object(entry)).min(1).max(MOST_RECORDS_PUT) }),
        checks: (input) => on(input, "PutRecords", ...encrypting(input)),
        run: (input) => this.#putAll(this.#stream(input), input.Records),
      }),
      GetShardIterator: operation({
        shape: z.object({
          ...streamRef,
          ShardId: z.string(),
          ShardIteratorType: z.enum([
            "AT_SEQUENCE_NUMBER",
            "AFTER_SEQUENCE_NUMBER",
            "TRIM_HORIZON",
            "LATEST",
            "AT_TIMESTAMP",
          ]),
          StartingSequenceNumber: z.string().optional(),
          Timestamp: z.number().optional(),
        }),
        checks: (input) => on(input, "GetShardIterator"),
        run: (input) => {
          const stream = this.#stream(input);
          const shard = stream.shard(input.ShardId);
          if (shard === undefined)
            throw notFound(
              `Shard ${input.ShardId} in stream ${stream.name} under account ${facts.account} does not exist`,
            );
          return {
            ShardIterator: writeIterator({ stream: stream.name, shard: shard.id, index: startOf(shard, input) }),
          };
        },
      }),
      GetRecords: operation({
        shape: z.object({
          ShardIterator: z.string(),
          Limit: z.int().min(1).max(MOST_RECORDS_GOT).optional(),
          StreamARN: z.string().optional(),
        }),
        checks: (input) =>
          on(ofIterator(input.ShardIterator), "GetRecords", ...decrypting(ofIterator(input.ShardIterator))),
        run: (input) => this.#get(input.ShardIterator, input.Limit ?? MOST_RECORDS_GOT),
      }),
      DescribeStream: operation({
        shape: z.object(streamRef),
        checks: (input) => on(input, "DescribeStream"),
        run: (input) => {
          const stream = this.#stream(input);
          return {
            StreamDescription: {
              ...this.#describe(stream),
              HasMoreShards: false,
              Shards: stream.shards.map(describeShard),
            },
          };
        },
      }),
      DescribeStreamSummary: operation({
        shape: z.object(streamRef),
        checks: (input) => on(input, "DescribeStreamSummary"),
        run: (input) => {
          const stream = this.#stream(input);
          return {
            StreamDescriptionSummary: {
              ...this.#describe(stream),
              OpenShardCount: stream.shards.length,
              ConsumerCount: 0,
            },
          };
        },
      }),
      ListShards: operation({
        shape: z.object(streamRef),
        checks: (input) => on(input, "ListShards"),
        run: (input) => ({ Shards: this.#stream(input).shards.map(describeShard) }),
      }),
      ListStreams: operation({
        shape: z.object({}),
        checks: () => [{ action: "kinesis:ListStreams", resource: "*" }],
        run: () => ({ StreamNames: [...this.#byName.keys()].sort(), HasMoreStreams: false }),
      }),
    };
  }

  async #put(
    stream: Stream,
    { Data, PartitionKey, ExplicitHashKey }: Entry,
  ): Promise<{ ShardId: string; SequenceNumber: string; EncryptionType: string }> {
    const data = Buffer.from(Data, "base64");
    checkSize(data, PartitionKey);
    const shard = stream.shardFor(PartitionKey, ExplicitHashKey);
    const index = await shard.append(PartitionKey, data, this.context.clock.now());
    this.#measure(stream, 1, data.length);
    return { ShardId: shard.id, SequenceNumber: shard.sequenceOf(index), EncryptionType: encryptionOf(stream) };
  }

  async #putAll(stream: Stream, entries: readonly Entry[]): Promise<unknown> {
    const arrival = this.context.clock.now();
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
    this.#measure(stream, entries.length, bytes);
    return { FailedRecordCount: 0, Records: records, EncryptionType: encryptionOf(stream) };
  }

  #get(iterator: string, limit: number): unknown {
    const place = readIterator(iterator);
    const stream = this.#stream({ StreamName: place.stream });
    const shard = stream.shard(place.shard);
    if (shard === undefined)
      throw notFound(
        `Shard ${place.shard} in stream ${stream.name} under account ${this.context.facts.account} does not exist`,
      );
    const from = Math.max(place.index, shard.oldest);
    const records = shard.read(from, limit, MOST_BYTES_GOT);
    const last = records.at(-1);
    const next = last === undefined ? from : last.index + 1;
    const newest = next < shard.tip ? this.context.clock.now() - (last?.arrival ?? this.context.clock.now()) : 0;
    return {
      Records: records.map(({ index, partitionKey, data, arrival }) => ({
        SequenceNumber: shard.sequenceOf(index),
        ApproximateArrivalTimestamp: arrival / 1000,
        Data: data.toString("base64"),
        PartitionKey: partitionKey,
        EncryptionType: encryptionOf(stream),
      })),
      NextShardIterator: writeIterator({ stream: stream.name, shard: shard.id, index: next }),
      MillisBehindLatest: newest,
    };
  }

  #describe(stream: Stream): Record<string, unknown> {
    return {
      StreamName: stream.name,
      StreamARN: stream.arn,
      StreamStatus: "ACTIVE",
      StreamModeDetails: { StreamMode: stream.onDemand ? "ON_DEMAND" : "PROVISIONED" },
      RetentionPeriodHours: stream.retentionHours,
      StreamCreationTimestamp: 0,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: encryptionOf(stream),
      ...(stream.keyArn === undefined ? {} : { KeyId: stream.keyArn }),
    };
  }

  #find({ StreamName, StreamARN }: StreamRef): Stream | undefined {
    return this.#byName.get(StreamName ?? StreamARN?.split(":stream/")[1] ?? "");
  }

  #stream(ref: StreamRef): Stream {
    if (ref.StreamName === undefined && ref.StreamARN === undefined) {
      throw new AwsError("ValidationException", "Either StreamName or StreamARN must be given.");
    }
    const stream = this.#find(ref);
    if (stream !== undefined) return stream;
    throw notFound(
      `Stream ${ref.StreamName ?? ref.StreamARN ?? ""} under account ${this.context.facts.account} not found.`,
    );
  }

  #measure(stream: Stream, records: number, bytes: number): void {
    const { measure } = this.context;
    const metric = { namespace: "AWS/Kinesis", dimensions: stream.dimensions };
    measure({ ...metric, name: "IncomingRecords", value: records });
    measure({ ...metric, name: "IncomingBytes", value: bytes });
  }

  /** Retention: what is older than the stream keeps goes, once an hour. */
  #trimHourly(stream: Stream): void {
    const hour = 3_600_000;
    const { clock } = this.context;
    const timer = clock.after(hour, async () => {
      await Promise.all(stream.shards.map((shard) => shard.trim(clock.now() - stream.retentionHours * hour)));
      this.#trimHourly(stream);
    });
    this.#stops.push(() => timer.cancel());
  }
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

function startOf(
  shard: Shard,
  request: { ShardIteratorType: string; StartingSequenceNumber?: string | undefined; Timestamp?: number | undefined },
): number {
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

function describeShard(shard: Shard): unknown {
  return {
    ShardId: shard.id,
    HashKeyRange: { StartingHashKey: String(shard.startingHashKey), EndingHashKey: String(shard.endingHashKey) },
    SequenceNumberRange: { StartingSequenceNumber: shard.sequenceOf(0) },
  };
}

function encryptionOf(stream: Stream): "KMS" | "NONE" {
  return stream.keyArn === undefined ? "NONE" : "KMS";
}

function notFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message);
}
