/** Streams and shards as the API describes them. */
import type { Shard } from "./shard";
import type { Stream } from "./stream";

export function describeStream(stream: Stream): Record<string, unknown> {
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

export function describeShard(shard: Shard): unknown {
  return {
    ShardId: shard.id,
    HashKeyRange: { StartingHashKey: String(shard.startingHashKey), EndingHashKey: String(shard.endingHashKey) },
    SequenceNumberRange: { StartingSequenceNumber: shard.sequenceOf(0) },
  };
}

export function encryptionOf(stream: Stream): "KMS" | "NONE" {
  return stream.keyArn === undefined ? "NONE" : "KMS";
}
