/** One stream: its shards, what it was declared with, and which shard a key falls into. */
import { hash } from "node:crypto";
import { openAll } from "../../durable/opening";
import { SegmentLog, type SegmentLogOptions } from "../../durable/segment-log";
import { numberOf, optionalText, textOf, type Resource } from "../../graph/graph";
import { isRecord } from "../../graph/value";
import { HASH_SPACE, Shard } from "./shard";

export class Stream {
  /** Of the stream's metrics. */
  readonly dimensions: Readonly<Record<string, string>>;

  private constructor(
    readonly name: string,
    readonly arn: string,
    readonly shards: readonly Shard[],
    readonly retentionHours: number,
    readonly keyArn: string | undefined,
    readonly onDemand: boolean,
  ) {
    this.dimensions = { StreamName: name };
  }

  /** @param folder of a shard by its number */
  static async open(
    { outputs }: Resource,
    folder: (shard: string) => string,
    options: SegmentLogOptions,
  ): Promise<Stream> {
    const name = textOf(outputs, "name");
    const arn = textOf(outputs, "arn");
    const count = numberOf(outputs, "shardCount", 1);
    const hours = numberOf(outputs, "retentionPeriod", 24);
    const keyArn = optionalText(outputs, "encryptionType") === "KMS" ? optionalText(outputs, "kmsKeyId") : undefined;
    const mode = outputs["streamModeDetails"];
    const onDemand = isRecord(mode) && mode["streamMode"] === "ON_DEMAND";
    const numbers = Array.from({ length: count }, (_, number) => number);
    const shards = await openAll(
      numbers,
      async (number) => new Shard(number, count, await SegmentLog.open(folder(String(number)), options)),
    );
    return new Stream(name, arn, shards, hours, keyArn, onDemand);
  }

  /** By the MD5 of the key, or by the hash the producer chose. Source: Kinesis API reference, PutRecord. */
  shardFor(partitionKey: string, explicitHashKey: string | undefined): Shard {
    const count = this.shards.length;
    if (count === 1) return this.shards[0] as Shard;
    const place = explicitHashKey === undefined ? md5(partitionKey) : BigInt(explicitHashKey);
    // Shards share the range evenly, so the quotient is the shard or, by rounding, its neighbour.
    let number = Number((place * BigInt(count)) / HASH_SPACE);
    while (place > (this.shards[number] as Shard).endingHashKey) number++;
    while (place < (this.shards[number] as Shard).startingHashKey) number--;
    return this.shards[number] as Shard;
  }

  shard(id: string): Shard | undefined {
    return this.shards.find((shard) => shard.id === id);
  }

  async close(): Promise<void> {
    await Promise.all(this.shards.map((shard) => shard.close()));
  }
}

function md5(text: string): bigint {
  return BigInt(`0x${hash("md5", text)}`);
}
