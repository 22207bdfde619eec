/**
 * The bucket of the releases: what the machine is started with, templates, previews, evidence of every inspection, updates,
 * and approvals. Each role reaches the prefixes that it works with, and no other.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { at, permits, type Action, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { LakeBucket } from "../store/lake-bucket";

/** What stands where: `.pulumi` is the state of its stacks; nothing is the whole bucket, whose keys CodePipeline chooses. */
export type Prefix =
  "inputs" | "templates" | "previews" | "evidence" | "updates" | "approvals" | "revisions" | ".pulumi" | "";

const OF_THE_CLI = "the Pulumi CLI uses it, and nothing else";

export class ReleaseStore extends ClickstreamComponent {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** `releases-1234567.s3.eu-west-1.amazonaws.com`: by which CloudFormation reads templates. */
  readonly host: pulumi.Output<string>;
  readonly #logicalName: string;
  readonly #on: Foundation;

  constructor(name: string, args: { readonly on: Foundation }, opts?: pulumi.ComponentResourceOptions) {
    super("clickstream:release:ReleaseStore", name, {}, opts);
    this.#logicalName = name;
    this.#on = args.on;
    const bucket = new LakeBucket(name, { on: args.on }, { parent: this });
    this.name = bucket.name;
    this.arn = bucket.arn;
    this.host = pulumi.interpolate`${bucket.name}.s3.${args.on.place.region}.${domainOf(args.on)}`;
    this.registerOutputs({ name: this.name });
  }

  /** Puts a text there, by the program itself. */
  keep(name: string, key: string, content: pulumi.Input<string>): void {
    new aws.s3.BucketObjectv2(name, { bucket: this.name, key, content, contentType: "application/json" }, this.child());
  }

  canRead(prefix: Prefix, reason: string, idle?: string): Capability {
    return permits(this.#objects("Read", prefix, ["s3:GetObject"], reason, idle), ...this.#decrypting(reason));
  }

  canWrite(prefix: Prefix, reason: string, idle?: string): Capability {
    return permits(
      this.#objects("Write", prefix, ["s3:PutObject"], reason, idle),
      ...this.#on.key.canEncrypt("s3", reason).statements,
    );
  }

  /** Handing artifacts on, as CodePipeline asks for it: what our actions read they read as roles of their own. */
  canHandOn(reason: string): Capability {
    const idle = "CodePipeline uses it for actions that it carries out itself";
    const reading = [this.#objects("Read", "", ["s3:GetObject"], reason), ...this.#decrypting(reason)];
    return permits(
      ...this.canWrite("", reason).statements,
      ...reading.map((statement) => ({ ...statement, sid: `HandOn${statement.sid}`, idle })),
    );
  }

  /** Where a key is looked for that may not be there, which S3 only tells those who may list. */
  canLookFor(prefix: Prefix, reason: string): Capability {
    return permits(
      ...this.canRead(prefix, reason, "there are approvals only where someone approved").statements,
      this.#listing(prefix, reason),
    );
  }

  /** The state of Pulumi's stacks: its checkpoints, their history, and the locks. */
  canKeepState(reason: string): Capability {
    return permits(
      this.#objects("Keep", ".pulumi", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], reason, OF_THE_CLI),
      this.#listing(".pulumi", reason),
      ...this.#on.key.canEncrypt("s3", reason).statements,
      ...this.#decrypting(reason),
    );
  }

  canSeeState(reason: string): Capability {
    return permits(...this.canRead(".pulumi", reason, OF_THE_CLI).statements, this.#listing(".pulumi", reason));
  }

  /** Names the bucket to a function. */
  asEnvironment(capability: Capability, variable = "RELEASE_BUCKET"): Capability {
    return at(capability, { [variable]: this.name });
  }

  #decrypting(reason: string): Capability["statements"] {
    return this.#on.key.canDecrypt("s3", reason).statements;
  }

  #objects(
    verb: string,
    prefix: Prefix,
    actions: readonly Action[],
    reason: string,
    idle?: string,
  ): Capability["statements"][number] {
    const keys = prefix === "" ? "*" : `${prefix}/*`;
    return {
      sid: `${verb}${this.#noun}${prefix.replace(".", "")}`,
      reason,
      actions,
      targets: [{ arn: pulumi.interpolate`${this.arn}/${keys}`, pattern: `${this.#pattern}/${keys}` }],
      ...(idle === undefined ? {} : { idle }),
    };
  }

  #listing(prefix: Prefix, reason: string): Capability["statements"][number] {
    return {
      sid: `List${this.#noun}${prefix.replace(".", "")}`,
      reason,
      actions: ["s3:ListBucket"],
      targets: [{ arn: this.arn, pattern: this.#pattern }],
      // No condition on the prefix: the request for a key that is not there brings none.
      idle: "S3 asks for it only where a key is not there",
    };
  }

  get #noun(): string {
    return this.#logicalName.replace(/[^A-Za-z0-9]/g, "");
  }

  get #pattern(): string {
    return `arn:${this.#on.place.partition}:s3:::${this.#logicalName}-*`;
  }
}

function domainOf({ place }: Foundation): string {
  return place.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}
