/** SQS and SNS: sending, receiving, receipts, batches, filtered delivery from a topic to a queue. */
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import type { Case } from "../case";
import type { World } from "../world";

const receive = (world: World, more: Partial<sqs.ReceiveMessageCommandInput> = {}) =>
  world.sqs.send(
    new sqs.ReceiveMessageCommand({
      ...{ QueueUrl: world.queueUrl("orders"), MaxNumberOfMessages: 10, WaitTimeSeconds: 2 },
      ...{ MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["ApproximateReceiveCount"], ...more },
    }),
  );

/** Takes everything off the queue. */
async function drain(world: World): Promise<readonly (string | undefined)[]> {
  const { Messages = [] } = await receive(world);
  for (const { ReceiptHandle } of Messages) {
    await world.sqs.send(new sqs.DeleteMessageCommand({ QueueUrl: world.queueUrl("orders"), ReceiptHandle }));
  }
  return Messages.map(({ Body }) => Body).sort();
}

export const MESSAGE_CASES: readonly Case[] = [
  {
    name: "sqs: a queue is found by its name",
    call: async (world) =>
      new URL((await world.sqs.send(new sqs.GetQueueUrlCommand({ QueueName: "orders" }))).QueueUrl ?? "").pathname,
  },
  {
    name: "sqs: a queue that is not there",
    call: (world) => world.sqs.send(new sqs.GetQueueUrlCommand({ QueueName: "none" })),
  },
  {
    name: "sqs: a message is sent; its digests are MD5",
    call: async (world) => {
      const send = new sqs.SendMessageCommand({
        ...{ QueueUrl: world.queueUrl("orders"), MessageBody: "one" },
        MessageAttributes: {
          kind: { DataType: "String", StringValue: "order" },
          n: { DataType: "Number", StringValue: "7" },
        },
      });
      const { MD5OfMessageBody, MD5OfMessageAttributes } = await world.sqs.send(send);
      return { MD5OfMessageBody, MD5OfMessageAttributes };
    },
  },
  {
    name: "sqs: a message is received with its attributes, and then hidden",
    call: async (world) => {
      const { Messages = [] } = await receive(world);
      const [message] = Messages;
      world.keep("receipt", message?.ReceiptHandle);
      const again = await receive(world, { WaitTimeSeconds: 0 });
      return {
        body: message?.Body,
        attributes: message?.MessageAttributes,
        count: message?.Attributes?.ApproximateReceiveCount,
        again: again.Messages?.length ?? 0,
      };
    },
  },
  {
    name: "sqs: a message made visible again is received a second time",
    call: async (world) => {
      const QueueUrl = world.queueUrl("orders");
      await world.sqs.send(
        new sqs.ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle: world.kept("receipt"),
          VisibilityTimeout: 0,
        }),
      );
      const { Messages = [] } = await receive(world);
      world.keep("receipt", Messages[0]?.ReceiptHandle);
      return Messages[0]?.Attributes?.ApproximateReceiveCount;
    },
  },
  {
    name: "sqs: a message is deleted",
    call: async (world) => {
      const QueueUrl = world.queueUrl("orders");
      const remove = new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: world.kept("receipt") });
      return (await world.sqs.send(remove)).$metadata.httpStatusCode;
    },
  },
  {
    name: "sqs: a receipt that nobody gave out",
    call: (world) =>
      world.sqs.send(new sqs.DeleteMessageCommand({ QueueUrl: world.queueUrl("orders"), ReceiptHandle: "nobody" })),
  },
  {
    name: "sqs: a batch with two entries of one id",
    call: (world) =>
      world.sqs.send(
        new sqs.SendMessageBatchCommand({
          QueueUrl: world.queueUrl("orders"),
          Entries: [
            { Id: "1", MessageBody: "a" },
            { Id: "1", MessageBody: "b" },
          ],
        }),
      ),
  },
  {
    name: "sqs: an empty batch",
    call: (world) =>
      world.sqs.send(new sqs.SendMessageBatchCommand({ QueueUrl: world.queueUrl("orders"), Entries: [] })),
  },
  {
    name: "sqs: a batch is sent and received",
    call: async (world) => {
      const { Successful, Failed } = await world.sqs.send(
        new sqs.SendMessageBatchCommand({
          QueueUrl: world.queueUrl("orders"),
          Entries: ["a", "b", "c"].map((body) => ({ Id: body, MessageBody: `batch ${body}` })),
        }),
      );
      return { sent: Successful?.map(({ Id }) => Id), failed: Failed ?? [], received: await drain(world) };
    },
  },
  {
    name: "sqs: more messages asked for than one call gives",
    call: (world) => receive(world, { MaxNumberOfMessages: 11 }),
  },
  {
    name: "sqs: a message with a character that no XML allows",
    call: (world) =>
      world.sqs.send(new sqs.SendMessageCommand({ QueueUrl: world.queueUrl("orders"), MessageBody: "a\u0000b" })),
  },
  {
    name: "sqs: attributes of a queue",
    call: async (world) => {
      const names: sqs.QueueAttributeName[] = [
        "QueueArn",
        "VisibilityTimeout",
        "DelaySeconds",
        "MessageRetentionPeriod",
      ];
      const get = new sqs.GetQueueAttributesCommand({ QueueUrl: world.queueUrl("orders"), AttributeNames: names });
      return (await world.sqs.send(get)).Attributes;
    },
  },
  {
    name: "sns: a topic delivers what the filter lets through, raw",
    call: async (world) => {
      const TopicArn = world.arn("sns", "news");
      const publish = (Message: string, kind: string) =>
        world.sns.send(
          new sns.PublishCommand({
            ...{ TopicArn, Message },
            MessageAttributes: { kind: { DataType: "String", StringValue: kind } },
          }),
        );
      await drain(world);
      await publish("an order", "order");
      await publish("a complaint", "complaint");
      return drain(world);
    },
  },
  {
    name: "sns: a batch of publications",
    call: async (world) => {
      const { Successful, Failed } = await world.sns.send(
        new sns.PublishBatchCommand({
          TopicArn: world.arn("sns", "news"),
          PublishBatchRequestEntries: ["1", "2"].map((Id) => ({ Id, Message: `batch ${Id}` })),
        }),
      );
      return { sent: Successful?.map(({ Id }) => Id), failed: Failed ?? [] };
    },
  },
  {
    name: "sns: a topic that is not there",
    call: (world) => world.sns.send(new sns.PublishCommand({ TopicArn: world.arn("sns", "none"), Message: "x" })),
  },
  {
    name: "sns: an empty message",
    call: (world) => world.sns.send(new sns.PublishCommand({ TopicArn: world.arn("sns", "news"), Message: "" })),
  },
  {
    name: "sns: a message that is too long",
    call: (world) =>
      world.sns.send(new sns.PublishCommand({ TopicArn: world.arn("sns", "news"), Message: "x".repeat(262_145) })),
  },
];
