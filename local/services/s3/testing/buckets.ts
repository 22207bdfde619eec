/** Two buckets for tests, one that keeps versions and one that does not, and the few calls that most tests make. */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { render, withStage, type TestStage } from "../../../../test/stage";

export const PLAIN = "plain-bucket";
export const VERSIONED = "versioned-bucket";

export function twoBuckets(): void {
  new aws.s3.Bucket("plain", { bucket: PLAIN });
  new aws.s3.Bucket("versioned", { bucket: VERSIONED });
  new aws.s3.BucketVersioning("versioned", { bucket: VERSIONED, versioningConfiguration: { status: "Enabled" } });
}

/** Runs a program with buckets in it, and a client of the operator's. */
export async function withS3(
  run: (s3: S3Client, test: TestStage) => Promise<void>,
  program: () => void = twoBuckets,
  options: { folder?: string; start?: number } = {},
): Promise<void> {
  await withStage(
    await render(program),
    async (test) => {
      const s3 = new S3Client(test.client());
      try {
        await run(s3, test);
      } finally {
        s3.destroy();
      }
    },
    options,
  );
}

/** @returns the ETag */
export async function put(s3: S3Client, Bucket: string, Key: string, Body: string | Uint8Array): Promise<string> {
  return (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).ETag ?? "";
}

export async function textOf(s3: S3Client, Bucket: string, Key: string, VersionId?: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...(VersionId && { VersionId }) }));
  return (await Body?.transformToString()) ?? "";
}

export async function keysIn(s3: S3Client, Bucket: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = "" }) => Key);
}

/** For answers without a document: a client knows only their status. */
export async function rejectsWith(status: number, call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error: { $metadata?: { httpStatusCode?: number } }) => {
    assert.equal(error.$metadata?.httpStatusCode, status);
    return true;
  });
}
