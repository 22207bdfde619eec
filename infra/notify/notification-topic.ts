/** A topic that tells people: by e-mail, and by text message where a number is given. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { InputProblems } from "../core/problems";

export interface NotificationTopicArgs {
  readonly on: Foundation;
  readonly email: string;
  /** A number in international form. @default - no text messages */
  readonly phone?: pulumi.Output<string>;
  /** What people see as the sender of a text message: at most 11 characters. */
  readonly sender: string;
  /** AWS services of this account that publish by themselves, e.g. `cloudwatch.amazonaws.com`. @default - none */
  readonly services?: readonly string[];
}

export class NotificationTopic extends ClickstreamComponent {
  readonly arn: pulumi.Output<string>;
  readonly #logicalName: string;
  readonly #on: Foundation;

  constructor(name: string, args: NotificationTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    planNotificationTopic(name, args);
    const { on, services = [] } = args;
    // Shown with the topic's pattern, so that policies can judge it while the topic has no name.
    const shown = { resourcePolicy: topicPolicy(patternOf(name, on), on, services) };
    super("clickstream:notify:NotificationTopic", name, shown, opts);
    this.#on = on;
    this.#logicalName = name;

    const topic = new aws.sns.Topic(name, { displayName: args.sender, kmsMasterKeyId: on.key.arn }, this.child());
    const policy = new aws.sns.TopicPolicy(
      name,
      { arn: topic.arn, policy: pulumi.jsonStringify(topicPolicy(topic.arn, on, services)) },
      this.child(),
    );
    new aws.sns.TopicSubscription(
      `${name}-email`,
      { topic: topic.arn, protocol: "email", endpoint: args.email },
      this.child(),
    );
    if (args.phone !== undefined) {
      new aws.sns.TopicSubscription(
        `${name}-sms`,
        { topic: topic.arn, protocol: "sms", endpoint: args.phone },
        this.child({ additionalSecretOutputs: ["endpoint"] }),
      );
    }

    // Whoever publishes does so under the policy.
    this.arn = policy.arn;
    this.registerOutputs({ arn: this.arn, ...shown });
  }

  canPublish(reason: string): Capability {
    const encrypting = this.#on.key.canEncrypt("sns", reason).statements;
    const decrypting = this.#on.key.canDecrypt("sns", reason).statements;
    return permits(
      {
        sid: `Publish${this.#logicalName.replace(/[^A-Za-z0-9]/g, "")}`,
        reason,
        actions: ["sns:Publish"],
        targets: [{ arn: this.arn, pattern: patternOf(this.#logicalName, this.#on) }],
      },
      // An encrypted topic asks its publisher for both.
      ...encrypting,
      ...decrypting,
    );
  }
}

/** @throws pulumi.InputPropertiesError */
export function planNotificationTopic(
  name: string,
  { email, sender }: Pick<NotificationTopicArgs, "email" | "sender">,
): void {
  const problems = new InputProblems(`NotificationTopic ${name}`);
  problems.expect(/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email), "email", email, "an e-mail address");
  problems.expect(/^[A-Za-z0-9-]{1,11}$/.test(sender), "sender", sender, "1..11 letters, digits and hyphens");
  problems.throwIfAny();
}

function patternOf(name: string, { place: { partition, region } }: Foundation): string {
  return `arn:${partition}:sns:${region}:*:${name}-*`;
}

function topicPolicy(
  arn: pulumi.Input<string>,
  { place }: Foundation,
  services: readonly string[],
): pulumi.Input<unknown> {
  const fromServices = {
    Sid: "ServicesOfThisAccount",
    Effect: "Allow",
    Principal: { Service: services },
    Action: "sns:Publish",
    Resource: arn,
    Condition: { StringEquals: { "aws:SourceAccount": place.account } },
  };
  const tlsOnly = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "sns:Publish",
    Resource: arn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return { Version: "2012-10-17", Statement: services.length > 0 ? [fromServices, tlsOnly] : [tlsOnly] };
}
