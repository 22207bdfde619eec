/** What may be asked of Kinesis: shapes of requests, who may ask, what answers. */
import { z } from "zod";
import type { ServiceContext } from "../context";
import { keyChecks } from "../kms/checks";
import { arnOf } from "../model";
import { operation, type Check, type Operation } from "../service";
import { describeShard, describeStream } from "./describe";
import { getRecords, ITERATOR_TYPES, MOST_RECORDS_GOT, startOf } from "./get";
import { readIterator, writeIterator } from "./iterator";
import { putRecord, putRecords } from "./put";
import type { StreamRef, StreamSet } from "./stream-set";

const MOST_RECORDS_PUT = 500;

const streamRef = { StreamName: z.string().optional(), StreamARN: z.string().optional() };
const entry = {
  Data: z.base64(),
  PartitionKey: z.string().min(1).max(256),
  ExplicitHashKey: z
    .string()
    .regex(/^(0|[1-9]\d{0,38})$/)
    .optional(),
};

export function kinesisOperations(streams: StreamSet, context: ServiceContext): Readonly<Record<string, Operation>> {
  const { facts } = context;
  const on = (ref: StreamRef, action: string, ...more: readonly Check[]): readonly Check[] => [
    {
      action: `kinesis:${action}`,
      resource: ref.StreamARN ?? arnOf(facts, "kinesis", `stream/${ref.StreamName ?? ""}`),
    },
    ...more,
  ];
  const encrypting = (ref: StreamRef) => keyChecks(streams.find(ref)?.keyArn, "kinesis", facts, "kms:GenerateDataKey");
  const decrypting = (ref: StreamRef) => keyChecks(streams.find(ref)?.keyArn, "kinesis", facts, "kms:Decrypt");
  const ofIterator = (iterator: string): StreamRef => ({ StreamName: readIterator(iterator).stream });

  return {
    PutRecord: operation({
      shape: z.object({ ...streamRef, ...entry }),
      checks: (input) => on(input, "PutRecord", ...encrypting(input)),
      run: (input) => putRecord(streams.get(input), input, context),
    }),
    PutRecords: operation({
      shape: z.object({ ...streamRef, Records: z.array(z.object(entry)).min(1).max(MOST_RECORDS_PUT) }),
      checks: (input) => on(input, "PutRecords", ...encrypting(input)),
      run: (input) => putRecords(streams.get(input), input.Records, context),
    }),
    GetShardIterator: operation({
      shape: z.object({
        ...streamRef,
        ShardId: z.string(),
        ShardIteratorType: z.enum(ITERATOR_TYPES),
        StartingSequenceNumber: z.string().optional(),
        Timestamp: z.number().optional(),
      }),
      checks: (input) => on(input, "GetShardIterator"),
      run: (input) => {
        const stream = streams.get(input);
        const shard = streams.shard(stream, input.ShardId);
        const index = startOf(shard, input);
        return { ShardIterator: writeIterator({ stream: stream.name, shard: shard.id, index }) };
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
      run: (input) => getRecords(streams, input.ShardIterator, input.Limit ?? MOST_RECORDS_GOT, context.clock),
    }),
    DescribeStream: operation({
      shape: z.object(streamRef),
      checks: (input) => on(input, "DescribeStream"),
      run: (input) => {
        const stream = streams.get(input);
        const Shards = stream.shards.map(describeShard);
        return { StreamDescription: { ...describeStream(stream), HasMoreShards: false, Shards } };
      },
    }),
    DescribeStreamSummary: operation({
      shape: z.object(streamRef),
      checks: (input) => on(input, "DescribeStreamSummary"),
      run: (input) => {
        const stream = streams.get(input);
        const counts = { OpenShardCount: stream.shards.length, ConsumerCount: 0 };
        return { StreamDescriptionSummary: { ...describeStream(stream), ...counts } };
      },
    }),
    ListShards: operation({
      shape: z.object(streamRef),
      checks: (input) => on(input, "ListShards"),
      run: (input) => ({ Shards: streams.get(input).shards.map(describeShard) }),
    }),
    ListStreams: operation({
      shape: z.object({}),
      checks: () => [{ action: "kinesis:ListStreams", resource: "*" }],
      run: () => ({ StreamNames: streams.names, HasMoreStreams: false }),
    }),
  };
}
