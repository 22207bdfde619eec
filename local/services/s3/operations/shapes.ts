/** What calls on S3 have in common: how buckets and objects are named, and how a new object is described. */
import { z } from "zod";
import type { AccountFacts } from "../../model";
import { AwsError } from "../../service";
import { keyArnOf, type BucketSettings } from "../settings";
import { CHECKSUM_ALGORITHMS, type Checksum, type ChecksumAlgorithm } from "../checksum";
import { notImplemented } from "../errors";
import type { Description, Encryption, StoredObject } from "../store/version";
import { readTagging } from "../tags";

/** Longest key in bytes of UTF-8, and all user metadata of an object together. Source: S3 User Guide, "Object key naming". */
const LONGEST_KEY = 1024;
const MOST_METADATA = 2048;

export const bucketRef = { Bucket: z.string(), ExpectedBucketOwner: z.string().optional() };
export const objectRef = { ...bucketRef, Key: z.string().transform(checkKey) };
export const versionRef = { ...objectRef, VersionId: z.string().optional() };

function checkKey(key: string): string {
  if (key === "" || /\p{Surrogate}/u.test(key)) throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  if (Buffer.byteLength(key) > LONGEST_KEY) {
    throw new AwsError("KeyTooLongError", "Your key is too long", 400, {
      Size: Buffer.byteLength(key),
      MaxSizeAllowed: LONGEST_KEY,
    });
  }
  return key;
}

/** A date of HTTP, or a date. */
export const date = z.union([z.string(), z.date()]).optional();
export const writeConditions = { IfMatch: z.string().optional(), IfNoneMatch: z.string().optional() };
export const readConditions = { ...writeConditions, IfModifiedSince: date, IfUnmodifiedSince: date };

/** Header values travel as Latin-1. */
const headerText = z.string().regex(/^[\t\u0020-\u007e\u0080-\u00ff]*$/);

/** What every upload may say of the object it makes. */
export const newObject = {
  ContentType: headerText.optional(),
  ContentEncoding: headerText.optional(),
  ContentDisposition: headerText.optional(),
  ContentLanguage: headerText.optional(),
  CacheControl: headerText.optional(),
  Expires: headerText.optional(),
  Metadata: z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), headerText).optional(),
  Tagging: z.string().optional(),
  ServerSideEncryption: z.enum(["AES256", "aws:kms"]).optional(),
  SSEKMSKeyId: z.string().optional(),
  BucketKeyEnabled: flag().optional(),
  StorageClass: z.literal("STANDARD").optional(),
  ACL: z.string().optional(),
};

export type NewObject = z.output<z.ZodObject<typeof newObject>>;

/** `true` as a header or as a value. */
export function flag() {
  return z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);
}

/** A number as a query parameter or as a value. */
export function count(least: number, most: number) {
  return z.coerce.number().int().min(least).max(most);
}

/** S3 gives no more than this at once, however many are asked for. */
export const LARGEST_PAGE = 1000;

export const pageSize = z.coerce
  .number()
  .int()
  .min(0)
  .transform((most) => Math.min(most, LARGEST_PAGE));

/** @throws AwsError for what a bucket whose owner owns every object does not take */
export function describeUpload(input: NewObject, settings: BucketSettings, facts: AccountFacts): Description {
  if (input.ACL !== undefined && input.ACL !== "bucket-owner-full-control") {
    throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
  const { ContentType, ContentEncoding, ContentDisposition, ContentLanguage, CacheControl, Expires } = input;
  return {
    headers: { ContentType, ContentEncoding, ContentDisposition, ContentLanguage, CacheControl, Expires },
    metadata: readMetadata(input.Metadata ?? {}),
    tags: input.Tagging === undefined ? {} : readTagging(input.Tagging),
    encryption: encryptionOf(input, settings, facts),
  };
}

function readMetadata(given: Readonly<Record<string, string>>): Record<string, string> {
  const metadata = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const size = Object.entries(metadata).reduce((total, [name, value]) => total + name.length + value.length, 0);
  if (size <= MOST_METADATA) return metadata;
  throw new AwsError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", 400, {
    Size: size,
    MaxSizeAllowed: MOST_METADATA,
  });
}

/** As the upload asks for, else as the bucket does by default. */
export function encryptionOf(
  { ServerSideEncryption, SSEKMSKeyId }: Pick<NewObject, "ServerSideEncryption" | "SSEKMSKeyId">,
  { encryption }: BucketSettings,
  facts: AccountFacts,
): Encryption {
  if (SSEKMSKeyId !== undefined && ServerSideEncryption !== "aws:kms") {
    throw new AwsError(
      "InvalidArgument",
      "Server Side Encryption with KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
    );
  }
  if (ServerSideEncryption === undefined) return encryption;
  if (ServerSideEncryption === "AES256") return { algorithm: "AES256" };
  if (SSEKMSKeyId === undefined) return { algorithm: "aws:kms" };
  const keyArn = keyArnOf(SSEKMSKeyId, facts);
  if (keyArn === undefined) throw notImplemented("keys named by an alias");
  return { algorithm: "aws:kms", keyArn };
}

/** Condition keys that an upload brings. Source: Service Authorization Reference, Amazon S3. */
export function uploadContext(input: NewObject): Readonly<Record<string, string | undefined>> {
  return {
    "s3:x-amz-server-side-encryption": input.ServerSideEncryption,
    "s3:x-amz-server-side-encryption-aws-kms-key-id": input.SSEKMSKeyId,
    "s3:x-amz-storage-class": input.StorageClass,
    "s3:x-amz-acl": input.ACL,
  };
}

type ChecksumMember = `Checksum${ChecksumAlgorithm}`;

/** The members in which checksums travel. */
export const checksums = {
  ChecksumCRC32: z.string().optional(),
  ChecksumCRC32C: z.string().optional(),
  ChecksumCRC64NVME: z.string().optional(),
  ChecksumSHA1: z.string().optional(),
  ChecksumSHA256: z.string().optional(),
} satisfies Record<ChecksumMember, z.ZodType>;

/** The one checksum given, which the binding has verified. */
export function checksumOf(input: { readonly [member in ChecksumMember]?: string | undefined }): Checksum | undefined {
  const given = CHECKSUM_ALGORITHMS.flatMap((algorithm): Checksum[] => {
    const value = input[`Checksum${algorithm}`];
    return value === undefined ? [] : [{ algorithm, value, type: "FULL_OBJECT" }];
  });
  if (given.length > 1) throw new AwsError("InvalidRequest", "Expecting a single x-amz-checksum- header");
  return given[0];
}

/** A checksum as answers carry it. */
export function checksumMembers(checksum: Checksum | undefined): Readonly<Record<string, string>> {
  if (checksum === undefined) return {};
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

/** How an object is encrypted, as answers carry it. */
export function encryptionMembers(encryption: Encryption, bucketKey: boolean): Readonly<Record<string, unknown>> {
  if (encryption.algorithm === "AES256") return { ServerSideEncryption: "AES256" };
  return {
    ServerSideEncryption: "aws:kms",
    SSEKMSKeyId: encryption.keyArn,
    ...(bucketKey ? { BucketKeyEnabled: true } : {}),
  };
}

export function quoted({ etag }: Pick<StoredObject, "etag">): string {
  return `"${etag}"`;
}

/** S3 keeps times in whole seconds. */
export function wholeSeconds(time: number): number {
  return Math.floor(time / 1000) * 1000;
}
