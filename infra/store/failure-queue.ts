/** Where batches go that a function could not process in all its attempts: what they were, for two weeks. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { seconds } from "../core/units";
import { holdingOnto } from "./durability";

export interface FailureQueueArgs {
  readonly on: Foundation;
}

export class FailureQueue extends ClickstreamComponent {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly #logicalName: string;
  readonly #on: Foundation;

  constructor(name: string, args: FailureQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    // Shown with the queue's pattern, so that policies can judge it while the queue has no name.
    const shown = { resourcePolicy: tlsOnly(patternOf(name, args.on)) };
    super("clickstream:store:FailureQueue", name, shown, opts);
    this.#on = args.on;
    this.#logicalName = name;

    const queue = new aws.sqs.Queue(
      name,
      {
        messageRetentionSeconds: seconds("14 days"),
        kmsMasterKeyId: args.on.key.arn,
        kmsDataKeyReusePeriodSeconds: seconds("1 hour"),
      },
      this.child(holdingOnto(args.on)),
    );
    new aws.sqs.QueuePolicy(
      name,
      { queueUrl: queue.url, policy: pulumi.jsonStringify(tlsOnly(queue.arn)) },
      this.child(),
    );

    this.arn = queue.arn;
    this.name = queue.name;
    this.registerOutputs({ arn: this.arn, name: this.name, ...shown });
  }

  /** Sending what failed. */
  canSend(reason: string): Capability {
    return permits(
      {
        sid: `Send${this.#logicalName.replace(/[^A-Za-z0-9]/g, "")}`,
        reason,
        actions: ["sqs:SendMessage"],
        targets: [{ arn: this.arn, pattern: patternOf(this.#logicalName, this.#on) }],
        idle: "used only when a batch fails in every attempt",
      },
      ...this.#on.key.canEncrypt("sqs", reason).statements.map((statement) => ({
        ...statement,
        actions: ["kms:Decrypt", "kms:GenerateDataKey"] as const,
        idle: "used only when a batch fails in every attempt",
      })),
    );
  }
}

function patternOf(name: string, { place: { partition, region } }: Foundation): string {
  return `arn:${partition}:sqs:${region}:*:${name}-*`;
}

function tlsOnly(arn: pulumi.Input<string>): pulumi.Input<unknown> {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
