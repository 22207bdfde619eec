/**
 * A process to be killed: overwrites a few keys, over and over, with objects of several files, deletes one now and then,
 * and prints each object's number once it is acknowledged. Object `n` is `contentOf(n)` under `keyOf(n)`.
 * Usage: object-writer.ts FOLDER
 */
import { join } from "node:path";
import { Bucket } from "../store/bucket";
import type { StoredObject } from "../store/version";

const KEYS = 5;

export function keyOf(number: number): string {
  return `../key ${number % KEYS}`;
}

export function contentOf(number: number): Buffer {
  return Buffer.alloc(10_000 + (number % 7) * 30_000, `object ${number} `);
}

/** How an object is kept whose bytes are in these files. */
export function objectIn(number: number, blobs: StoredObject["blobs"]): StoredObject {
  const size = blobs.reduce((total, blob) => total + blob.size, 0);
  const described = { headers: {}, metadata: {}, tags: {}, encryption: { algorithm: "AES256" } } as const;
  return { kind: "object", id: "null", modified: 0, etag: String(number), size, blobs, ...described };
}

export function openBucket(folder: string): Promise<Bucket> {
  return Bucket.open((part) => join(folder, part), { versioning: "Off", sync: false, onNotice: () => undefined });
}

async function writeUntilKilled(folder: string): Promise<never> {
  const bucket = await openBucket(folder);
  for (let next = 0; ; next += KEYS) {
    const numbers = Array.from({ length: KEYS }, (_, index) => next + index);
    await Promise.all(
      numbers.map(async (number) => {
        const content = contentOf(number);
        const blobs = await Promise.all([
          bucket.write(keyOf(number), content.subarray(0, 5_000)),
          bucket.write(keyOf(number), content.subarray(5_000)),
        ]);
        await bucket.change({ kind: "put", key: keyOf(number), version: objectIn(number, blobs) });
        process.stdout.write(`${number}\n`);
      }),
    );
  }
}

if (require.main === module) void writeUntilKilled(process.argv[2] ?? "");
