/** Reading how a bucket is configured. Only the program changes it. */
import { z } from "zod";
import { AwsError, operation, type Operation } from "../../service";
import type { Buckets } from "../buckets";
import type { BucketSettings } from "../settings";
import { bucketRef } from "./shapes";

/** The region whose name S3 does not say. Source: S3 API reference, GetBucketLocation. */
const UNNAMED_REGION = "us-east-1";

export function configurationOperations(buckets: Buckets): Record<string, Operation> {
  const reading = (action: string, answer: (settings: BucketSettings) => unknown): Operation =>
    operation({
      shape: z.strictObject(bucketRef),
      checks: (input) => [buckets.onBucket(input, action)],
      run: (input) => answer(buckets.get(input).settings),
    });
  const { region } = buckets.facts;
  return {
    HeadBucket: reading("ListBucket", () => ({ BucketRegion: region })),
    GetBucketLocation: reading("GetBucketLocation", () => ({
      LocationConstraint: region === UNNAMED_REGION ? "" : region,
    })),
    GetBucketVersioning: reading("GetBucketVersioning", ({ versioning }) =>
      versioning === "Off" ? {} : { Status: versioning },
    ),
    GetBucketEncryption: reading("GetEncryptionConfiguration", (settings) => ({
      ServerSideEncryptionConfiguration: describeEncryption(settings),
    })),
    GetPublicAccessBlock: reading("GetBucketPublicAccessBlock", ({ publicAccess }) => ({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: publicAccess.blockPublicAcls,
        IgnorePublicAcls: publicAccess.ignorePublicAcls,
        BlockPublicPolicy: publicAccess.blockPublicPolicy,
        RestrictPublicBuckets: publicAccess.restrictPublicBuckets,
      },
    })),
    GetBucketOwnershipControls: reading("GetBucketOwnershipControls", () => ({
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    })),
    GetBucketPolicy: reading("GetBucketPolicy", (settings) => ({ Policy: policyOf(settings) })),
    // A public policy never gets as far as a running stage (settings.ts).
    GetBucketPolicyStatus: reading("GetBucketPolicyStatus", (settings) => {
      policyOf(settings);
      return { PolicyStatus: { IsPublic: false } };
    }),
    GetBucketLifecycleConfiguration: reading("GetLifecycleConfiguration", describeLifecycle),
  };
}

function describeEncryption({ encryption, bucketKey }: BucketSettings): unknown {
  const byDefault =
    encryption.algorithm === "AES256"
      ? { SSEAlgorithm: "AES256" }
      : { SSEAlgorithm: "aws:kms", KMSMasterKeyID: encryption.keyArn };
  return { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: bucketKey }] };
}

function policyOf({ name, policy }: BucketSettings): string {
  if (policy === undefined) {
    throw new AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", 404, { BucketName: name });
  }
  return typeof policy.document === "string" ? policy.document : JSON.stringify(policy.document);
}

function describeLifecycle({ name, lifecycle }: BucketSettings): unknown {
  if (lifecycle.length === 0) {
    throw new AwsError("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404, {
      BucketName: name,
    });
  }
  return {
    Rules: lifecycle.map(({ id, enabled, prefix, expiresAfter, cleansMarkers, noncurrent, abortsAfter }) => ({
      ID: id,
      Status: enabled ? "Enabled" : "Disabled",
      Filter: { Prefix: prefix },
      ...(expiresAfter !== undefined
        ? { Expiration: { Days: expiresAfter } }
        : cleansMarkers && { Expiration: { ExpiredObjectDeleteMarker: true } }),
      ...(noncurrent && {
        NoncurrentVersionExpiration: {
          NoncurrentDays: noncurrent.days,
          ...(noncurrent.keeps > 0 && { NewerNoncurrentVersions: noncurrent.keeps }),
        },
      }),
      ...(abortsAfter !== undefined && { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortsAfter } }),
    })),
  };
}
