/**
 * Uploads in parts, driven by the unmodified SDK client.
 * Does not prove: parts of more than a few MiB; copies of parts, which the stage does not model.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { keysIn, PLAIN, put, textOf, withS3 } from "./testing/buckets";

const MIB = 2 ** 20;

/** Of 5 MiB, which is the least, and with a last one that is small. */
const PARTS = [Buffer.alloc(5 * MIB, "a"), Buffer.alloc(5 * MIB, "b"), Buffer.from("the end")];

async function begin(s3: S3Client, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId = "" } = await s3.send(new CreateMultipartUploadCommand({ Bucket: PLAIN, Key: "big", ...more }));
  return UploadId;
}

async function upload(s3: S3Client, UploadId: string, parts: readonly Buffer[]): Promise<CompletedPart[]> {
  const done: CompletedPart[] = [];
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1;
    const { ETag, ChecksumCRC32 } = await s3.send(
      new UploadPartCommand({ Bucket: PLAIN, Key: "big", UploadId, PartNumber, Body }),
    );
    done.push({ PartNumber, ETag, ChecksumCRC32 });
  }
  return done;
}

function complete(s3: S3Client, UploadId: string, Parts: CompletedPart[], more: { IfNoneMatch?: string } = {}) {
  return s3.send(
    new CompleteMultipartUploadCommand({ Bucket: PLAIN, Key: "big", UploadId, MultipartUpload: { Parts }, ...more }),
  );
}

describe("An upload in parts", () => {
  it("becomes one object, read across its parts", async () => {
    await withS3(async (s3) => {
      const UploadId = await begin(s3, { ContentType: "application/x-parts", Metadata: { a: "b" } });
      const parts = await upload(s3, UploadId, PARTS);
      assert.deepEqual(await keysIn(s3, PLAIN), [], "nothing is there before it is complete");
      const { ETag } = await complete(s3, UploadId, parts);
      const md5s = PARTS.map((part) => createHash("md5").update(part).digest());
      assert.equal(ETag, `"${createHash("md5").update(Buffer.concat(md5s)).digest("hex")}-3"`);

      const got = await s3.send(new GetObjectCommand({ Bucket: PLAIN, Key: "big" }));
      assert.ok(Buffer.concat(PARTS).equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0)));
      assert.equal(got.ContentType, "application/x-parts");
      const Range = `bytes=${5 * MIB - 2}-${5 * MIB + 1}`;
      const across = await s3.send(new GetObjectCommand({ Bucket: PLAIN, Key: "big", Range }));
      assert.equal(await across.Body?.transformToString(), "aabb");
      await assert.rejects(complete(s3, UploadId, parts), { name: "NoSuchUpload" });
    });
  });

  it("is checksummed as a composite, or as a whole where it is asked for", async () => {
    await withS3(async (s3) => {
      const composite = await begin(s3, { ChecksumAlgorithm: "CRC32" });
      const made = await complete(s3, composite, await upload(s3, composite, PARTS));
      assert.match(made.ChecksumCRC32 ?? "", /^[\w+/]{6}==-3$/);
      assert.equal(made.ChecksumType, "COMPOSITE");

      const whole = await begin(s3, { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
      const { ChecksumCRC32: checksum } = await complete(s3, whole, await upload(s3, whole, PARTS));
      const got = await s3.send(new GetObjectCommand({ Bucket: PLAIN, Key: "big", ChecksumMode: "ENABLED" }));
      assert.equal(got.ChecksumCRC32, checksum);
      assert.ok((await got.Body?.transformToByteArray()) !== undefined, "the SDK verifies the checksum as it reads");
      await assert.rejects(begin(s3, { ChecksumAlgorithm: "SHA256", ChecksumType: "FULL_OBJECT" }), {
        name: "InvalidRequest",
      });
    });
  });

  it("may replace a part, leave one out, and be looked at meanwhile", async () => {
    await withS3(async (s3) => {
      const UploadId = await begin(s3);
      await upload(s3, UploadId, [Buffer.from("draft"), Buffer.from("not wanted")]);
      const [last] = await upload(s3, UploadId, [Buffer.from("final")]);
      const page = await s3.send(new ListPartsCommand({ Bucket: PLAIN, Key: "big", UploadId, MaxParts: 1 }));
      assert.deepEqual([page.Parts?.[0]?.Size, page.IsTruncated, page.NextPartNumberMarker], [5, true, "1"]);
      const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: PLAIN }));
      assert.deepEqual(
        Uploads?.map(({ Key, UploadId: id }) => [Key, id]),
        [["big", UploadId]],
      );
      await complete(s3, UploadId, last === undefined ? [] : [last]);
      assert.equal(await textOf(s3, PLAIN, "big"), "final");
    });
  });

  it("is refused when its parts are out of order, unknown, too small, or when the key is taken", async () => {
    await withS3(async (s3) => {
      const UploadId = await begin(s3);
      const [first = {}, second = {}] = await upload(s3, UploadId, [Buffer.from("a"), Buffer.from("b")]);
      await assert.rejects(complete(s3, UploadId, [second, first]), { name: "InvalidPartOrder" });
      await assert.rejects(complete(s3, UploadId, [{ ...first, ETag: '"other"' }]), { name: "InvalidPart" });
      await assert.rejects(complete(s3, UploadId, [{ ...first, PartNumber: 7 }]), { name: "InvalidPart" });
      await assert.rejects(complete(s3, UploadId, [first, second]), { name: "EntityTooSmall" });
      await put(s3, PLAIN, "big", "there already");
      await assert.rejects(complete(s3, UploadId, [second], { IfNoneMatch: "*" }), { name: "PreconditionFailed" });
      assert.equal(await textOf(s3, PLAIN, "big"), "there already");
      const other = new UploadPartCommand({ Bucket: PLAIN, Key: "other", UploadId, PartNumber: 1, Body: "x" });
      await assert.rejects(s3.send(other), { name: "NoSuchUpload" });
      const copy = { Bucket: PLAIN, Key: "big", UploadId, PartNumber: 3, CopySource: `${PLAIN}/big` };
      await assert.rejects(s3.send(new UploadPartCopyCommand(copy)), {
        name: "InvalidArgument",
        message: /CopySource/,
      });
    });
  });

  it("is whole or not at all when its parts change while it is completed", async () => {
    await withS3(async (s3) => {
      for (let round = 0; round < 4; round++) {
        const UploadId = await begin(s3, { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
        const parts = await upload(s3, UploadId, PARTS);
        const change =
          round % 2 === 0
            ? upload(s3, UploadId, PARTS)
            : s3.send(new AbortMultipartUploadCommand({ Bucket: PLAIN, Key: "big", UploadId }));
        const [completed] = await Promise.allSettled([complete(s3, UploadId, parts), change]);
        if (completed.status === "rejected") {
          assert.match(String(completed.reason), /OperationAborted|NoSuchUpload|InvalidPart/);
          continue;
        }
        const got = await s3.send(new GetObjectCommand({ Bucket: PLAIN, Key: "big" }));
        assert.ok(Buffer.concat(PARTS).equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0)));
      }
    });
  });

  it("leaves nothing behind when it is given up", async () => {
    await withS3(async (s3) => {
      const UploadId = await begin(s3);
      await upload(s3, UploadId, [Buffer.from("a")]);
      await s3.send(new AbortMultipartUploadCommand({ Bucket: PLAIN, Key: "big", UploadId }));
      await assert.rejects(s3.send(new AbortMultipartUploadCommand({ Bucket: PLAIN, Key: "big", UploadId })), {
        name: "NoSuchUpload",
      });
      assert.deepEqual((await s3.send(new ListMultipartUploadsCommand({ Bucket: PLAIN }))).Uploads ?? [], []);
    });
  });
});
