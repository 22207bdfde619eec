/**
 * Objects in S3 on loopback, driven by the unmodified SDK client.
 * Does not prove: that AWS answers alike; durability (store/bucket.test.ts); who may do what (permissions.test.ts).
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { inScratchFolder } from "../../durable/testing/scratch-folder";
import { keysIn, PLAIN, put, rejectsWith, textOf, twoBuckets, VERSIONED, withS3 } from "./testing/buckets";

describe("S3 objects", () => {
  it("come back as they were put, with their headers and metadata", async () => {
    await withS3(async (s3) => {
      const put = await s3.send(
        new PutObjectCommand({
          Bucket: PLAIN,
          Key: "a/b.txt",
          Body: "hello, lake",
          ContentType: "text/plain",
          ContentEncoding: "identity",
          CacheControl: "no-store",
          Metadata: { origin: "test", "Mixed-Case": "kept" },
        }),
      );
      const etag = `"${createHash("md5").update("hello, lake").digest("hex")}"`;
      assert.equal(put.ETag, etag);
      const got = await s3.send(new GetObjectCommand({ Bucket: PLAIN, Key: "a/b.txt" }));
      assert.equal(await got.Body?.transformToString(), "hello, lake");
      assert.equal(got.ContentType, "text/plain");
      assert.equal(got.ContentEncoding, "identity");
      assert.equal(got.CacheControl, "no-store");
      assert.deepEqual(got.Metadata, { origin: "test", "mixed-case": "kept" });
      assert.equal(got.ETag, etag);
      assert.equal(got.VersionId, undefined);
      assert.equal(got.ServerSideEncryption, "AES256");
      assert.equal(got.LastModified?.toISOString(), "2026-01-05T10:00:00.000Z");
      const head = await s3.send(new HeadObjectCommand({ Bucket: PLAIN, Key: "a/b.txt" }));
      assert.equal(head.ContentLength, "hello, lake".length);
      assert.equal(head.ETag, etag);
    });
  });

  it("may be streamed: the SDK sends chunks with a checksum behind them", async () => {
    await withS3(async (s3) => {
      const content = Buffer.alloc(200_000, "0123456789");
      const Body = Readable.from([content.subarray(0, 70_000), content.subarray(70_000)]);
      await s3.send(new PutObjectCommand({ Bucket: PLAIN, Key: "stream", Body, ContentLength: content.length }));
      const got = await s3.send(new GetObjectCommand({ Bucket: PLAIN, Key: "stream" }));
      assert.ok(content.equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0)));
      assert.equal(got.ContentEncoding, undefined);
      assert.ok(got.ChecksumCRC32 !== undefined, "the checksum comes back, so that the SDK can verify what it reads");
    });
  });

  it("are verified by every checksum the SDK can send", async () => {
    await withS3(async (s3) => {
      for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "SHA1", "SHA256"] as const) {
        await s3.send(new PutObjectCommand({ Bucket: PLAIN, Key: "x", Body: "checked", ChecksumAlgorithm }));
        const head = await s3.send(new HeadObjectCommand({ Bucket: PLAIN, Key: "x", ChecksumMode: "ENABLED" }));
        assert.ok(head[`Checksum${ChecksumAlgorithm}`] !== undefined, ChecksumAlgorithm);
      }
      const wrong = new PutObjectCommand({ Bucket: PLAIN, Key: "y", Body: "checked", ChecksumCRC32: "AAAAAA==" });
      await assert.rejects(s3.send(wrong), { name: "BadDigest" });
      const wrongMd5 = new PutObjectCommand({
        Bucket: PLAIN,
        Key: "y",
        Body: "checked",
        ContentMD5: "rL0Y20zC+Fzt72VPzMSk2A==",
      });
      await assert.rejects(s3.send(wrongMd5), { name: "BadDigest" });
      await assert.rejects(textOf(s3, PLAIN, "y"), { name: "NoSuchKey" });
    });
  });

  it("are read in ranges", async () => {
    await withS3(async (s3) => {
      await put(s3, PLAIN, "digits", "0123456789");
      const range = async (Range: string) => {
        const got = await s3.send(new GetObjectCommand({ Bucket: PLAIN, Key: "digits", Range }));
        return [await got.Body?.transformToString(), got.ContentRange];
      };
      assert.deepEqual(await range("bytes=2-4"), ["234", "bytes 2-4/10"]);
      assert.deepEqual(await range("bytes=8-"), ["89", "bytes 8-9/10"]);
      assert.deepEqual(await range("bytes=-3"), ["789", "bytes 7-9/10"]);
      assert.deepEqual(await range("bytes=5-100"), ["56789", "bytes 5-9/10"]);
      assert.deepEqual(await range("lines=1-2"), ["0123456789", undefined]);
      await assert.rejects(range("bytes=10-"), { name: "InvalidRange" });
    });
  });

  it("are read on conditions", async () => {
    await withS3(async (s3) => {
      const ETag = await put(s3, PLAIN, "x", "content");
      const get = (conditions: object) => s3.send(new GetObjectCommand({ Bucket: PLAIN, Key: "x", ...conditions }));
      const put10 = new Date(Date.UTC(2026, 0, 5, 10));
      const before = new Date(Date.UTC(2026, 0, 5, 9));
      assert.equal((await get({ IfMatch: ETag })).ETag, ETag);
      assert.equal((await get({ IfNoneMatch: '"other"', IfModifiedSince: put10 })).ETag, ETag);
      assert.equal((await get({ IfModifiedSince: before })).ETag, ETag);
      assert.equal((await get({ IfMatch: ETag, IfUnmodifiedSince: before })).ETag, ETag);
      await rejectsWith(304, get({ IfNoneMatch: ETag }));
      await rejectsWith(304, get({ IfModifiedSince: put10 }));
      await assert.rejects(get({ IfMatch: '"other"' }), { name: "PreconditionFailed" });
      await assert.rejects(get({ IfUnmodifiedSince: before }), { name: "PreconditionFailed" });
    });
  });

  it("are written on conditions, and of concurrent writers one wins", async () => {
    await withS3(async (s3) => {
      const create = (Body: string) =>
        s3.send(new PutObjectCommand({ Bucket: PLAIN, Key: "x", Body, IfNoneMatch: "*" }));
      const outcomes = await Promise.allSettled(["a", "b", "c", "d"].map(create));
      assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
      await assert.rejects(create("again"), { name: "PreconditionFailed" });

      const { ETag } = await s3.send(new HeadObjectCommand({ Bucket: PLAIN, Key: "x" }));
      const replace = (Body: string) => s3.send(new PutObjectCommand({ Bucket: PLAIN, Key: "x", Body, IfMatch: ETag }));
      const replaced = await Promise.allSettled(["e", "f", "g"].map(replace));
      assert.equal(replaced.filter(({ status }) => status === "fulfilled").length, 1);
      const absent = new PutObjectCommand({ Bucket: PLAIN, Key: "none", Body: "-", IfMatch: '"any"' });
      await assert.rejects(s3.send(absent), { name: "NoSuchKey" });
    });
  });

  it("are copied with or without what describes them", async () => {
    await withS3(async (s3) => {
      await s3.send(
        new PutObjectCommand({
          Bucket: PLAIN,
          Key: "from +é/x",
          Body: "copied",
          ContentType: "text/a",
          Tagging: "team=web",
        }),
      );
      const CopySource = `${PLAIN}/${encodeURIComponent("from +é/x")}`;
      await s3.send(new CopyObjectCommand({ Bucket: VERSIONED, Key: "to", CopySource }));
      const kept = await s3.send(new GetObjectCommand({ Bucket: VERSIONED, Key: "to" }));
      assert.equal(await kept.Body?.transformToString(), "copied");
      assert.equal(kept.ContentType, "text/a");
      assert.equal(kept.TagCount, 1);
      const again = { Bucket: PLAIN, Key: "from +é/x", CopySource };
      await assert.rejects(s3.send(new CopyObjectCommand(again)), { name: "InvalidRequest" });
      await s3.send(new CopyObjectCommand({ ...again, MetadataDirective: "REPLACE", ContentType: "text/b" }));
      const replaced = await s3.send(new HeadObjectCommand({ Bucket: PLAIN, Key: "from +é/x" }));
      assert.equal(replaced.ContentType, "text/b");
      const stale = { ...again, Key: "new", CopySourceIfNoneMatch: replaced.ETag };
      await assert.rejects(s3.send(new CopyObjectCommand(stale)), { name: "PreconditionFailed" });
    });
  });

  it("are deleted, alone or many at once; deleting what is not there is no fault", async () => {
    await withS3(async (s3) => {
      for (const key of ["a", "b", "c"]) await put(s3, PLAIN, key, key);
      await s3.send(new DeleteObjectCommand({ Bucket: PLAIN, Key: "a" }));
      await s3.send(new DeleteObjectCommand({ Bucket: PLAIN, Key: "a" }));
      await assert.rejects(textOf(s3, PLAIN, "a"), { name: "NoSuchKey" });
      await assert.rejects(s3.send(new HeadObjectCommand({ Bucket: PLAIN, Key: "a" })), { name: "NotFound" });
      const Objects = [{ Key: "b" }, { Key: "none" }];
      const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket: PLAIN, Delete: { Objects } }));
      assert.deepEqual(Deleted?.map(({ Key }) => Key).sort(), ["b", "none"]);
      assert.deepEqual(Errors ?? [], []);
      assert.deepEqual(await keysIn(s3, PLAIN), ["c"]);
      const wrong = new DeleteObjectCommand({ Bucket: PLAIN, Key: "c", IfMatch: '"other"' });
      await assert.rejects(s3.send(wrong), { name: "PreconditionFailed" });
    });
  });

  it("carry tags", async () => {
    await withS3(async (s3) => {
      await s3.send(new PutObjectCommand({ Bucket: PLAIN, Key: "x", Body: "-", Tagging: "a=1&b=x%20y" }));
      const tags = async () => (await s3.send(new GetObjectTaggingCommand({ Bucket: PLAIN, Key: "x" }))).TagSet;
      assert.deepEqual(await tags(), [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "x y" },
      ]);
      const Tagging = { TagSet: [{ Key: "c", Value: "<&>" }] };
      await s3.send(new PutObjectTaggingCommand({ Bucket: PLAIN, Key: "x", Tagging }));
      assert.deepEqual(await tags(), Tagging.TagSet);
      const twice = { TagSet: [...Tagging.TagSet, ...Tagging.TagSet] };
      const wrong = new PutObjectTaggingCommand({ Bucket: PLAIN, Key: "x", Tagging: twice });
      await assert.rejects(s3.send(wrong), { name: "InvalidTag" });
    });
  });

  it("may have any key: paths, escapes, control characters, other scripts", async () => {
    const hostile = [
      "../../etc/passwd",
      "..",
      ".",
      "/",
      "//a",
      "a//b",
      "a/",
      "a/./../b",
      "%2e%2e%2fx",
      "%",
      "C:\\x",
      "x\u0000y",
      "tab\tnewline\nreturn\r",
      "plus+space &=?#;",
      "<b>&amp;\"'",
      "CON",
      "Case",
      "case",
      "é",
      "e\u0301",
      "\u{1f600}",
      "\uffee",
      "k".repeat(1024),
      "ü".repeat(512),
    ];
    await withS3(async (s3) => {
      for (const key of hostile) await put(s3, PLAIN, key, `content of ${key}`);
      for (const key of hostile) assert.equal(await textOf(s3, PLAIN, key), `content of ${key}`);
      const listed = await s3.send(new ListObjectsV2Command({ Bucket: PLAIN, EncodingType: "url" }));
      const byBytes = [...hostile].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      assert.deepEqual(
        listed.Contents?.map(({ Key = "" }) => decodeURIComponent(Key)),
        byBytes,
      );
      const { Errors } = await s3.send(
        new DeleteObjectsCommand({ Bucket: PLAIN, Delete: { Objects: hostile.filter(isXml).map((Key) => ({ Key })) } }),
      );
      assert.deepEqual(Errors ?? [], []);
      assert.equal((await keysIn(s3, PLAIN)).length, hostile.length - hostile.filter(isXml).length);
      const long = new PutObjectCommand({ Bucket: PLAIN, Key: "k".repeat(1025), Body: "-" });
      await assert.rejects(s3.send(long), { name: "KeyTooLongError" });
    });
  });

  it("are still there, with all that was said of them, when the stage is opened again", async () => {
    await inScratchFolder(async (folder) => {
      const object = {
        Bucket: PLAIN,
        Key: "../x",
        Body: "kept",
        ContentType: "text/a",
        Metadata: { a: "b" },
        Tagging: "c=d",
      };
      await withS3(async (s3) => void (await s3.send(new PutObjectCommand(object))), twoBuckets, { folder });
      const check = async (s3: S3Client): Promise<void> => {
        const got = await s3.send(new GetObjectCommand({ Bucket: PLAIN, Key: "../x", ChecksumMode: "ENABLED" }));
        assert.equal(await got.Body?.transformToString(), "kept");
        assert.deepEqual([got.ContentType, got.Metadata, got.TagCount], ["text/a", { a: "b" }, 1]);
        assert.ok(got.ChecksumCRC32 !== undefined);
      };
      await withS3(check, twoBuckets, { folder });
    });
  });

  it("are refused politely where bucket, operation or header are unknown", async () => {
    await withS3(async (s3, { stage }) => {
      assert.deepEqual(
        (await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name),
        [PLAIN, VERSIONED],
      );
      await assert.rejects(put(s3, "elsewhere", "x", "-"), { name: "NoSuchBucket" });
      const acl = new PutObjectCommand({ Bucket: PLAIN, Key: "x", Body: "-", ACL: "public-read" });
      await assert.rejects(s3.send(acl), { name: "AccessControlListNotSupported" });
      const lock = new PutObjectCommand({ Bucket: PLAIN, Key: "x", Body: "-", ObjectLockLegalHoldStatus: "ON" });
      await assert.rejects(s3.send(lock), { name: "NotImplemented" });
      const owner = new HeadObjectCommand({ Bucket: PLAIN, Key: "x", ExpectedBucketOwner: "111122223333" });
      await rejectsWith(403, s3.send(owner));
      const unsigned = await fetch(`${stage.url}/${PLAIN}/x`);
      assert.equal(unsigned.status, 404, "nobody without credentials gets as far as S3");
    });
  });

  it("do not disturb each other when many are written to one key", async () => {
    await withS3(async (s3) => {
      const bodies = Array.from({ length: 40 }, (_, index) => String(index).repeat(1000));
      const write = (body: string) => put(s3, PLAIN, "contested", body);
      const readers = bodies.map(() => textOf(s3, PLAIN, "contested").catch(absent));
      await Promise.all([...bodies.map(write), ...readers]);
      for (const body of await Promise.all(readers)) assert.ok(body === "" || bodies.includes(body));
      assert.ok(bodies.includes(await textOf(s3, PLAIN, "contested")));
      assert.deepEqual(await keysIn(s3, PLAIN), ["contested"]);
    });
  });
});

/** Characters that an XML document can carry. */
function isXml(key: string): boolean {
  return !key.includes("\u0000");
}

function absent(error: Error): string {
  assert.equal(error.name, "NoSuchKey");
  return "";
}
