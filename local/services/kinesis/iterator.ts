/** Shard iterators: a place in a shard, as an opaque text that any instance of the stage can read again. */
import { AwsError } from "../service";

export interface ShardPlace {
  readonly stream: string;
  readonly shard: string;
  readonly index: number;
}

export function writeIterator({ stream, shard, index }: ShardPlace): string {
  return Buffer.from(JSON.stringify([stream, shard, index])).toString("base64url");
}

/** @throws AwsError when the text is no iterator */
export function readIterator(iterator: string): ShardPlace {
  try {
    const [stream, shard, index] = JSON.parse(Buffer.from(iterator, "base64url").toString("utf8")) as [
      unknown,
      unknown,
      unknown,
    ];
    if (typeof stream === "string" && typeof shard === "string" && Number.isSafeInteger(index)) {
      return { stream, shard, index: index as number };
    }
  } catch {
    // Not one of ours: refused below.
  }
  throw new AwsError("InvalidArgumentException", "Invalid ShardIterator.");
}
