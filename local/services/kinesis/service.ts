/**
 * Kinesis Data Streams on disk: a record is acknowledged when it is in its shard's log. Limits and messages follow the
 * Kinesis API reference.
 */
import { buildOn, openAll } from "../../durable/opening";
import { jsonBinding } from "../../endpoint/json-binding";
import { textOf } from "../../graph/graph";
import type { ServiceContext } from "../context";
import type { Operation, Service } from "../service";
import { kinesisOperations } from "./operations";
import type { StoredRecord } from "./record";
import { Stream } from "./stream";
import { StreamSet } from "./stream-set";

/** The subject under which the stage is told that a shard has new records. */
export function shardNotice(streamArn: string, shardId: string): string {
  return `${streamArn}/${shardId}`;
}

export class KinesisService implements Service {
  readonly signingName = "kinesis";
  readonly binding = jsonBinding("Kinesis_20131202", "1.1");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #stops: (() => void)[] = [];

  static async open(context: ServiceContext): Promise<KinesisService> {
    const streams = await openAll(context.graph.ofType("aws:kinesis/stream:Stream"), (resource) => {
      const name = textOf(resource.outputs, "name");
      return Stream.open(resource, (shard) => context.folder("kinesis", name, shard), context.durable);
    });
    return buildOn(new StreamSet(streams, context.facts), (set) => new KinesisService(context, set));
  }

  private constructor(
    private readonly context: ServiceContext,
    private readonly streams: StreamSet,
  ) {
    for (const stream of streams.all) {
      for (const shard of stream.shards) {
        this.#stops.push(shard.onCommit(() => context.notices.post(shardNotice(stream.arn, shard.id))));
      }
      this.#trimHourly(stream);
    }
    this.operations = kinesisOperations(streams, context);
  }

  /** The newest records of a stream over all its shards, the newest first. @throws AwsError when there is no such stream */
  newest(streamArn: string, count: number): StoredRecord[] {
    const stream = this.streams.get({ StreamARN: streamArn });
    return stream.shards
      .flatMap((shard) => [...shard.from(shard.tip - count)])
      .sort((a, b) => b.arrival - a.arrival)
      .slice(0, count);
  }

  async close(): Promise<void> {
    this.#stops.forEach((stop) => stop());
    await this.streams.close();
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
