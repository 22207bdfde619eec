/** S3: objects, ranges, conditions, listings, versions, uploads in parts. */
import * as s3 from "@aws-sdk/client-s3";
import type { Case } from "../case";

const Bucket = "lake";

export const S3_CASES: readonly Case[] = [
  {
    name: "s3: an object is written; its ETag is the MD5 of its content",
    call: async (world) => {
      const put = new s3.PutObjectCommand({
        ...{ Bucket, Key: "a/one.txt", Body: "hello world", ContentType: "text/plain" },
        ...{ Metadata: { team: "one" }, Tagging: "colour=blue" },
      });
      return (await world.s3.send(put)).ETag;
    },
  },
  {
    name: "s3: an object is read back with its type and metadata",
    call: async (world) => {
      const got = await world.s3.send(new s3.GetObjectCommand({ Bucket, Key: "a/one.txt" }));
      const { ContentType, ContentLength, Metadata, ETag } = got;
      return { ContentType, ContentLength, Metadata, ETag, body: await got.Body?.transformToString() };
    },
  },
  {
    name: "s3: a range is read",
    call: async (world) => {
      const got = await world.s3.send(new s3.GetObjectCommand({ Bucket, Key: "a/one.txt", Range: "bytes=6-" }));
      return {
        range: got.ContentRange,
        body: await got.Body?.transformToString(),
        status: got.$metadata.httpStatusCode,
      };
    },
  },
  {
    name: "s3: a range beyond the end",
    call: (world) => world.s3.send(new s3.GetObjectCommand({ Bucket, Key: "a/one.txt", Range: "bytes=100-" })),
  },
  {
    name: "s3: a head of what is there",
    call: async (world) => {
      const { ContentLength, ETag } = await world.s3.send(new s3.HeadObjectCommand({ Bucket, Key: "a/one.txt" }));
      return { ContentLength, ETag };
    },
  },
  {
    name: "s3: a head of what is not there",
    call: (world) => world.s3.send(new s3.HeadObjectCommand({ Bucket, Key: "nothing" })),
  },
  {
    name: "s3: an object that is not there",
    call: (world) => world.s3.send(new s3.GetObjectCommand({ Bucket, Key: "nothing" })),
  },
  {
    name: "s3: a bucket that is not there",
    call: (world) => world.s3.send(new s3.GetObjectCommand({ Bucket: "no-such-bucket-here", Key: "nothing" })),
  },
  {
    name: "s3: a write only if nothing is there, where something is",
    call: (world) => world.s3.send(new s3.PutObjectCommand({ Bucket, Key: "a/one.txt", Body: "x", IfNoneMatch: "*" })),
  },
  {
    name: "s3: a write only over another version",
    call: (world) =>
      world.s3.send(
        new s3.PutObjectCommand({ Bucket, Key: "a/one.txt", Body: "x", IfMatch: '"00000000000000000000000000000000"' }),
      ),
  },
  {
    name: "s3: a read only if it changed, where it did not",
    call: async (world) => {
      const { ETag } = await world.s3.send(new s3.HeadObjectCommand({ Bucket, Key: "a/one.txt" }));
      return world.s3.send(new s3.GetObjectCommand({ Bucket, Key: "a/one.txt", IfNoneMatch: ETag }));
    },
  },
  {
    name: "s3: tags of an object",
    call: async (world) => (await world.s3.send(new s3.GetObjectTaggingCommand({ Bucket, Key: "a/one.txt" }))).TagSet,
  },
  {
    name: "s3: a copy",
    call: async (world) => {
      const copy = new s3.CopyObjectCommand({ Bucket, Key: "b/two.txt", CopySource: `${Bucket}/a/one.txt` });
      return (await world.s3.send(copy)).CopyObjectResult?.ETag;
    },
  },
  {
    name: "s3: a copy keeps type and metadata",
    call: async (world) => {
      const { ContentType, Metadata } = await world.s3.send(new s3.HeadObjectCommand({ Bucket, Key: "b/two.txt" }));
      return { ContentType, Metadata };
    },
  },
  {
    name: "s3: folders of a listing",
    call: async (world) => {
      await world.s3.send(new s3.PutObjectCommand({ Bucket, Key: "root", Body: "" }));
      const { CommonPrefixes, Contents, KeyCount } = await world.s3.send(
        new s3.ListObjectsV2Command({ Bucket, Delimiter: "/" }),
      );
      return { CommonPrefixes, keys: Contents?.map(({ Key, Size }) => [Key, Size]), KeyCount };
    },
  },
  {
    name: "s3: pages of a listing",
    call: async (world) => {
      const first = await world.s3.send(new s3.ListObjectsV2Command({ Bucket, MaxKeys: 2 }));
      const second = await world.s3.send(
        new s3.ListObjectsV2Command({ Bucket, MaxKeys: 2, ContinuationToken: first.NextContinuationToken }),
      );
      return [first, second].map(({ Contents, IsTruncated }) => ({
        keys: Contents?.map(({ Key }) => Key),
        IsTruncated,
      }));
    },
  },
  {
    name: "s3: a listing after a key",
    call: async (world) => {
      const { Contents } = await world.s3.send(new s3.ListObjectsV2Command({ Bucket, StartAfter: "a/one.txt" }));
      return Contents?.map(({ Key }) => Key);
    },
  },
  {
    name: "s3: keys with blanks and letters beyond ASCII",
    call: async (world) => {
      await world.s3.send(new s3.PutObjectCommand({ Bucket, Key: "odd/ä b+c%.txt", Body: "odd" }));
      const { Contents } = await world.s3.send(new s3.ListObjectsV2Command({ Bucket, Prefix: "odd/" }));
      return Contents?.map(({ Key }) => Key);
    },
  },
  {
    name: "s3: several deletions, one of nothing",
    call: async (world) => {
      const Delete = { Objects: [{ Key: "b/two.txt" }, { Key: "never" }] };
      const { Deleted, Errors } = await world.s3.send(new s3.DeleteObjectsCommand({ Bucket, Delete }));
      return { deleted: Deleted?.map(({ Key }) => Key).sort(), errors: Errors ?? [] };
    },
  },
  {
    name: "s3: a deletion of nothing",
    call: async (world) =>
      (await world.s3.send(new s3.DeleteObjectCommand({ Bucket, Key: "never" }))).$metadata.httpStatusCode,
  },
  {
    name: "s3: versions of one key, and what a deletion leaves",
    call: async (world) => {
      const key = { Bucket: "versions", Key: "v" };
      const one = await world.s3.send(new s3.PutObjectCommand({ ...key, Body: "1" }));
      await world.s3.send(new s3.PutObjectCommand({ ...key, Body: "2" }));
      const { DeleteMarker } = await world.s3.send(new s3.DeleteObjectCommand(key));
      const old = await world.s3.send(new s3.GetObjectCommand({ ...key, VersionId: one.VersionId }));
      const listed = await world.s3.send(new s3.ListObjectVersionsCommand({ Bucket: "versions" }));
      return {
        DeleteMarker,
        old: await old.Body?.transformToString(),
        versions: listed.Versions?.map(({ IsLatest, Size }) => ({ IsLatest, Size })),
        markers: listed.DeleteMarkers?.map(({ IsLatest }) => ({ IsLatest })),
      };
    },
  },
  {
    name: "s3: a key whose newest version is a deletion",
    call: (world) => world.s3.send(new s3.GetObjectCommand({ Bucket: "versions", Key: "v" })),
  },
  {
    name: "s3: an upload in parts; its ETag counts them",
    call: async (world) => {
      const key = { Bucket, Key: "parts" };
      const { UploadId } = await world.s3.send(new s3.CreateMultipartUploadCommand(key));
      const bodies = ["a".repeat(5 * 1024 * 1024), "end"];
      const Parts: s3.CompletedPart[] = [];
      for (const [index, Body] of bodies.entries()) {
        const PartNumber = index + 1;
        const { ETag } = await world.s3.send(new s3.UploadPartCommand({ ...key, UploadId, PartNumber, Body }));
        Parts.push({ PartNumber, ETag });
      }
      const done = await world.s3.send(
        new s3.CompleteMultipartUploadCommand({ ...key, UploadId, MultipartUpload: { Parts } }),
      );
      const { ContentLength } = await world.s3.send(new s3.HeadObjectCommand(key));
      return { ETag: done.ETag, ContentLength };
    },
  },
  {
    name: "s3: a part that is too small for the middle",
    call: async (world) => {
      const key = { Bucket, Key: "small" };
      const { UploadId } = await world.s3.send(new s3.CreateMultipartUploadCommand(key));
      const Parts: s3.CompletedPart[] = [];
      for (const PartNumber of [1, 2]) {
        const { ETag } = await world.s3.send(new s3.UploadPartCommand({ ...key, UploadId, PartNumber, Body: "tiny" }));
        Parts.push({ PartNumber, ETag });
      }
      return world.s3.send(new s3.CompleteMultipartUploadCommand({ ...key, UploadId, MultipartUpload: { Parts } }));
    },
  },
  {
    name: "s3: an upload nobody began",
    call: (world) =>
      world.s3.send(new s3.UploadPartCommand({ Bucket, Key: "x", UploadId: "nobody", PartNumber: 1, Body: "x" })),
  },
];
