/**
 * Which operation a request names, by its method, what its path names, and the parameter or header that tells it from
 * others. The first that fits counts. Source: S3 API reference.
 */
import type { XmlElement } from "./xml";
import { readCompletion, readDeletion, readTagSet } from "./documents";

export interface Route {
  readonly operation: string;
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly on: "account" | "bucket" | "object";
  /** A parameter that must be there. */
  readonly parameter?: string;
  /** A header that must be there. */
  readonly header?: string;
  /** The body is the object's bytes, or an XML document that becomes a member. */
  readonly body?: "content" | { readonly member: string; readonly read: (root: XmlElement) => unknown };
  /** True when entity headers (Content-Type and the like) describe a new object. */
  readonly describes?: true;
  /** Checksums in headers are of the finished object, not of the body. */
  readonly checksumsObject?: true;
  readonly answer?: Answer;
  /** @default 200, or 206 for a part of an object */
  readonly status?: 204;
}

/** What an answer carries beside headers; nothing when it is left out. */
export type Answer =
  | { readonly kind: "content" }
  /** One member as it is. */
  | { readonly kind: "text"; readonly member: string }
  /** Every member that is no header, or the one named, as an XML document. */
  | { readonly kind: "xml"; readonly root: string; readonly member?: string; readonly headers?: readonly string[] };

const xml = (root: string, member?: string): Answer => ({ kind: "xml", root, ...(member && { member }) });

export const ROUTES: readonly Route[] = [
  { operation: "ListBuckets", method: "GET", on: "account", answer: xml("ListAllMyBucketsResult") },

  { operation: "HeadBucket", method: "HEAD", on: "bucket" },
  ...bucketRead("GetBucketLocation", "location", xml("LocationConstraint", "LocationConstraint")),
  ...bucketRead("GetBucketVersioning", "versioning", xml("VersioningConfiguration")),
  ...bucketRead("GetBucketEncryption", "encryption", member("ServerSideEncryptionConfiguration")),
  ...bucketRead("GetPublicAccessBlock", "publicAccessBlock", member("PublicAccessBlockConfiguration")),
  ...bucketRead("GetBucketOwnershipControls", "ownershipControls", member("OwnershipControls")),
  ...bucketRead("GetBucketPolicyStatus", "policyStatus", member("PolicyStatus")),
  ...bucketRead("GetBucketPolicy", "policy", { kind: "text", member: "Policy" }),
  ...bucketRead("GetBucketLifecycleConfiguration", "lifecycle", xml("LifecycleConfiguration")),
  ...bucketRead("ListObjectVersions", "versions", xml("ListVersionsResult")),
  ...bucketRead("ListMultipartUploads", "uploads", xml("ListMultipartUploadsResult")),
  ...bucketRead("ListObjectsV2", "list-type", xml("ListBucketResult")),
  {
    operation: "DeleteObjects",
    method: "POST",
    on: "bucket",
    parameter: "delete",
    body: { member: "Delete", read: readDeletion },
    answer: xml("DeleteResult"),
  },

  { operation: "GetObjectTagging", method: "GET", on: "object", parameter: "tagging", answer: xml("Tagging") },
  { operation: "ListParts", method: "GET", on: "object", parameter: "uploadId", answer: xml("ListPartsResult") },
  { operation: "GetObject", method: "GET", on: "object", answer: { kind: "content" } },
  { operation: "HeadObject", method: "HEAD", on: "object" },
  {
    operation: "PutObjectTagging",
    method: "PUT",
    on: "object",
    parameter: "tagging",
    body: { member: "Tagging", read: readTagSet },
  },
  { operation: "UploadPart", method: "PUT", on: "object", parameter: "uploadId", body: "content" },
  {
    operation: "CopyObject",
    method: "PUT",
    on: "object",
    header: "x-amz-copy-source",
    describes: true,
    answer: xml("CopyObjectResult", "CopyObjectResult"),
  },
  { operation: "PutObject", method: "PUT", on: "object", body: "content", describes: true },
  {
    operation: "CreateMultipartUpload",
    method: "POST",
    on: "object",
    parameter: "uploads",
    describes: true,
    answer: {
      kind: "xml",
      root: "InitiateMultipartUploadResult",
      headers: ["ChecksumAlgorithm", "ChecksumType"],
    },
  },
  {
    operation: "CompleteMultipartUpload",
    method: "POST",
    on: "object",
    parameter: "uploadId",
    body: { member: "MultipartUpload", read: readCompletion },
    checksumsObject: true,
    answer: xml("CompleteMultipartUploadResult"),
  },
  { operation: "DeleteObjectTagging", method: "DELETE", on: "object", parameter: "tagging", status: 204 },
  { operation: "AbortMultipartUpload", method: "DELETE", on: "object", parameter: "uploadId", status: 204 },
  { operation: "DeleteObject", method: "DELETE", on: "object", status: 204 },
];

function bucketRead(operation: string, parameter: string, answer: Answer): Route[] {
  return [{ operation, method: "GET", on: "bucket", parameter, answer }];
}

/** An answer whose document is the member of the same name. */
function member(name: string): Answer {
  return xml(name, name);
}

export const ROUTE_OF: ReadonlyMap<string, Route> = new Map(ROUTES.map((route) => [route.operation, route]));
