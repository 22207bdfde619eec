/**
 * A process to be killed: appends records under load, trims now and then, and prints each index once it is acknowledged.
 * Record `n` is `recordOf(n)`, so whoever opens the log afterwards can tell whether it is intact.
 * Usage: load-writer.ts FOLDER
 */
import { createHash } from "node:crypto";
import { SegmentLog } from "../segment-log";

export const KEPT_RECORDS = 3000;

/** The record that must stand at an index: its index and 0 to 1,500 bytes derived from it. */
export function recordOf(index: number): Buffer {
  const seed = createHash("md5").update(String(index)).digest();
  return Buffer.concat([Buffer.from(`${index}:`), Buffer.alloc(seed.readUInt16LE() % 1500, seed)]);
}

async function appendUntilKilled(folder: string): Promise<never> {
  const log = await SegmentLog.open(folder, { segmentBytes: 256 * 1024 });
  for (;;) {
    const appends: Promise<unknown>[] = [];
    for (let count = 0; count < 50; count += 1) {
      appends.push(log.append(recordOf(log.next)).then((index) => process.stdout.write(`${index}\n`)));
    }
    await Promise.all(appends);
    if (log.committed - log.start > 2 * KEPT_RECORDS) await log.trimBefore(log.committed - KEPT_RECORDS);
  }
}

if (require.main === module) void appendUntilKilled(process.argv[2] ?? "");
