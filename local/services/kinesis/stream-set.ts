/** The streams of a stage, by name, and what a request calls them. */
import type { AccountFacts } from "../model";
import { AwsError } from "../service";
import type { Shard } from "./shard";
import type { Stream } from "./stream";

/** A request names a stream by its name or its ARN. */
export interface StreamRef {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

export class StreamSet {
  readonly #byName: ReadonlyMap<string, Stream>;

  constructor(
    readonly all: readonly Stream[],
    private readonly facts: AccountFacts,
  ) {
    this.#byName = new Map(all.map((stream) => [stream.name, stream]));
  }

  /** In the order of the alphabet. */
  get names(): readonly string[] {
    return [...this.#byName.keys()].sort();
  }

  find({ StreamName, StreamARN }: StreamRef): Stream | undefined {
    return this.#byName.get(StreamName ?? StreamARN?.split(":stream/")[1] ?? "");
  }

  /** @throws AwsError when there is no such stream, or none is named */
  get(ref: StreamRef): Stream {
    if (ref.StreamName === undefined && ref.StreamARN === undefined) {
      throw new AwsError("ValidationException", "Either StreamName or StreamARN must be given.");
    }
    const stream = this.find(ref);
    if (stream !== undefined) return stream;
    throw notFound(`Stream ${ref.StreamName ?? ref.StreamARN ?? ""} under account ${this.facts.account} not found.`);
  }

  /** @throws AwsError when the stream has no such shard */
  shard(stream: Stream, id: string): Shard {
    const shard = stream.shard(id);
    if (shard !== undefined) return shard;
    throw notFound(`Shard ${id} in stream ${stream.name} under account ${this.facts.account} does not exist`);
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((stream) => stream.close()));
  }
}

function notFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message);
}
