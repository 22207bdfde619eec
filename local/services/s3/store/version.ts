/** What a bucket keeps: versions of objects, markers of deletions, and uploads that are not finished. */
import type { Checksum, ChecksumAlgorithm } from "../checksum";

/** A run of an object's bytes in a file of its own. */
export interface Blob {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
}

/** The headers that come back with an object as they were given. */
export interface ContentHeaders {
  readonly ContentType?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly Expires?: string | undefined;
}

export type Encryption =
  | { readonly algorithm: "AES256" }
  /** Without a key ARN it is AWS's own key for S3, which asks nobody for permission. */
  | { readonly algorithm: "aws:kms"; readonly keyArn?: string | undefined };

/** What is decided about an object when its upload begins. */
export interface Description {
  readonly headers: ContentHeaders;
  /** Names in lower case, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly encryption: Encryption;
}

export interface StoredObject extends Description {
  readonly kind: "object";
  /** `null` where versioning was off. */
  readonly id: string;
  /** Milliseconds since the epoch, whole seconds as S3 keeps them. */
  readonly modified: number;
  /** Hexadecimal, without quotation marks. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly blobs: readonly Blob[];
  readonly checksum?: Checksum | undefined;
}

export interface DeleteMarker {
  readonly kind: "marker";
  readonly id: string;
  readonly modified: number;
}

export type Version = StoredObject | DeleteMarker;

export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly modified: number;
  readonly blob: Blob;
  readonly checksum?: Checksum | undefined;
}

export interface Upload extends Description {
  readonly id: string;
  readonly key: string;
  readonly begun: number;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: Checksum["type"] } | undefined;
}

/** The id of the one version that an object without versioning has. */
export const NULL_VERSION = "null";
