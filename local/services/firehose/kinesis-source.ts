/** A Kinesis stream, read as Firehose reads it: by the delivery stream's own role, woken by what arrives. */
import type { Principal } from "../../iam/principal";
import type { ServiceContext } from "../context";
import type { ReadRecords } from "../kinesis/get";
import { shardNotice } from "../kinesis/service";
import type { Source, SourceRecord } from "./source";

/** What Kinesis answers, as far as it is needed here. */
interface Answers {
  DescribeStream: unknown;
  ListShards: { readonly Shards: readonly { readonly ShardId: string }[] };
  GetShardIterator: { readonly ShardIterator: string };
  GetRecords: ReadRecords;
}

/** Records of one read: as many as are taken in a few milliseconds, because beacons wait meanwhile. */
const READ_LIMIT = 1000;

/** Where the next read of a shard goes on. */
interface Cursor {
  readonly behind: string | undefined;
  readonly iterator: string;
}

export class KinesisSource implements Source {
  readonly #cursors = new Map<string, Cursor>();
  readonly #stops: (() => void)[] = [];
  #shards: readonly string[] | undefined;
  #wake = (): void => undefined;

  /**
   * @param reader the role of `kinesisSourceConfiguration`
   * @param begin milliseconds since the epoch: records that arrived earlier are none of the delivery stream's
   */
  constructor(
    private readonly context: Pick<ServiceContext, "dispatch" | "notices">,
    private readonly streamArn: string,
    private readonly reader: Principal,
    private readonly begin: number,
  ) {}

  listen(wake: () => void): void {
    this.#wake = wake;
  }

  async parts(): Promise<readonly string[]> {
    if (this.#shards !== undefined) return this.#shards;
    await this.#call("DescribeStream", { StreamARN: this.streamArn });
    const { Shards } = await this.#call("ListShards", { StreamARN: this.streamArn });
    const shards = Shards.map(({ ShardId }) => ShardId).sort();
    for (const shard of shards) {
      this.#stops.push(this.context.notices.listen(shardNotice(this.streamArn, shard), () => this.#wake()));
    }
    return (this.#shards = shards);
  }

  async read(part: string, behind: string | undefined): Promise<readonly SourceRecord[]> {
    const cursor = this.#cursors.get(part);
    const iterator =
      cursor !== undefined && cursor.behind === behind ? cursor.iterator : await this.#begin(part, behind);
    const { Records, NextShardIterator } = await this.#call("GetRecords", {
      ShardIterator: iterator,
      Limit: READ_LIMIT,
    });
    this.#cursors.set(part, { behind: Records.at(-1)?.SequenceNumber ?? behind, iterator: NextShardIterator });
    return Records.map(({ stored }) => stored);
  }

  /** The stream keeps its records as long as it was told to. */
  async release(): Promise<void> {}

  async close(): Promise<void> {
    this.#stops.splice(0).forEach((stop) => stop());
  }

  async #begin(shard: string, behind: string | undefined): Promise<string> {
    const place =
      behind === undefined
        ? { ShardIteratorType: "AT_TIMESTAMP", Timestamp: Math.floor(this.begin / 1000) }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: behind };
    const input = { StreamARN: this.streamArn, ShardId: shard, ...place };
    return (await this.#call("GetShardIterator", input)).ShardIterator;
  }

  async #call<Name extends keyof Answers>(operation: Name, input: unknown): Promise<Answers[Name]> {
    return (await this.context.dispatch(this.reader, "kinesis", operation, input)) as Answers[Name];
  }
}
