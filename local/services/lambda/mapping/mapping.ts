/** An event source mapping: one reader per shard of a stream, for one function. */
import type { Resource } from "../../../graph/graph";
import type { ServiceContext } from "../../context";
import type { DeployedFunction } from "../deployed-function";
import { Checkpoints } from "./checkpoints";
import { readMapping } from "./settings";
import { ShardReader } from "./shard-reader";

export class EventSourceMapping {
  /** Looks the stream up as AWS does, by the function's role. */
  static async open(
    resource: Resource,
    target: DeployedFunction,
    context: ServiceContext,
  ): Promise<EventSourceMapping> {
    const settings = readMapping(resource);
    const stream = { StreamName: settings.streamName };
    for (const look of ["DescribeStream", "DescribeStreamSummary"])
      await context.dispatch(target.session, "kinesis", look, stream);
    const { Shards } = (await context.dispatch(target.session, "kinesis", "ListShards", stream)) as {
      Shards: { ShardId: string }[];
    };
    const checkpoints = await Checkpoints.open(context.folder("lambda", "mappings", settings.id), context.durable);
    const readers = Shards.map(({ ShardId }) => new ShardReader(ShardId, settings, target, checkpoints, context));
    return new EventSourceMapping(readers, checkpoints);
  }

  private constructor(
    private readonly readers: readonly ShardReader[],
    private readonly checkpoints: Checkpoints,
  ) {}

  start(): void {
    this.readers.forEach((reader) => reader.start());
  }

  async close(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.close()));
    await this.checkpoints.close();
  }
}
