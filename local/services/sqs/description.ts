/** How SQS shows queues and messages to its clients. */
import { createHash } from "node:crypto";
import { AwsError } from "../service";
import { digestOfAttributes, selectAttributes } from "./attributes";
import type { Message, Queue } from "./queue";
import { writeReceipt } from "./receipt";
import type { QueueSettings } from "./settings";

/** What a sender is told. */
export function describeSent({ id, body, attributes }: Message): object {
  const digest = digestOfAttributes(attributes);
  return {
    MessageId: id,
    MD5OfMessageBody: md5(body),
    ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest }),
  };
}

/** What a receiver gets. @param wanted names of what beside the body */
export function describeReceived(
  message: Message,
  queue: string,
  wanted: { readonly system: readonly string[]; readonly own: readonly string[] },
): object {
  const own = selectAttributes(message.attributes, wanted.own);
  const system = select(systemAttributes(message), wanted.system);
  const digest = digestOfAttributes(own);
  return {
    MessageId: message.id,
    ReceiptHandle: writeReceipt({ queue, message: message.id, count: message.receipts }),
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(digest === undefined ? {} : { MessageAttributes: own, MD5OfMessageAttributes: digest }),
    ...(Object.keys(system).length === 0 ? {} : { Attributes: system }),
  };
}

/** @throws AwsError `InvalidAttributeName` when SQS knows no such attribute, or the stage does not model it */
export function describeQueue(
  settings: QueueSettings,
  counts: Queue["counts"],
  wanted: readonly string[],
): Record<string, string> {
  const attributes = {
    QueueArn: settings.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    VisibilityTimeout: String(settings.visibilitySeconds),
    DelaySeconds: String(settings.delaySeconds),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    ReceiveMessageWaitTimeSeconds: String(settings.waitSeconds),
    MaximumMessageSize: String(settings.longestMessage),
    SqsManagedSseEnabled: String(settings.key === undefined),
    KmsMasterKeyId: settings.key?.reference,
    KmsDataKeyReusePeriodSeconds: settings.key && String(settings.key.reuseSeconds),
    Policy: settings.policy,
    RedrivePolicy: settings.redrive && JSON.stringify(settings.redrive),
  };
  const unknown = wanted.find((name) => name !== "All" && !Object.hasOwn(attributes, name));
  if (unknown !== undefined) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
  return select(attributes, wanted);
}

/** Those named, all of them for `All`, as far as they have a value. */
function select(
  values: Readonly<Record<string, string | undefined>>,
  wanted: readonly string[],
): Record<string, string> {
  const all = wanted.includes("All");
  const present = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(present.filter(([name]) => all || wanted.includes(name)));
}

function systemAttributes({
  sender,
  sent,
  receipts,
  firstReceived,
  deadLetterOf,
}: Message): Record<string, string | undefined> {
  return {
    SenderId: sender,
    SentTimestamp: String(sent),
    ApproximateReceiveCount: String(receipts),
    ApproximateFirstReceiveTimestamp: firstReceived === undefined ? undefined : String(firstReceived),
    DeadLetterQueueSourceArn: deadLetterOf,
  };
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
