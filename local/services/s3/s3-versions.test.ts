/**
 * Versions, their listing and their end by the lifecycle, driven by the unmodified SDK client in virtual time.
 * Does not prove: that AWS removes on the very midnight; it promises no more than "soon after".
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
  type S3Client,
} from "@aws-sdk/client-s3";
import { inScratchFolder } from "../../durable/testing/scratch-folder";
import { keysIn, put, rejectsWith, textOf, VERSIONED, withS3 } from "./testing/buckets";

const DAY = 86_400_000;
const LAKE = "lake";

const lake = (): void => {
  new aws.s3.Bucket("lake", { bucket: LAKE });
  new aws.s3.BucketVersioning("lake", { bucket: LAKE, versioningConfiguration: { status: "Enabled" } });
  new aws.s3.BucketLifecycleConfiguration("lake", {
    bucket: LAKE,
    rules: [
      {
        id: "bounded",
        status: "Enabled",
        filter: { prefix: "raw/" },
        expiration: { days: 2 },
        noncurrentVersionExpiration: { noncurrentDays: 3 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
      { id: "off", status: "Disabled", filter: {}, expiration: { days: 1 } },
    ],
  });
};

async function versionsIn(s3: S3Client, Bucket: string): Promise<{ objects: string[]; markers: string[] }> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  const name = ({ Key = "", IsLatest }: Pick<ObjectVersion, "Key" | "IsLatest">) =>
    `${Key}${IsLatest ? " latest" : ""}`;
  return { objects: Versions.map(name), markers: DeleteMarkers.map(name) };
}

describe("Versions in S3", () => {
  it("keep what was overwritten or deleted, until it is deleted by its id", async () => {
    await withS3(async (s3) => {
      await put(s3, VERSIONED, "x", "first");
      const first = (await s3.send(new HeadObjectCommand({ Bucket: VERSIONED, Key: "x" }))).VersionId ?? "";
      await put(s3, VERSIONED, "x", "second");
      const { DeleteMarker, VersionId: marker } = await s3.send(
        new DeleteObjectCommand({ Bucket: VERSIONED, Key: "x" }),
      );
      assert.equal(DeleteMarker, true);
      await assert.rejects(textOf(s3, VERSIONED, "x"), { name: "NoSuchKey" });
      await rejectsWith(405, s3.send(new GetObjectCommand({ Bucket: VERSIONED, Key: "x", VersionId: marker })));
      assert.equal(await textOf(s3, VERSIONED, "x", first), "first");
      assert.deepEqual(await keysIn(s3, VERSIONED), []);
      assert.deepEqual(await versionsIn(s3, VERSIONED), { objects: ["x", "x"], markers: ["x latest"] });

      await s3.send(new DeleteObjectCommand({ Bucket: VERSIONED, Key: "x", VersionId: marker }));
      assert.equal(await textOf(s3, VERSIONED, "x"), "second");
      await s3.send(new DeleteObjectCommand({ Bucket: VERSIONED, Key: "x", VersionId: first }));
      await assert.rejects(textOf(s3, VERSIONED, "x", first), { name: "NoSuchVersion" });
      assert.deepEqual(await versionsIn(s3, VERSIONED), { objects: ["x latest"], markers: [] });
    });
  });

  it("are replaced one by the other, and hidden by a marker, where versioning is suspended", async () => {
    const suspended = (): void => {
      new aws.s3.Bucket("lake", { bucket: LAKE });
      new aws.s3.BucketVersioning("lake", { bucket: LAKE, versioningConfiguration: { status: "Suspended" } });
    };
    await inScratchFolder(async (folder) => {
      await withS3(async (s3) => void (await put(s3, LAKE, "x", "kept")), lake, { folder });
      await withS3(
        async (s3) => {
          await put(s3, LAKE, "x", "first");
          await put(s3, LAKE, "x", "second");
          assert.equal(await textOf(s3, LAKE, "x", "null"), "second");
          assert.deepEqual(await versionsIn(s3, LAKE), { objects: ["x latest", "x"], markers: [] });
          const { VersionId } = await s3.send(new DeleteObjectCommand({ Bucket: LAKE, Key: "x" }));
          assert.equal(VersionId, "null");
          assert.deepEqual(await versionsIn(s3, LAKE), { objects: ["x"], markers: ["x latest"] });
          await s3.send(new DeleteObjectCommand({ Bucket: LAKE, Key: "x", VersionId: "null" }));
          assert.equal(await textOf(s3, LAKE, "x"), "kept");
        },
        suspended,
        { folder },
      );
    });
  });

  it("are listed in pages that together hold each once", async () => {
    await withS3(async (s3) => {
      for (const key of ["a/1", "a/2", "b", "c"])
        for (const body of ["1", "2", "3"]) await put(s3, VERSIONED, key, body);
      const seen: string[] = [];
      let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
      for (;;) {
        const page = await s3.send(new ListObjectVersionsCommand({ Bucket: VERSIONED, MaxKeys: 2, ...marker }));
        seen.push(...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`));
        if (page.IsTruncated !== true) break;
        marker = { KeyMarker: page.NextKeyMarker ?? "", VersionIdMarker: page.NextVersionIdMarker ?? "" };
      }
      assert.equal(seen.length, 12);
      assert.equal(new Set(seen).size, 12);
      const grouped = await s3.send(new ListObjectVersionsCommand({ Bucket: VERSIONED, Delimiter: "/" }));
      assert.deepEqual(grouped.CommonPrefixes, [{ Prefix: "a/" }]);
      assert.equal(grouped.Versions?.length, 6);
    });
  });

  it("expire by the lifecycle: behind a marker first, for good later, and the marker last", async () => {
    await withS3(async (s3, { clock }) => {
      await put(s3, LAKE, "raw/x", "old");
      await put(s3, LAKE, "kept", "not under the rule");
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: LAKE, Key: "raw/unfinished" }));
      assert.ok(UploadId !== undefined);

      await clock.advance(2 * DAY);
      assert.deepEqual(await keysIn(s3, LAKE), ["kept", "raw/x"], "days are rounded up to the next midnight");
      const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket: LAKE }));
      assert.deepEqual(uploads.Uploads ?? [], []);
      await clock.advance(DAY);
      assert.deepEqual(await versionsIn(s3, LAKE), { objects: ["kept latest", "raw/x"], markers: ["raw/x latest"] });
      await clock.advance(3 * DAY);
      assert.deepEqual(await versionsIn(s3, LAKE), { objects: ["kept latest"], markers: ["raw/x latest"] });
      await clock.advance(DAY);
      assert.deepEqual(await versionsIn(s3, LAKE), { objects: ["kept latest"], markers: [] });
    }, lake);
  });

  it("expire at the next opening when their time came while the stage was closed", async () => {
    await inScratchFolder(async (folder) => {
      const start = Date.UTC(2026, 0, 5, 10);
      await withS3(async (s3) => void (await put(s3, LAKE, "raw/x", "old")), lake, { folder, start });
      await withS3(async (s3) => assert.deepEqual(await keysIn(s3, LAKE), []), lake, {
        folder,
        start: start + 30 * DAY,
      });
    });
  });

  it("say by which rules they end", async () => {
    await withS3(async (s3) => {
      const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: LAKE }));
      assert.deepEqual(Rules?.[0], {
        ID: "bounded",
        Status: "Enabled",
        Filter: { Prefix: "raw/" },
        Expiration: { Days: 2 },
        NoncurrentVersionExpiration: { NoncurrentDays: 3 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      });
      assert.equal(Rules[1]?.Status, "Disabled");
    }, lake);
  });
});
