/** The open buckets of a stage, by name, and the permissions that a call on them needs. */
import type { AccountFacts } from "../model";
import { keyChecks } from "../kms/checks";
import { AwsError, type Check } from "../service";
import { hiddenByMarker, isMarker, noSuchBucket, noSuchKey, noSuchVersion } from "./errors";
import type { BucketSettings } from "./settings";
import type { Bucket } from "./store/bucket";
import type { Encryption, StoredObject } from "./store/version";

export interface OpenBucket {
  readonly settings: BucketSettings;
  readonly store: Bucket;
}

export interface BucketRef {
  readonly Bucket: string;
  /** Twelve digits: who calls wants no other owner's bucket. */
  readonly ExpectedBucketOwner?: string | undefined;
}

export interface ObjectRef extends BucketRef {
  readonly Key: string;
  readonly VersionId?: string | undefined;
}

type Context = Readonly<Record<string, string | undefined>>;

export class Buckets {
  readonly #byName: ReadonlyMap<string, OpenBucket>;

  constructor(
    readonly facts: AccountFacts,
    buckets: readonly OpenBucket[],
  ) {
    this.#byName = new Map(buckets.map((bucket) => [bucket.settings.name, bucket]));
  }

  get all(): readonly OpenBucket[] {
    return [...this.#byName.values()];
  }

  /** @throws AwsError when there is none of that name, or it has another owner than the caller expects */
  get({ Bucket: name, ExpectedBucketOwner: owner }: BucketRef): OpenBucket {
    const bucket = this.#byName.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    if (owner !== undefined && owner !== this.facts.account) throw new AwsError("AccessDenied", "Access Denied", 403);
    return bucket;
  }

  /** The version asked for, or the current one; else why there is nothing to be read. */
  lookUp(ref: ObjectRef): StoredObject | AwsError {
    const { Key, VersionId } = ref;
    const versions = this.get(ref).store.index.versionsOf(Key);
    const version = VersionId === undefined ? versions[0] : versions.find(({ id }) => id === VersionId);
    if (version?.kind === "object") return version;
    if (VersionId === undefined) return version === undefined ? noSuchKey(Key) : hiddenByMarker(Key, version.id);
    return version === undefined ? noSuchVersion(Key, VersionId) : isMarker(VersionId);
  }

  /** An object that a crash will not take back. @throws AwsError when there is none to be read */
  async read(ref: ObjectRef): Promise<StoredObject> {
    const found = this.lookUp(ref);
    await this.get(ref).store.settled();
    if (found instanceof AwsError) throw found;
    return found;
  }

  /** A permission on a bucket. */
  onBucket(ref: BucketRef, action: string, context: Context = {}): Check {
    return { action: `s3:${action}`, resource: this.get(ref).settings.arn, context: given(context) };
  }

  /** A permission on an object. */
  onObject(ref: ObjectRef, action: string, context: Context = {}): Check {
    return { action: `s3:${action}`, resource: `${this.get(ref).settings.arn}/${ref.Key}`, context: given(context) };
  }

  /**
   * The permissions to read an object: to learn that it is not there, one must be allowed to list the bucket.
   * Source: S3 API reference, GetObject, "Permissions".
   */
  reading(ref: ObjectRef): readonly Check[] {
    const { VersionId } = ref;
    const object = this.lookUp(ref);
    return [
      this.onObject(ref, VersionId === undefined ? "GetObject" : "GetObjectVersion", { "s3:VersionId": VersionId }),
      ...(object instanceof AwsError
        ? [this.onBucket(ref, "ListBucket")]
        : this.onKey(object.encryption, "kms:Decrypt")),
    ];
  }

  /** Comparing an ETag is reading. Source: S3 User Guide, "Conditional requests". */
  comparing(ref: ObjectRef & { readonly IfMatch?: string | undefined }): readonly Check[] {
    return ref.IfMatch === undefined || ref.IfMatch === "*" ? [] : [this.onObject(ref, "GetObject")];
  }

  /** The permissions on the key that encrypts. */
  onKey(encryption: Encryption, ...actions: Parameters<typeof keyChecks>[3][]): readonly Check[] {
    const keyArn = encryption.algorithm === "aws:kms" ? encryption.keyArn : undefined;
    return keyChecks(keyArn, "s3", this.facts, ...actions);
  }
}

function given(context: Context): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(context).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
