/** Kinesis: putting by key, reading by iterator. */
import * as kinesis from "@aws-sdk/client-kinesis";
import type { Case } from "../case";
import type { World } from "../world";

const StreamName = "clicks";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (data: Uint8Array | undefined): string => new TextDecoder().decode(data);

async function readFrom(world: World, ShardIterator: string | undefined): Promise<readonly string[]> {
  const { Records } = await world.kinesis.send(new kinesis.GetRecordsCommand({ ShardIterator }));
  return (Records ?? []).map(({ PartitionKey, Data }) => `${PartitionKey}: ${textOf(Data)}`);
}

export const KINESIS_CASES: readonly Case[] = [
  {
    name: "kinesis: a stream is described",
    call: async (world) => {
      const { StreamDescriptionSummary: summary } = await world.kinesis.send(
        new kinesis.DescribeStreamSummaryCommand({ StreamName }),
      );
      const { StreamStatus, OpenShardCount, RetentionPeriodHours, StreamARN } = summary ?? {};
      return { StreamStatus, OpenShardCount, RetentionPeriodHours, StreamARN };
    },
  },
  {
    name: "kinesis: shards share the hash keys",
    call: async (world) => {
      const { Shards } = await world.kinesis.send(new kinesis.ListShardsCommand({ StreamName }));
      return Shards?.map(({ ShardId, HashKeyRange }) => ({ ShardId, HashKeyRange }));
    },
  },
  {
    name: "kinesis: a record goes to the shard of its key",
    call: async (world) => {
      const put = (PartitionKey: string) =>
        world.kinesis.send(
          new kinesis.PutRecordCommand({ StreamName, PartitionKey, Data: bytes(`of ${PartitionKey}`) }),
        );
      return [(await put("a")).ShardId, (await put("b")).ShardId, (await put("shop.example")).ShardId];
    },
  },
  {
    name: "kinesis: a record goes to the shard of its explicit hash key",
    call: async (world) => {
      const put = new kinesis.PutRecordCommand({
        ...{ StreamName, PartitionKey: "a", ExplicitHashKey: "340282366920938463463374607431768211455" },
        Data: bytes("explicit"),
      });
      return (await world.kinesis.send(put)).ShardId;
    },
  },
  {
    name: "kinesis: many records at once",
    call: async (world) => {
      const Records = ["c", "d", "e"].map((PartitionKey) => ({ PartitionKey, Data: bytes(`of ${PartitionKey}`) }));
      const { FailedRecordCount, Records: put } = await world.kinesis.send(
        new kinesis.PutRecordsCommand({ StreamName, Records }),
      );
      return { FailedRecordCount, shards: put?.map(({ ShardId }) => ShardId) };
    },
  },
  {
    name: "kinesis: a shard is read from its horizon, in order",
    call: async (world) => {
      const all: string[] = [];
      for (const ShardId of ["shardId-000000000000", "shardId-000000000001"]) {
        const { ShardIterator } = await world.kinesis.send(
          new kinesis.GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
        );
        all.push(...(await readFrom(world, ShardIterator)));
      }
      return all;
    },
  },
  {
    name: "kinesis: a shard is read after a sequence number",
    call: async (world) => {
      const put = await world.kinesis.send(
        new kinesis.PutRecordCommand({ StreamName, PartitionKey: "a", Data: bytes("before") }),
      );
      await world.kinesis.send(new kinesis.PutRecordCommand({ StreamName, PartitionKey: "a", Data: bytes("after") }));
      const { ShardIterator } = await world.kinesis.send(
        new kinesis.GetShardIteratorCommand({
          ...{ StreamName, ShardId: put.ShardId, ShardIteratorType: "AFTER_SEQUENCE_NUMBER" },
          StartingSequenceNumber: put.SequenceNumber,
        }),
      );
      return readFrom(world, ShardIterator);
    },
  },
  {
    name: "kinesis: the newest of a shard is nothing yet",
    call: async (world) => {
      const { ShardIterator } = await world.kinesis.send(
        new kinesis.GetShardIteratorCommand({
          ...{ StreamName, ShardId: "shardId-000000000000", ShardIteratorType: "LATEST" },
        }),
      );
      return readFrom(world, ShardIterator);
    },
  },
  {
    name: "kinesis: a stream that is not there",
    call: (world) =>
      world.kinesis.send(new kinesis.PutRecordCommand({ StreamName: "none", PartitionKey: "a", Data: bytes("x") })),
  },
  {
    name: "kinesis: a shard that is not there",
    call: (world) =>
      world.kinesis.send(
        new kinesis.GetShardIteratorCommand({
          ...{ StreamName, ShardId: "shardId-000000000009", ShardIteratorType: "LATEST" },
        }),
      ),
  },
  {
    name: "kinesis: an iterator that nobody gave out",
    call: (world) => world.kinesis.send(new kinesis.GetRecordsCommand({ ShardIterator: "AAAA" })),
  },
  {
    name: "kinesis: a key that is too long",
    call: (world) =>
      world.kinesis.send(new kinesis.PutRecordCommand({ StreamName, PartitionKey: "k".repeat(257), Data: bytes("x") })),
  },
  {
    name: "kinesis: more records than one call may have",
    call: (world) => {
      const Records = Array.from({ length: 501 }, () => ({ PartitionKey: "a", Data: bytes("x") }));
      return world.kinesis.send(new kinesis.PutRecordsCommand({ StreamName, Records }));
    },
  },
];
