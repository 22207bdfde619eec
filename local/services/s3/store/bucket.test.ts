/**
 * What a crash or a failing disk may do to a bucket: an object is there whole or not at all, and what was acknowledged is
 * there. Does not prove: a real power failure; that the disk keeps what it said it synced.
 */
import assert from "node:assert/strict";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { DurableError } from "../../../durable/durable-error";
import { numbersUntilKilled } from "../../../durable/testing/killed-process";
import { inScratchFolder } from "../../../durable/testing/scratch-folder";
import { TroubledDisk } from "../../../durable/testing/troubled-disk";
import { contentOf, keyOf, objectIn, openBucket } from "../testing/object-writer";
import { blobNameOf } from "./blob-store";
import { Bucket } from "./bucket";

async function putObject(bucket: Bucket, number: number, content = contentOf(number)): Promise<void> {
  const blob = await bucket.write(keyOf(number), content);
  await bucket.change({ kind: "put", key: keyOf(number), version: objectIn(number, [blob]) });
}

/** The number of the object that a key has, whose content must be whole. */
async function checkObject(bucket: Bucket, key: string): Promise<number | undefined> {
  const object = bucket.index.current(key);
  if (object === undefined) return undefined;
  const number = Number(object.etag);
  assert.ok(contentOf(number).equals((await bucket.read(object, 0, object.size)) ?? Buffer.alloc(0)));
  return number;
}

describe("A bucket on disk", () => {
  it("has after kill -9 every acknowledged object or a later one, whole, and no other file", async () => {
    for (let round = 0; round < 3; round++) {
      await inScratchFolder(async (folder) => {
        const acknowledged = await numbersUntilKilled("../../services/s3/testing/object-writer.ts", folder);
        const bucket = await openBucket(folder);
        const newest = new Map<string, number>();
        for (const number of acknowledged) newest.set(keyOf(number), number);
        for (const [key, number] of newest) assert.ok(((await checkObject(bucket, key)) ?? -1) >= number, key);
        const named = [...bucket.index.files()].map(([file]) => file).sort();
        assert.deepEqual((await readdir(join(folder, "objects"))).sort(), named);
        await bucket.close();
      });
    }
  });

  it("is whole whichever call to the disk is the last that works", async () => {
    let survived = false;
    for (let failsAt = 1; !survived; failsAt++) {
      await inScratchFolder(async (folder) => {
        const acknowledged: number[] = [];
        try {
          const disk = new TroubledDisk(failsAt, "ENOSPC", 0.5);
          const options = { versioning: "Off", onNotice: () => undefined, disk } as const;
          const bucket = await Bucket.open((part) => join(folder, part), options);
          try {
            for (let number = 0; number < 8; number++) {
              await putObject(bucket, number);
              acknowledged.push(number);
            }
            survived = true;
          } finally {
            await bucket.close().catch(() => undefined);
          }
        } catch (error) {
          assert.match(String(error), /ENOSPC|disk is full/);
        }
        const bucket = await openBucket(folder);
        for (const number of acknowledged.slice(-5)) {
          assert.ok(((await checkObject(bucket, keyOf(number))) ?? -1) >= number);
        }
        await bucket.close();
      });
    }
  });

  it("sweeps away what is nobody's, and refuses to open when an object's file is gone", async () => {
    await inScratchFolder(async (folder) => {
      const bucket = await openBucket(folder);
      await putObject(bucket, 1);
      await bucket.close();
      const [file = ""] = await readdir(join(folder, "objects"));
      await writeFile(join(folder, "objects", "half-written@0"), "x");
      await (await openBucket(folder)).close();
      assert.deepEqual(await readdir(join(folder, "objects")), [file]);
      await rm(join(folder, "objects", file));
      await assert.rejects(
        openBucket(folder),
        (error) => error instanceof DurableError && error.message.includes("is missing"),
      );
    });
  });

  it("reads an object of many files as one, in any range", async () => {
    await inScratchFolder(async (folder) => {
      const bucket = await openBucket(folder);
      const pieces = ["", "abc", "", "defgh", "i", ""];
      const blobs = await Promise.all(pieces.map((piece) => bucket.write("x", Buffer.from(piece))));
      const object = objectIn(0, blobs);
      const whole = pieces.join("");
      for (let from = 0; from <= whole.length; from++) {
        for (let to = from; to <= whole.length; to++) {
          assert.equal((await bucket.read(object, from, to))?.toString(), whole.slice(from, to));
        }
      }
      const copy = await bucket.copyFrom(bucket, object, "y");
      assert.equal((await bucket.read(objectIn(1, copy === undefined ? [] : [copy]), 0, 9))?.toString(), whole);
      await bucket.discard(blobs);
      assert.equal(await bucket.read(object, 0, 9), undefined);
      assert.equal(await bucket.copyFrom(bucket, object, "z"), undefined);
      assert.equal((await readdir(join(folder, "objects"))).length, 1, "a copy that failed leaves nothing");
      await bucket.close();
    });
  });
});

describe("The file name of an object", () => {
  const anyKey = fc.string({ unit: "binary", minLength: 1, maxLength: 1024 });
  const anyId = fc.stringMatching(/^[0-9a-f]{12}$/);

  it("is one plain name that every file system takes, whatever the key", () => {
    fc.assert(
      fc.property(anyKey, anyId, (key, id) => {
        const name = blobNameOf(key, id);
        assert.match(name, /^[a-z0-9._%~A-F-]+@[0-9a-f]{12}$/);
        assert.ok(Buffer.byteLength(name) <= 255);
        assert.ok(!name.startsWith("."));
      }),
      {
        examples: [
          ["..", "0".repeat(12)],
          ["../x", "0".repeat(12)],
          ["\u0000", "0".repeat(12)],
          ["k".repeat(1024), "0".repeat(12)],
        ],
      },
    );
  });

  it("differs for different keys of one id, also where capitals do not count", () => {
    fc.assert(
      fc.property(anyKey, anyKey, anyId, (a, b, id) => {
        fc.pre(a !== b);
        assert.notEqual(blobNameOf(a, id).toLowerCase(), blobNameOf(b, id).toLowerCase());
      }),
      {
        examples: [
          ["a", "A", "0".repeat(12)],
          ["a/", "a%2F", "0".repeat(12)],
          ["k".repeat(1000), "k".repeat(1001), "0".repeat(12)],
        ],
      },
    );
  });
});
