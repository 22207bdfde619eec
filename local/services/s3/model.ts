/** Buckets and what is configured on them, as a program sees them. */
import { StageError } from "../../diagnostics";
import { optionalText, textOf } from "../../graph/graph";
import {
  type AccountFacts,
  type Declaration,
  fingerprint,
  forcesNew,
  type ResourceModel,
  type ServiceModels,
} from "../model";

/** Pulumi appends seven digits to a logical name, Terraform's provider 26 to a prefix. */
const LONGEST_PREFIX = 37;

export const s3Models: ServiceModels = {
  resources: {
    "aws:s3/bucket:Bucket": (declaration, facts) => {
      const name = bucketNameOf(declaration);
      return { id: name, outputs: { bucket: name, region: facts.region, ...addressesOf(name, facts) } };
    },
    "aws:s3/bucketVersioning:BucketVersioning": onBucket,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": onBucket,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": onBucket,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": onBucket,
    "aws:s3/bucketPolicy:BucketPolicy": onBucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": onBucket,
    "aws:s3/bucketObjectv2:BucketObjectv2": ({ inputs }) => ({
      id: `${textOf(inputs, "bucket")}/${textOf(inputs, "key")}`,
      outputs: {},
    }),
  },
  replacedBy: {
    "aws:s3/bucketObjectv2:BucketObjectv2": forcesNew("s3/object.go", "bucket", "key"),
    "aws:s3/bucket:Bucket": forcesNew("s3/bucket.go", "bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"),
    "aws:s3/bucketVersioning:BucketVersioning": forcesNew("s3/bucket_versioning.go", "bucket", "expectedBucketOwner"),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": forcesNew(
      "s3/bucket_server_side_encryption_configuration.go",
      "bucket",
      "expectedBucketOwner",
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": forcesNew("s3/bucket_public_access_block.go", "bucket"),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": forcesNew("s3/bucket_ownership_controls.go", "bucket"),
    "aws:s3/bucketPolicy:BucketPolicy": forcesNew("s3/bucket_policy.go", "bucket"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": forcesNew(
      "s3/bucket_lifecycle_configuration.go",
      "bucket",
      "expectedBucketOwner",
    ),
  },
  keepsIn: { "aws:s3/bucket:Bucket": ({ id }) => ["s3", id] },
};

/** A configuration has its bucket's name as its id. */
function onBucket(...[{ inputs }]: Parameters<ResourceModel>): ReturnType<ResourceModel> {
  return { id: textOf(inputs, "bucket"), outputs: {} };
}

function bucketNameOf({ name, urn, inputs }: Declaration): string {
  const given = optionalText(inputs, "bucket");
  const prefix = optionalText(inputs, "bucketPrefix");
  if (given !== undefined) return checkBucketName(given);
  if (prefix === undefined) return checkBucketName(`${name.toLowerCase()}-${fingerprint(urn, 7)}`);
  return checkBucketName(`${prefix.slice(0, LONGEST_PREFIX)}${fingerprint(urn, 26)}`);
}

/**
 * The rules that matter here of "General purpose bucket naming rules" in the S3 User Guide.
 * @throws StageError
 */
function checkBucketName(name: string): string {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
  if (wellFormed && !name.includes("..") && !/^\d+\.\d+\.\d+\.\d+$/.test(name)) return name;
  throw new StageError(
    `bucket name "${name}" (${name.length} characters): allowed are 3 to 63 lower-case letters, digits, hyphens and single dots, with a letter or digit at both ends; shorten or change the logical name, or give the property bucket`,
  );
}

function addressesOf(name: string, { partition, region }: AccountFacts): Record<string, string> {
  const domain = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return {
    arn: `arn:${partition}:s3:::${name}`,
    bucketDomainName: `${name}.s3.${domain}`,
    bucketRegionalDomainName: `${name}.s3.${region}.${domain}`,
    bucketRegion: region,
  };
}
