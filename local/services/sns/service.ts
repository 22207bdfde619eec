/**
 * Simple Notification Service: the graph's standard topics. People's messages end in a mailbox, machines' are delivered;
 * a publication is acknowledged when it is on disk. Subscriptions are the graph's: to subscribe by a call is refused, as
 * is a text to a number without a topic. Lists come in one page. Limits and messages follow the SNS API reference.
 */
import { z } from "zod";
import { Journal } from "../../durable/journal";
import type { ServiceContext } from "../context";
import { keyChecks } from "../kms/checks";
import { AwsError, operation, type Check, type Operation, type Service } from "../service";
import { runBatch } from "../sqs/batch";
import { snsBinding } from "./binding";
import { Courier } from "./courier";
import type { Mail } from "./mailbox";
import { LONGEST_TEXT, notify } from "./notification";
import { Outbox, type Change, type Delivery, type Snapshot } from "./outbox";
import { checkBatchSize, messageShape, readPublication, type Publication, type WireMessage } from "./publication";
import { readTopics, type Subscription, type Topic } from "./topic";

/** What may wait for queues and functions that take nothing: deliveries, and characters of their messages. */
const MOST_PENDING = 10_000;
const MOST_PENDING_CHARACTERS = 64 * 2 ** 20;

const topicArn = z.string().regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, "must be the ARN of a topic");
const onTopic = z.object({ TopicArn: topicArn });
const inOnePage = {
  NextToken: z.never("was never given out: the local stage lists everything in one page").optional(),
};

const publishShape = z
  .object({
    ...messageShape,
    TopicArn: topicArn.optional(),
    TargetArn: topicArn.optional(),
    PhoneNumber: z.never("is not modelled by the local stage: subscribe the number to a topic").optional(),
  })
  .refine(({ TopicArn, TargetArn }) => (TopicArn === undefined) !== (TargetArn === undefined), {
    message: "one of TopicArn and TargetArn must be given",
  });

const batchShape = z.object({
  TopicArn: topicArn,
  PublishBatchRequestEntries: z
    .union([z.literal(""), z.array(z.object({ Id: z.string(), ...messageShape }))])
    .default("")
    .transform((listed) => (listed === "" ? [] : listed)),
});

export class SnsService implements Service {
  readonly signingName = "sns";
  readonly binding = snsBinding;
  readonly deniedCode = "AuthorizationError";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #topics: ReadonlyMap<string, Topic>;
  readonly #courier: Courier;
  /** What a run before this one left undelivered. */
  readonly #left: readonly Delivery[];

  static async open(context: ServiceContext): Promise<SnsService> {
    const topics = readTopics(context);
    const outbox = new Outbox();
    const journal = await Journal.open<Snapshot, Change>(context.folder("sns"), outbox, context.durable);
    return new SnsService(context, topics, outbox, journal);
  }

  private constructor(
    private readonly context: ServiceContext,
    topics: readonly Topic[],
    private readonly outbox: Outbox,
    private readonly journal: Journal<Snapshot, Change>,
  ) {
    this.#topics = new Map(topics.map((topic) => [topic.arn, topic]));
    this.#courier = new Courier(context, journal);
    this.#left = outbox.pending;
    this.operations = { ...this.#publishing(), ...this.#looking() };
  }

  /** E-mails and text messages that were sent: the newest 10,000, the oldest first. */
  get mailbox(): readonly Mail[] {
    return this.outbox.mailbox.mails;
  }

  /** Hears of each new mail once it is on disk; listeners must not throw. Answers how to stop. */
  onMail(listener: (mail: Mail) => void): () => void {
    return this.outbox.mailbox.onMail(listener);
  }

  start(): void {
    this.#courier.send(this.#left);
  }

  async close(): Promise<void> {
    await this.#courier.close();
    await this.journal.close();
  }

  #publishing(): Record<string, Operation> {
    const checks = (arn: string): readonly Check[] => [
      ...on("Publish", arn),
      ...keyChecks(this.#topics.get(arn)?.key?.arn, "sns", this.context.facts, "kms:GenerateDataKey", "kms:Decrypt"),
    ];
    return {
      Publish: operation({
        shape: publishShape,
        checks: ({ TopicArn, TargetArn }) => checks(TopicArn ?? TargetArn ?? ""),
        run: ({ TopicArn, TargetArn, ...message }) => this.#publish(TopicArn ?? TargetArn ?? "", message),
      }),
      PublishBatch: operation({
        shape: batchShape,
        checks: ({ TopicArn }) => checks(TopicArn),
        run: async ({ TopicArn, PublishBatchRequestEntries: entries }) => {
          const { Successful = [], Failed = [] } = await runBatch(
            entries,
            (entry) => this.#publish(TopicArn, entry),
            () => checkBatchSize(entries),
          );
          return { Successful, Failed };
        },
      }),
    };
  }

  #looking(): Record<string, Operation> {
    const { account } = this.context.facts;
    const describe = ({ arn, topicArn, protocol, endpoint }: Subscription): object => ({
      SubscriptionArn: arn,
      Owner: account,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: topicArn,
    });
    return {
      ListTopics: operation({
        shape: z.object(inOnePage),
        checks: () => [{ action: "sns:ListTopics", resource: "*" }],
        run: () => ({ Topics: [...this.#topics.keys()].sort().map((arn) => ({ TopicArn: arn })) }),
      }),
      GetTopicAttributes: operation({
        shape: onTopic,
        checks: ({ TopicArn }) => on("GetTopicAttributes", TopicArn),
        run: ({ TopicArn }) => ({ Attributes: describeTopic(this.#topic(TopicArn), account) }),
      }),
      ListSubscriptions: operation({
        shape: z.object(inOnePage),
        checks: () => [{ action: "sns:ListSubscriptions", resource: "*" }],
        run: () => ({
          Subscriptions: [...this.#topics.values()].flatMap(({ subscriptions }) => subscriptions.map(describe)),
        }),
      }),
      ListSubscriptionsByTopic: operation({
        shape: onTopic.extend(inOnePage),
        checks: ({ TopicArn }) => on("ListSubscriptionsByTopic", TopicArn),
        run: ({ TopicArn }) => ({ Subscriptions: this.#topic(TopicArn).subscriptions.map(describe) }),
      }),
    };
  }

  async #publish(arn: string, message: WireMessage): Promise<{ MessageId: string }> {
    const topic = this.#topic(arn);
    const publication = readPublication(message, arn, this.context.clock.now());
    const { mails, deliveries } = this.#notifyAll(topic, publication);
    this.#checkRoom(deliveries);
    if (mails.length + deliveries.length > 0) await this.journal.record({ type: "publish", mails, deliveries });
    this.outbox.mailbox.announce(mails);
    this.#courier.send(deliveries);
    return { MessageId: publication.id };
  }

  /** What a publication brings to everyone who wants it. */
  #notifyAll(topic: Topic, publication: Publication): { mails: Mail[]; deliveries: Delivery[] } {
    const [mails, deliveries]: [Mail[], Delivery[]] = [[], []];
    for (const subscription of topic.subscriptions) {
      if (!subscription.wants(publication.attributes)) continue;
      const notification = notify(subscription, topic, publication);
      if ("delivery" in notification) deliveries.push(notification.delivery);
      else if (notification.mail.kind === "sms" && notification.mail.text.length > LONGEST_TEXT) {
        this.context.say(
          `a message of ${topic.arn} did not reach the subscription ${subscription.arn}: a text message takes ${LONGEST_TEXT} characters, this one has ${notification.mail.text.length}`,
        );
      } else mails.push(notification.mail);
    }
    return { mails, deliveries };
  }

  #checkRoom(deliveries: readonly Delivery[]): void {
    const { load } = this.outbox;
    const tooMany = load.deliveries + deliveries.length > MOST_PENDING || load.characters > MOST_PENDING_CHARACTERS;
    if (deliveries.length === 0 || !tooMany) return;
    throw new AwsError(
      "Throttled",
      `${load.deliveries} messages wait for queues and functions that do not take them`,
      429,
    );
  }

  #topic(arn: string): Topic {
    const topic = this.#topics.get(arn);
    if (topic === undefined) throw new AwsError("NotFound", "Topic does not exist", 404);
    return topic;
  }
}

function on(action: string, arn: string): readonly Check[] {
  return [{ action: `sns:${action}`, resource: arn }];
}

function describeTopic({ arn, displayName, policy, key, subscriptions }: Topic, owner: string): Map<string, string> {
  return new Map([
    ["TopicArn", arn],
    ["Owner", owner],
    ["DisplayName", displayName],
    ["SubscriptionsConfirmed", String(subscriptions.length)],
    ["SubscriptionsPending", "0"],
    ["SubscriptionsDeleted", "0"],
    ...(policy === undefined ? [] : [["Policy", policy] as const]),
    ...(key === undefined ? [] : [["KmsMasterKeyId", key.reference] as const]),
  ]);
}
