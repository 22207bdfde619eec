/**
 * What a subscriber gets of a publication: a mail, a message on a queue, an event for a function. Envelopes carry no
 * signature and no address to unsubscribe at: the stage has no certificate of AWS's to sign with, and no such page.
 * Source: SNS developer guide, "Amazon SNS message and JSON formats".
 */
import { randomUUID } from "node:crypto";
import type { Attributes } from "../sqs/attributes";
import type { Mail } from "./mailbox";
import type { Delivery } from "./outbox";
import { messageFor, type Publication } from "./publication";
import type { Subscription, Topic } from "./topic";

/** What SNS writes over an e-mail whose publisher gave no subject. */
const USUAL_SUBJECT = "AWS Notification Message";

/** Characters of all parts of a text message together. Source: SNS API reference, Publish. */
export const LONGEST_TEXT = 1600;

/** A mail for a person, or what a machine is called with. */
export type Notification = { readonly mail: Mail } | { readonly delivery: Delivery };

export function notify(subscription: Subscription, topic: Topic, publication: Publication): Notification {
  const { protocol, endpoint, raw } = subscription;
  const message = messageFor(publication, protocol);
  const mail = { id: randomUUID(), time: publication.time, to: endpoint, topic: topic.arn };
  const subject = publication.subject ?? USUAL_SUBJECT;
  const delivery = (
    service: Delivery["service"],
    operation: Delivery["operation"],
    body: string,
    input: Delivery["input"],
  ): Notification => ({
    delivery: {
      id: randomUUID(),
      topicArn: topic.arn,
      subscriptionArn: subscription.arn,
      service,
      operation,
      input,
      size: body.length,
    },
  });
  switch (protocol) {
    case "email":
      return { mail: { ...mail, kind: "email", subject, text: message } };
    case "email-json":
      return { mail: { ...mail, kind: "email", subject, text: renderEnvelope(publication, message) } };
    case "sms":
      return { mail: { ...mail, kind: "sms", text: renderText(topic, message) } };
    case "sqs": {
      const body = raw ? message : renderEnvelope(publication, message);
      const attributes = raw ? { MessageAttributes: publication.attributes } : {};
      return delivery("sqs", "SendMessage", body, { QueueUrl: queueUrl(endpoint), MessageBody: body, ...attributes });
    }
    case "lambda": {
      const body = renderEvent(publication, message, subscription);
      return delivery("lambda", "Invoke", body, { FunctionName: endpoint, InvocationType: "Event", Payload: body });
    }
  }
}

/** The JSON that queues get around a message, and readers of `email-json`. */
function renderEnvelope(publication: Publication, message: string): string {
  const { id, topicArn, subject, time, attributes } = publication;
  return JSON.stringify({
    Type: "Notification",
    MessageId: id,
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: message,
    Timestamp: new Date(time).toISOString(),
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: renderAttributes(attributes) }),
  });
}

/** The event that a function gets, with one record. */
function renderEvent(publication: Publication, message: string, { arn }: Subscription): string {
  const { id, topicArn, subject = null, time, attributes } = publication;
  const notification = {
    Type: "Notification",
    MessageId: id,
    TopicArn: topicArn,
    Subject: subject,
    Message: message,
    Timestamp: new Date(time).toISOString(),
    MessageAttributes: renderAttributes(attributes),
  };
  return JSON.stringify({
    Records: [{ EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: arn, Sns: notification }],
  });
}

/** A topic's display name goes before a text message, in capitals. */
function renderText({ displayName }: Topic, message: string): string {
  return displayName === "" ? message : `${displayName.toUpperCase()}> ${message}`;
}

function renderAttributes(attributes: Attributes): Record<string, { Type: string; Value: string }> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue ?? "" },
    ]),
  );
}

function queueUrl(arn: string): string {
  const [, , , region, account, name] = arn.split(":");
  return `https://sqs.${region ?? ""}.amazonaws.com/${account ?? ""}/${name ?? ""}`;
}
