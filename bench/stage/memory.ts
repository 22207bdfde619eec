/**
 * The embedded stream over five million records: how much memory the process has after each million, with a reader that
 * keeps up. Usage: memory.ts FOLDER, in a process with --expose-gc; prints megabytes as JSON.
 */
import { openStream } from "./serve-stream";

const MILLIONS = 5;
const RECORDS_PER_REQUEST = 500;

async function main(folder: string): Promise<void> {
  const stage = await openStream(folder);
  const call = (operation: string, input: object): Promise<unknown> =>
    stage.dispatch(stage.operator.principal, "kinesis", operation, input);
  const Data = Buffer.alloc(100, "x").toString("base64");
  const iterators = await Promise.all(
    [0, 1].map(async (shard) => {
      const place = { StreamName: "bench", ShardId: `shardId-00000000000${shard}`, ShardIteratorType: "TRIM_HORIZON" };
      return (await call("GetShardIterator", place)) as { ShardIterator: string };
    }),
  );
  const megabytes: number[] = [];
  let read = 0;
  for (let million = 0; million < MILLIONS; million++) {
    for (let put = 0; put < 1_000_000; put += RECORDS_PER_REQUEST) {
      const Records = Array.from({ length: RECORDS_PER_REQUEST }, (_, number) => ({
        PartitionKey: `k${number % 97}`,
        Data,
      }));
      await call("PutRecords", { StreamName: "bench", Records });
      for (const place of iterators) {
        const page = (await call("GetRecords", place)) as { Records: unknown[]; NextShardIterator: string };
        read += page.Records.length;
        place.ShardIterator = page.NextShardIterator;
      }
    }
    globalThis.gc?.();
    megabytes.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
  }
  await stage.close();
  console.log(JSON.stringify({ megabytes, read }));
}

void main(process.argv[2] ?? "");
