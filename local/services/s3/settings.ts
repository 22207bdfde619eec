/**
 * A bucket as the graph declares it: the bucket itself and the resources that configure it. What the stage does not do
 * is refused here, before anything runs.
 */
import { StageError } from "../../diagnostics";
import { describeResource, optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import { isRecord, type Properties, type Value } from "../../graph/value";
import type { AccountFacts } from "../model";
import { isPublicPolicy } from "./public-policy";
import { readRules, type LifecycleRule } from "./lifecycle";
import type { Encryption } from "./store/version";

export interface BucketSettings {
  /** What the ledger calls the bucket. */
  readonly urn: string;
  readonly name: string;
  readonly arn: string;
  /** `Off` means that it never was on. */
  readonly versioning: "Off" | "Enabled" | "Suspended";
  /** How objects are encrypted whose upload does not say. */
  readonly encryption: Encryption;
  readonly bucketKey: boolean;
  readonly publicAccess: PublicAccess;
  readonly lifecycle: readonly LifecycleRule[];
  readonly policy: { readonly source: string; readonly document: unknown } | undefined;
}

export interface PublicAccess {
  readonly blockPublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly ignorePublicAcls: boolean;
  readonly restrictPublicBuckets: boolean;
}

/** What a bucket may be declared with; every other property would change what it does. */
const BUCKET_PROPERTIES = ["bucket", "bucketPrefix", "forceDestroy", "objectLockEnabled", "tags", "region"];

/** Resources beside a bucket that the stage follows. */
const CONFIGURATIONS = {
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
  encryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  publicAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  ownership: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
} as const;

type Configurations = { readonly [name in keyof typeof CONFIGURATIONS]: Resource | undefined };

/** Every bucket of the graph. @throws StageError naming the resource that asks for what the stage does not do */
export function readBuckets(graph: Graph, facts: AccountFacts): BucketSettings[] {
  const buckets = graph.ofType("aws:s3/bucket:Bucket");
  const names = new Map<string, Resource>();
  for (const bucket of buckets) {
    const twin = names.get(textOf(bucket.outputs, "bucket"));
    if (twin !== undefined) refuse(bucket, `has the name of ${describeResource(twin)}: a bucket's name is its own`);
    names.set(textOf(bucket.outputs, "bucket"), bucket);
  }
  for (const type of Object.values(CONFIGURATIONS)) {
    const stray = graph.ofType(type).find(({ inputs }) => !names.has(textOf(inputs, "bucket")));
    if (stray !== undefined)
      refuse(stray, `configures ${textOf(stray.inputs, "bucket")}, which is no bucket of this graph`);
  }
  return buckets.map((bucket) => readBucket(bucket, configurationsOf(graph, bucket), facts));
}

function configurationsOf(graph: Graph, bucket: Resource): Configurations {
  const found = Object.entries(CONFIGURATIONS).map(([name, type]) => {
    const [first, second] = graph.ofType(type).filter(({ inputs }) => inputs["bucket"] === bucket.outputs["bucket"]);
    if (second !== undefined) refuse(second, `configures the bucket a second time: a bucket has one ${name}`);
    return [name, first] as const;
  });
  return Object.fromEntries(found) as Configurations;
}

function readBucket(bucket: Resource, configured: Configurations, facts: AccountFacts): BucketSettings {
  const strange = Object.keys(bucket.inputs).find((name) => !BUCKET_PROPERTIES.includes(name));
  if (strange !== undefined) {
    refuse(bucket, `has ${strange}, which the local stage does not do: leave it out, or use the resource made for it`);
  }
  if (bucket.inputs["objectLockEnabled"] === true)
    refuse(bucket, "asks for object lock, which the local stage does not do");
  const publicAccess = readPublicAccess(configured.publicAccess);
  checkOwnership(configured.ownership);
  return {
    urn: bucket.urn,
    name: textOf(bucket.outputs, "bucket"),
    arn: textOf(bucket.outputs, "arn"),
    versioning: readVersioning(configured.versioning),
    ...readEncryption(configured.encryption, facts),
    publicAccess,
    lifecycle: inNameOf(configured.lifecycle, ({ inputs }) => readRules(inputs["rules"])) ?? [],
    policy: readPolicy(configured.policy, publicAccess),
  };
}

function readVersioning(resource: Resource | undefined): BucketSettings["versioning"] {
  if (resource === undefined) return "Off";
  const configuration = propertiesOf(resource.inputs["versioningConfiguration"]);
  if (configuration["mfaDelete"] === "Enabled")
    refuse(resource, "asks for MFA delete, which the local stage does not do");
  const status = configuration["status"];
  if (status === "Enabled" || status === "Suspended") return status;
  if (status === "Disabled") return "Off";
  return refuse(resource, `status must be Enabled, Suspended or Disabled, got ${JSON.stringify(status)}`);
}

/** Without a configuration S3 encrypts with a key of its own. */
function readEncryption(
  resource: Resource | undefined,
  facts: AccountFacts,
): Pick<BucketSettings, "encryption" | "bucketKey"> {
  if (resource === undefined) return { encryption: { algorithm: "AES256" }, bucketKey: false };
  const rules = resource.inputs["rules"];
  const [rule] = Array.isArray(rules) ? (rules as readonly Value[]) : [];
  const byDefault = propertiesOf(propertiesOf(rule)["applyServerSideEncryptionByDefault"]);
  const algorithm = byDefault["sseAlgorithm"] ?? "AES256";
  const bucketKey = propertiesOf(rule)["bucketKeyEnabled"] === true;
  if (algorithm === "AES256") return { encryption: { algorithm }, bucketKey };
  if (algorithm !== "aws:kms") {
    refuse(resource, `encrypts by ${JSON.stringify(algorithm)}; the local stage does AES256 and aws:kms`);
  }
  const key = optionalText(byDefault, "kmsMasterKeyId");
  if (key === undefined) return { encryption: { algorithm }, bucketKey };
  const keyArn = keyArnOf(key, facts);
  if (keyArn === undefined) refuse(resource, `names its key ${key}; the local stage follows ARNs and ids, not aliases`);
  return { encryption: { algorithm, keyArn }, bucketKey };
}

/** The ARN of a key that is named by its ARN or id; nothing for an alias. */
export function keyArnOf(key: string, { partition, region, account }: AccountFacts): string | undefined {
  if (key.startsWith("arn:")) return key.includes(":key/") ? key : undefined;
  return /^(mrk-)?[0-9a-f-]{32,36}$/.test(key) ? `arn:${partition}:kms:${region}:${account}:key/${key}` : undefined;
}

/** A new bucket is closed on all four sides. Source: S3 User Guide, "Blocking public access to your S3 storage". */
function readPublicAccess(resource: Resource | undefined): PublicAccess {
  const blocks = (side: keyof PublicAccess): boolean => resource === undefined || resource.inputs[side] === true;
  return {
    blockPublicAcls: blocks("blockPublicAcls"),
    blockPublicPolicy: blocks("blockPublicPolicy"),
    ignorePublicAcls: blocks("ignorePublicAcls"),
    restrictPublicBuckets: blocks("restrictPublicBuckets"),
  };
}

function checkOwnership(resource: Resource | undefined): void {
  if (resource === undefined) return;
  const ownership = propertiesOf(resource.inputs["rule"])["objectOwnership"];
  if (ownership === "BucketOwnerEnforced") return;
  refuse(resource, `leaves ACLs on (${JSON.stringify(ownership)}); the local stage knows BucketOwnerEnforced only`);
}

function readPolicy(resource: Resource | undefined, { blockPublicPolicy }: PublicAccess): BucketSettings["policy"] {
  if (resource === undefined) return undefined;
  const policy = { source: describeResource(resource), document: resource.inputs["policy"] };
  if (!isPublicPolicy(policy.document, policy.source)) return policy;
  return refuse(
    resource,
    blockPublicPolicy
      ? "is public, and the bucket's public access block refuses public policies: name principals, or bound it by a condition"
      : "is public, and the local stage serves nobody without credentials: name principals, or bound it by a condition",
  );
}

function propertiesOf(value: Value | undefined): Properties {
  return isRecord(value) ? value : {};
}

function refuse(resource: Resource, reason: string): never {
  throw new StageError(`${describeResource(resource)} ${reason}`);
}

/** Reads something of a resource; an error is the resource's. */
function inNameOf<T>(resource: Resource | undefined, read: (resource: Resource) => T): T | undefined {
  if (resource === undefined) return undefined;
  try {
    return read(resource);
  } catch (error) {
    if (error instanceof StageError) refuse(resource, `(${error.message})`);
    throw error;
  }
}
