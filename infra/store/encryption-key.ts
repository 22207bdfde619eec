/**
 * The key that encrypts everything the stage keeps: streams, buckets, tables, queues, topics, logs. Principals reach it
 * only through the service that holds the data (kms:ViaService); the key's policy leaves the rest to IAM.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { permits, type Action, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Durability, Place } from "../core/foundation";
import { holdingOnto } from "./durability";

/** A service that encrypts with the key on behalf of whoever calls it. */
export type KeyedService = "kinesis" | "s3" | "dynamodb" | "sns" | "sqs";

export interface EncryptionKeyArgs {
  readonly place: Place;
  readonly durability: Durability;
  /** AWS services of this account that send encrypted notifications by themselves. @default - CloudWatch, for alarms */
  readonly notifiers?: readonly string[];
}

export class EncryptionKey extends ClickstreamComponent {
  readonly arn: pulumi.Output<string>;
  readonly #place: Place;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("clickstream:store:EncryptionKey", name, {}, opts);
    this.#place = args.place;

    const key = new aws.kms.Key(
      name,
      {
        description: "Encrypts what the clickstream platform keeps",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: pulumi.jsonStringify(keyPolicy(args.place, args.notifiers ?? ["cloudwatch.amazonaws.com"])),
      },
      this.child(holdingOnto(args)),
    );
    new aws.kms.Alias(name, { namePrefix: "alias/clickstream-", targetKeyId: key.keyId }, this.child());

    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }

  /** Encrypting new data through a service. */
  canEncrypt(through: KeyedService, reason: string): Capability {
    return this.#through(through, ["kms:GenerateDataKey"], reason);
  }

  /** Reading data back through a service. */
  canDecrypt(through: KeyedService, reason: string): Capability {
    return this.#through(through, ["kms:Decrypt"], reason);
  }

  #through(service: KeyedService, actions: readonly Action[], reason: string): Capability {
    const { partition, region } = this.#place;
    return permits({
      sid: `KeyThrough${service.charAt(0).toUpperCase()}${service.slice(1)}`,
      reason,
      actions,
      targets: [{ arn: this.arn, pattern: `arn:${partition}:kms:${region}:*:key/*` }],
      conditions: { StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` } },
    });
  }
}

/** The account administers the key; log groups and alarms, which no role of ours acts for, use it by their services. */
function keyPolicy({ partition, region, account }: Place, notifiers: readonly string[]): pulumi.Input<unknown> {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountAdministersByIam",
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "LogGroupsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: [
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:Encrypt",
          "kms:GenerateDataKey",
          "kms:ReEncryptFrom",
          "kms:ReEncryptTo",
        ],
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:${partition}:logs:${region}:${account}:log-group:*`,
          },
        },
      },
      {
        Sid: "NotifiersOfThisAccount",
        Effect: "Allow",
        Principal: { Service: notifiers },
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  };
}
