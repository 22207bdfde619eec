/** Which header or parameter carries which member. What stands in none of these tables is refused, never ignored. */
import { CHECKSUM_ALGORITHMS } from "../checksum";

const checksumHeaders = CHECKSUM_ALGORITHMS.map(
  (algorithm) => [`x-amz-checksum-${algorithm.toLowerCase()}`, `Checksum${algorithm}`] as const,
);

/** Headers that describe a new object, and come back with it. */
const ENTITY_HEADERS: ReadonlyMap<string, string> = new Map([
  ["content-type", "ContentType"],
  ["content-encoding", "ContentEncoding"],
  ["content-disposition", "ContentDisposition"],
  ["content-language", "ContentLanguage"],
  ["cache-control", "CacheControl"],
  ["expires", "Expires"],
]);

/** Headers of any request; checksums are apart, for they may stand behind the body (payload.ts). */
export const HEADERS: ReadonlyMap<string, string> = new Map([
  ["if-match", "IfMatch"],
  ["if-none-match", "IfNoneMatch"],
  ["if-modified-since", "IfModifiedSince"],
  ["if-unmodified-since", "IfUnmodifiedSince"],
  ["range", "Range"],
  ["x-amz-checksum-mode", "ChecksumMode"],
  ["x-amz-checksum-algorithm", "ChecksumAlgorithm"],
  ["x-amz-checksum-type", "ChecksumType"],
  ["x-amz-acl", "ACL"],
  ["x-amz-tagging", "Tagging"],
  ["x-amz-tagging-directive", "TaggingDirective"],
  ["x-amz-metadata-directive", "MetadataDirective"],
  ["x-amz-storage-class", "StorageClass"],
  ["x-amz-server-side-encryption", "ServerSideEncryption"],
  ["x-amz-server-side-encryption-aws-kms-key-id", "SSEKMSKeyId"],
  ["x-amz-server-side-encryption-bucket-key-enabled", "BucketKeyEnabled"],
  ["x-amz-expected-bucket-owner", "ExpectedBucketOwner"],
  ["x-amz-copy-source", "CopySource"],
  ["x-amz-copy-source-if-match", "CopySourceIfMatch"],
  ["x-amz-copy-source-if-none-match", "CopySourceIfNoneMatch"],
  ["x-amz-copy-source-if-modified-since", "CopySourceIfModifiedSince"],
  ["x-amz-copy-source-if-unmodified-since", "CopySourceIfUnmodifiedSince"],
]);

/** Headers of a request that makes an object. */
export const HEADERS_OF_NEW_OBJECT: ReadonlyMap<string, string> = new Map([...HEADERS, ...ENTITY_HEADERS]);

/** Headers that are about the request, not about what it asks for. */
export const TRANSPORT_HEADERS: ReadonlySet<string> = new Set([
  ...checksumHeaders.map(([header]) => header),
  "x-amz-algorithm",
  "x-amz-content-sha256",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-decoded-content-length",
  "x-amz-expires",
  "x-amz-optional-object-attributes",
  "x-amz-request-payer",
  "x-amz-sdk-checksum-algorithm",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
  "x-amz-trailer",
  "x-amz-user-agent",
]);

/** Every header of S3's own; in a presigned URL they stand as parameters. */
export const AMZ_PREFIX = "x-amz-";
export const METADATA_PREFIX = "x-amz-meta-";

/** Parameters by name; those without a member only tell operations apart. */
export const PARAMETERS: ReadonlyMap<string, string | undefined> = new Map([
  ["versionId", "VersionId"],
  ["uploadId", "UploadId"],
  ["partNumber", "PartNumber"],
  ["prefix", "Prefix"],
  ["delimiter", "Delimiter"],
  ["encoding-type", "EncodingType"],
  ["max-keys", "MaxKeys"],
  ["start-after", "StartAfter"],
  ["continuation-token", "ContinuationToken"],
  ["fetch-owner", "FetchOwner"],
  ["key-marker", "KeyMarker"],
  ["version-id-marker", "VersionIdMarker"],
  ["upload-id-marker", "UploadIdMarker"],
  ["max-uploads", "MaxUploads"],
  ["max-parts", "MaxParts"],
  ["part-number-marker", "PartNumberMarker"],
  ["response-content-type", "ResponseContentType"],
  ["response-content-encoding", "ResponseContentEncoding"],
  ["response-content-disposition", "ResponseContentDisposition"],
  ["response-content-language", "ResponseContentLanguage"],
  ["response-cache-control", "ResponseCacheControl"],
  ["response-expires", "ResponseExpires"],
  ["x-id", undefined],
]);

/** Members of an answer that travel as headers, unless they stand in an XML document. */
export const ANSWER_HEADERS: ReadonlyMap<string, string> = new Map([
  ...[...ENTITY_HEADERS].map(([header, member]) => [member, header] as const),
  ...checksumHeaders.map(([header, member]) => [member, header] as const),
  ["ChecksumAlgorithm", "x-amz-checksum-algorithm"],
  ["ChecksumType", "x-amz-checksum-type"],
  ["ETag", "etag"],
  ["LastModified", "last-modified"],
  ["ContentLength", "content-length"],
  ["ContentRange", "content-range"],
  ["AcceptRanges", "accept-ranges"],
  ["TagCount", "x-amz-tagging-count"],
  ["BucketRegion", "x-amz-bucket-region"],
]);

/** Members of an answer that always travel as headers. */
export const ANSWER_AMZ_HEADERS: ReadonlyMap<string, string> = new Map([
  ["VersionId", "x-amz-version-id"],
  ["CopySourceVersionId", "x-amz-copy-source-version-id"],
  ["DeleteMarker", "x-amz-delete-marker"],
  ["ServerSideEncryption", "x-amz-server-side-encryption"],
  ["SSEKMSKeyId", "x-amz-server-side-encryption-aws-kms-key-id"],
  ["BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled"],
]);
