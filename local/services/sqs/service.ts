/**
 * Simple Queue Service: the graph's standard queues, durable, on the stage's clock. Limits and messages follow the SQS API
 * reference; FIFO queues and message groups are refused.
 */
import { z } from "zod";
import type { Timer } from "../../clock";
import { Journal } from "../../durable/journal";
import type { Principal } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { keyChecks } from "../kms/checks";
import { AwsError, operation, type Call, type Check, type Operation, type Service } from "../service";
import { uniqueIdOf } from "../sts/unique-id";
import { attributeShape } from "./attributes";
import { runBatch, type BatchEntry } from "./batch";
import { sqsBinding } from "./binding";
import { LiveQueue } from "./live-queue";
import { describeQueue, describeReceived, describeSent } from "./description";
import { sizeOf } from "./queue";
import { QueueStore, type Change, type Snapshot } from "./queue-store";
import { readReceipt } from "./receipt";
import { DELAY, readQueues, VISIBILITY, WAIT } from "./settings";

const MINUTE_MS = 60_000;
const MOST_RECEIVED = 10;
const MOST_LISTED = 1000;
/** Bytes of all messages of one SendMessageBatch. */
const LONGEST_BATCH = 1_048_576;

const notModelled = z.never("is not modelled by the local stage, which has standard queues only").optional();
const onQueue = { QueueUrl: z.string().min(1) };
const message = {
  MessageBody: z.string().min(1),
  DelaySeconds: z.int().min(DELAY.least).max(DELAY.most).optional(),
  MessageAttributes: z.record(z.string(), attributeShape).default({}),
  MessageSystemAttributes: notModelled,
  MessageDeduplicationId: notModelled,
  MessageGroupId: notModelled,
};
const receipt = { ReceiptHandle: z.string().min(1) };
const visibility = z.int().min(VISIBILITY.least).max(VISIBILITY.most);
const entries = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.array(z.object({ Id: z.string(), ...shape })).default([]);

type Sent = z.output<z.ZodObject<typeof message>>;

export class SqsService implements Service {
  readonly signingName = "sqs";
  readonly binding = sqsBinding;
  readonly deniedCode = "AccessDenied";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #queues: ReadonlyMap<string, LiveQueue>;
  readonly #senderIds = new WeakMap<Principal, string>();
  #timer: Timer | undefined;

  static async open(context: ServiceContext): Promise<SqsService> {
    const settings = readQueues(context);
    const store = new QueueStore();
    const journal = await Journal.open<Snapshot, Change>(context.folder("sqs"), store, context.durable);
    const queues = new Map<string, LiveQueue>();
    const byArn = (arn: string): LiveQueue => queues.get(arn.split(":").at(-1) ?? "") as LiveQueue;
    for (const each of settings) {
      queues.set(each.name, new LiveQueue(each, store, journal, context, byArn));
    }
    return new SqsService(context, journal, queues);
  }

  private constructor(
    private readonly context: ServiceContext,
    private readonly journal: Journal<Snapshot, Change>,
    queues: ReadonlyMap<string, LiveQueue>,
  ) {
    this.#queues = queues;
    this.operations = { ...this.#sending(), ...this.#receiving(), ...this.#looking() };
  }

  start(): void {
    this.#tendEveryMinute(0);
  }

  /** A queue that is deleted takes its messages along. */
  async forget({ type, name }: { type: string; name: string }): Promise<void> {
    if (type === "aws:sqs/queue:Queue") await this.journal.record({ type: "purge", queue: name });
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#queues.forEach((queue) => queue.close());
    await this.journal.close();
  }

  #sending(): Record<string, Operation> {
    const checks = ({ QueueUrl }: { QueueUrl: string }): readonly Check[] =>
      this.#on("SendMessage", QueueUrl, "kms:GenerateDataKey", "kms:Decrypt");
    const send = async (queue: LiveQueue, input: Sent, { caller }: Call): Promise<object> => {
      const { MessageBody: body, MessageAttributes: attributes, DelaySeconds: delaySeconds } = input;
      return describeSent(await queue.send({ body, attributes, delaySeconds }, this.#senderId(caller)));
    };
    return {
      SendMessage: operation({
        shape: z.object({ ...onQueue, ...message }),
        checks,
        run: (input, call) => send(this.#queue(input.QueueUrl), input, call),
      }),
      SendMessageBatch: operation({
        shape: z.object({ ...onQueue, Entries: entries(message) }),
        checks,
        run: ({ QueueUrl, Entries }, call) => {
          const queue = this.#queue(QueueUrl);
          return runBatch(
            Entries,
            (entry) => send(queue, entry, call),
            () => checkBatchSize(Entries),
          );
        },
      }),
      PurgeQueue: operation({
        shape: z.object(onQueue),
        checks: ({ QueueUrl }) => this.#on("PurgeQueue", QueueUrl),
        run: ({ QueueUrl }) => this.#queue(QueueUrl).purge(),
      }),
    };
  }

  #receiving(): Record<string, Operation> {
    const drop = (url: string, { ReceiptHandle }: { ReceiptHandle: string }): Promise<void> => {
      const queue = this.#queue(url);
      return queue.delete(readReceipt(ReceiptHandle, queue.settings.name));
    };
    const hide = (url: string, entry: { ReceiptHandle: string; VisibilityTimeout: number }): Promise<void> => {
      const queue = this.#queue(url);
      return queue.changeVisibility(readReceipt(entry.ReceiptHandle, queue.settings.name), entry.VisibilityTimeout);
    };
    return {
      ReceiveMessage: operation({
        shape: z.object({
          ...onQueue,
          MaxNumberOfMessages: z.int().min(1).max(MOST_RECEIVED).default(1),
          VisibilityTimeout: visibility.optional(),
          WaitTimeSeconds: z.int().min(WAIT.least).max(WAIT.most).optional(),
          AttributeNames: z.array(z.string()).default([]),
          MessageSystemAttributeNames: z.array(z.string()).default([]),
          MessageAttributeNames: z.array(z.string()).default([]),
          ReceiveRequestAttemptId: notModelled,
        }),
        checks: ({ QueueUrl }) => this.#on("ReceiveMessage", QueueUrl, "kms:Decrypt"),
        run: async (input) => {
          const queue = this.#queue(input.QueueUrl);
          const wanted = {
            system: [...input.AttributeNames, ...input.MessageSystemAttributeNames],
            own: input.MessageAttributeNames,
          };
          const received = await queue.receive(
            input.MaxNumberOfMessages,
            input.VisibilityTimeout,
            input.WaitTimeSeconds,
          );
          if (received.length === 0) return {};
          return { Messages: received.map((each) => describeReceived(each, queue.settings.name, wanted)) };
        },
      }),
      DeleteMessage: operation({
        shape: z.object({ ...onQueue, ...receipt }),
        checks: ({ QueueUrl }) => this.#on("DeleteMessage", QueueUrl),
        run: (input) => drop(input.QueueUrl, input),
      }),
      DeleteMessageBatch: operation({
        shape: z.object({ ...onQueue, Entries: entries(receipt) }),
        checks: ({ QueueUrl }) => this.#on("DeleteMessage", QueueUrl),
        run: ({ QueueUrl, Entries }) => runBatch(Entries, (entry) => drop(QueueUrl, entry)),
      }),
      ChangeMessageVisibility: operation({
        shape: z.object({ ...onQueue, ...receipt, VisibilityTimeout: visibility }),
        checks: ({ QueueUrl }) => this.#on("ChangeMessageVisibility", QueueUrl),
        run: (input) => hide(input.QueueUrl, input),
      }),
      ChangeMessageVisibilityBatch: operation({
        shape: z.object({ ...onQueue, Entries: entries({ ...receipt, VisibilityTimeout: visibility.default(0) }) }),
        checks: ({ QueueUrl }) => this.#on("ChangeMessageVisibility", QueueUrl),
        run: ({ QueueUrl, Entries }) => runBatch(Entries, (entry) => hide(QueueUrl, entry)),
      }),
    };
  }

  #looking(): Record<string, Operation> {
    return {
      GetQueueUrl: operation({
        shape: z.object({ QueueName: z.string().min(1), QueueOwnerAWSAccountId: z.string().optional() }),
        checks: ({ QueueName }) => this.#on("GetQueueUrl", QueueName),
        run: ({ QueueName, QueueOwnerAWSAccountId: owner }) => {
          if (owner !== undefined && owner !== this.context.facts.account) throw noSuchQueue();
          return { QueueUrl: this.#urlOf(this.#queue(QueueName)) };
        },
      }),
      GetQueueAttributes: operation({
        shape: z.object({ ...onQueue, AttributeNames: z.array(z.string()).default([]) }),
        checks: ({ QueueUrl }) => this.#on("GetQueueAttributes", QueueUrl),
        run: async ({ QueueUrl, AttributeNames }) => {
          const queue = this.#queue(QueueUrl);
          return { Attributes: describeQueue(queue.settings, await queue.counts(), AttributeNames) };
        },
      }),
      ListQueues: operation({
        shape: z.object({
          QueueNamePrefix: z.string().default(""),
          MaxResults: z.int().min(1).max(MOST_LISTED).optional(),
          NextToken: z.string().default(""),
        }),
        checks: () => [{ action: "sqs:ListQueues", resource: "*" }],
        run: ({ QueueNamePrefix, MaxResults = MOST_LISTED, NextToken }) => {
          const names = [...this.#queues.keys()].filter((name) => name.startsWith(QueueNamePrefix)).sort();
          const rest = names.filter((name) => name > NextToken);
          const page = rest.slice(0, MaxResults);
          return {
            QueueUrls: page.map((name) => this.#urlOf(this.#queue(name))),
            ...(page.length < rest.length ? { NextToken: page.at(-1) } : {}),
          };
        },
      }),
    };
  }

  #on(
    action: string,
    url: string,
    ...keyActions: readonly ("kms:Decrypt" | "kms:GenerateDataKey")[]
  ): readonly Check[] {
    const { facts } = this.context;
    const { name, account } = readUrl(url, facts.account);
    const key = this.#queues.get(name)?.settings.key;
    return [
      { action: `sqs:${action}`, resource: `arn:${facts.partition}:sqs:${facts.region}:${account}:${name}` },
      ...keyChecks(key?.arn, "sqs", facts, ...keyActions),
    ];
  }

  /** @param url any URL whose path ends with the account and the queue's name, or the bare name */
  #queue(url: string): LiveQueue {
    const { name, account } = readUrl(url, this.context.facts.account);
    const queue = account === this.context.facts.account ? this.#queues.get(name) : undefined;
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }

  #senderId(caller: Principal): string {
    const known = this.#senderIds.get(caller);
    if (known !== undefined) return known;
    const id = uniqueIdOf(caller, this.context.graph);
    this.#senderIds.set(caller, id);
    return id;
  }

  /** Where the queue can be reached on this machine: some clients call the host that a queue's URL names. */
  #urlOf({ settings }: LiveQueue): string {
    return `${this.context.url()}/${this.context.facts.account}/${settings.name}`;
  }

  #tendEveryMinute(delay: number): void {
    this.#timer = this.context.clock.after(delay, async () => {
      this.#tendEveryMinute(MINUTE_MS);
      await Promise.all([...this.#queues.values()].map((queue) => queue.tend()));
    });
  }
}

function readUrl(url: string, ownAccount: string): { name: string; account: string } {
  const [name = "", account = ownAccount] = url.split("/").reverse();
  return { name, account };
}

function noSuchQueue(): AwsError {
  return new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
}

function checkBatchSize(batch: readonly (BatchEntry & Sent)[]): void {
  const bytes = batch.reduce(
    (total, { MessageBody: body, MessageAttributes: attributes }) => total + sizeOf({ body, attributes }),
    0,
  );
  if (bytes > LONGEST_BATCH) {
    throw new AwsError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${LONGEST_BATCH} bytes. You have sent ${bytes} bytes.`,
    );
  }
}
