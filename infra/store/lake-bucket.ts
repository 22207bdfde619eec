/**
 * A bucket of the data lake: versioned, encrypted with the stage's key, closed to the public, reached by TLS only, and
 * bounded by a lifecycle.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { permits, type Action, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { InputProblems } from "../core/problems";
import { days, parseDuration, type Duration } from "../core/units";
import { holdingOnto } from "./durability";

export interface LakeBucketArgs {
  readonly on: Foundation;
  /** How long objects are kept. @default - for ever */
  readonly retention?: Duration;
}

/** How long an object that was overwritten or deleted can still be brought back. */
const NONCURRENT_DAYS = 30;
const UNFINISHED_UPLOAD_DAYS = 7;

export class LakeBucket extends ClickstreamComponent {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly #logicalName: string;
  readonly #on: Foundation;

  constructor(name: string, args: LakeBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planLakeBucket(name, args);
    // Shown with the bucket's pattern, so that policies can judge it while the bucket has no name.
    const shown = { resourcePolicy: tlsOnly(patternOf(name, args.on)) };
    super("clickstream:store:LakeBucket", name, shown, opts);
    this.#on = args.on;
    this.#logicalName = name;

    const bucket = new aws.s3.Bucket(name, { forceDestroy: plan.forceDestroy }, this.child(holdingOnto(args.on)));
    const of = { bucket: bucket.bucket };
    new aws.s3.BucketVersioning(name, { ...of, versioningConfiguration: { status: "Enabled" } }, this.child());
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      {
        ...of,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.on.key.arn },
            bucketKeyEnabled: true,
          },
        ],
      },
      this.child(),
    );
    const closed = new aws.s3.BucketPublicAccessBlock(
      name,
      { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      this.child(),
    );
    new aws.s3.BucketOwnershipControls(name, { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } }, this.child());
    new aws.s3.BucketPolicy(
      name,
      { ...of, policy: pulumi.jsonStringify(tlsOnly(bucket.arn)) },
      // S3 refuses two changes of a bucket's access at the same time.
      this.child({ dependsOn: [closed] }),
    );
    new aws.s3.BucketLifecycleConfiguration(name, { ...of, rules: plan.lifecycle }, this.child());

    this.arn = bucket.arn;
    this.name = bucket.bucket;
    this.registerOutputs({ arn: this.arn, name: this.name, ...shown });
  }

  /**
   * Writing objects under a prefix, e.g. `beacons/`; never reading or deleting them.
   * @param idle why a normal run never does, where that is so
   */
  canWrite(prefix: string, reason: string, idle?: string): Capability {
    return permits(
      { ...this.#objects("Write", prefix, ["s3:PutObject"], reason), ...(idle === undefined ? {} : { idle }) },
      ...this.#on.key.canEncrypt("s3", reason).statements,
    );
  }

  /** What Firehose asks for beside writing, used only for uploads in several parts and for checking the bucket. */
  canDeliver(prefix: string, reason: string): Capability {
    const idle = "Firehose asks for it; it is used when a delivery is large enough to be uploaded in parts";
    return permits(
      ...this.canWrite(prefix, reason).statements,
      { ...this.#objects("UploadPartsTo", prefix, ["s3:AbortMultipartUpload", "s3:GetObject"], reason), idle },
      {
        sid: `Inspect${this.#noun}`,
        reason,
        actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        targets: [{ arn: this.arn, pattern: this.#pattern }],
        idle,
      },
    );
  }

  #objects(verb: string, prefix: string, actions: readonly Action[], reason: string): Capability["statements"][number] {
    return {
      sid: `${verb}${this.#noun}${prefix.replace(/[^A-Za-z0-9]/g, "")}`,
      reason,
      actions,
      targets: [{ arn: pulumi.interpolate`${this.arn}/${prefix}*`, pattern: `${this.#pattern}/${prefix}*` }],
    };
  }

  get #noun(): string {
    return `${this.#logicalName.replace(/[^A-Za-z0-9]/g, "")}Bucket`;
  }

  get #pattern(): string {
    return patternOf(this.#logicalName, this.#on);
  }
}

function patternOf(name: string, { place }: Foundation): string {
  return `arn:${place.partition}:s3:::${name}-*`;
}

export interface LakeBucketPlan {
  readonly forceDestroy: boolean;
  readonly lifecycle: pulumi.Unwrap<aws.types.input.s3.BucketLifecycleConfigurationRule>[];
}

/** @throws pulumi.InputPropertiesError */
export function planLakeBucket(
  name: string,
  { on, retention }: Pick<LakeBucketArgs, "retention"> & { on: Pick<Foundation, "durability"> },
): LakeBucketPlan {
  const problems = new InputProblems(`LakeBucket ${name}`);
  const kept = retention === undefined ? undefined : (parseDuration(retention) ?? 0) / 86_400;
  problems.expect(
    kept === undefined || (Number.isInteger(kept) && kept >= 1),
    "retention",
    retention,
    'whole days, at least "1 day"',
  );
  problems.throwIfAny();
  return {
    forceDestroy: on.durability === "disposable",
    lifecycle: [
      {
        id: "bounded",
        status: "Enabled",
        filter: { prefix: "" },
        ...(retention === undefined ? {} : { expiration: { days: days(retention) } }),
        noncurrentVersionExpiration: { noncurrentDays: NONCURRENT_DAYS },
        abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_UPLOAD_DAYS },
      },
    ],
  };
}

function tlsOnly(arn: pulumi.Input<string>): pulumi.Input<unknown> {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, pulumi.interpolate`${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
