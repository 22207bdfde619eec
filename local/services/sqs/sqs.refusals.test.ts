/**
 * What SQS does not do: for whom policies do not allow it, with what it would not take, and of what it does not model.
 * Does not prove: that AWS refuses in the same words.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
  type QueueAttributeName,
} from "@aws-sdk/client-sqs";
import { render, withStage } from "../../../test/stage";
import { roleSession } from "../../iam/principal";
import { bodies, DEAD, JOBS, receive, send, URL_OF, withSqs } from "./testing/queues";

describe("SQS refusals", () => {
  it("lets a role do what its policy says, through the key where the queue is encrypted", async () => {
    await withSqs(async (_, { stage, ...test }) => {
      const as = (name: string): SQSClient =>
        new SQSClient(test.client(roleSession(`arn:aws:iam::000000000000:role/${name}`, "tests")));
      const [worker, sealer, reader] = [as("worker"), as("sealer"), as("reader")];
      await send(worker, DEAD, "x");
      const denied = (what: string) => ({
        name: "AccessDenied",
        message: new RegExp(`is not authorized to perform: ${what} on resource: `),
      });
      await assert.rejects(receive(worker, DEAD), denied("sqs:ReceiveMessage"));
      await assert.rejects(send(worker, JOBS, "x"), denied("sqs:SendMessage"));
      await send(sealer, URL_OF("sealed"), "secret");
      assert.deepEqual(bodies(await receive(sealer, URL_OF("sealed"))), ["secret"]);
      await assert.rejects(send(reader, URL_OF("sealed"), "x"), denied("kms:GenerateDataKey"));
      await assert.rejects(receive(reader, URL_OF("sealed")), denied("kms:Decrypt"));
      const report = stage.permissions.roles.find((role) => role.role.endsWith("::sealer"));
      assert.deepEqual(report?.unused, []);
      [worker, sealer, reader].forEach((each) => each.destroy());
    });
  });

  it("refuses what SQS would, in the words of both its protocols", async () => {
    await withSqs(async (sqs) => {
      await assert.rejects(send(sqs, URL_OF("nothing"), "x"), (error: Error & { Code?: string }) => {
        assert.equal(error.name, "QueueDoesNotExist");
        assert.equal(error.Code, "AWS.SimpleQueueService.NonExistentQueue");
        return true;
      });
      const later = { QueueUrl: URL_OF("later"), MessageBody: "x" };
      await sqs.send(new SendMessageCommand({ ...later, MessageBody: "ä".repeat(512) }));
      await assert.rejects(sqs.send(new SendMessageCommand({ ...later, MessageBody: "ä".repeat(512) + "x" })), {
        name: "InvalidParameterValue",
        message: /must be shorter than 1024 bytes/,
      });
      for (const MessageBody of ["\u0000", "\u000b", "\ufffe"]) {
        await assert.rejects(sqs.send(new SendMessageCommand({ ...later, MessageBody })), {
          name: "InvalidMessageContents",
        });
      }
      for (const change of [
        { MessageBody: "" },
        { DelaySeconds: 901 },
        { MessageGroupId: "g" },
        { MessageDeduplicationId: "d" },
      ]) {
        await assert.rejects(sqs.send(new SendMessageCommand({ ...later, ...change })), {
          name: "InvalidParameterValue",
        });
      }
      for (const [name, attribute] of [
        ["AWS.x", { DataType: "String", StringValue: "x" }],
        ["a..b", { DataType: "String", StringValue: "x" }],
        ["é", { DataType: "String", StringValue: "x" }],
        ["n".repeat(257), { DataType: "String", StringValue: "x" }],
        ["a", { DataType: "Text", StringValue: "x" }],
        ["a", { DataType: "Number", StringValue: "ten" }],
        ["a", { DataType: "String", StringValue: "" }],
        ["a", { DataType: "Binary", StringValue: "x" }],
      ] as const) {
        await assert.rejects(sqs.send(new SendMessageCommand({ ...later, MessageAttributes: { [name]: attribute } })), {
          name: "InvalidParameterValue",
        });
      }
      await assert.rejects(receive(sqs, JOBS, { MaxNumberOfMessages: 11 }), { name: "InvalidParameterValue" });
      await assert.rejects(receive(sqs, JOBS, { VisibilityTimeout: 43_201 }), { name: "InvalidParameterValue" });
      for (const ReceiptHandle of ["x", "bnVsbA==", Buffer.from('["dead","x",1]').toString("base64")]) {
        await assert.rejects(sqs.send(new DeleteMessageCommand({ QueueUrl: JOBS, ReceiptHandle })), {
          name: "ReceiptHandleIsInvalid",
        });
      }
      await assert.rejects(
        sqs.send(new GetQueueAttributesCommand({ QueueUrl: JOBS, AttributeNames: ["toString" as QueueAttributeName] })),
        { name: "InvalidAttributeName" },
      );
    });
  });

  it("names the resource that it does not model", async () => {
    const refused: [() => void, RegExp][] = [
      [
        () => void new aws.sqs.Queue("q", { name: "q.fifo", fifoQueue: true }),
        /Queue q \(.*\): the local stage does not model its property fifoQueue/,
      ],
      [
        () => void new aws.sqs.Queue("q", { delaySeconds: 901 }),
        /Queue q \(.*\): delaySeconds must be 0 to 900, got 901/,
      ],
      [() => void new aws.sqs.Queue("q", { redrivePolicy: "{}" }), /Queue q \(.*\): redrivePolicy must be/],
      [
        () => void new aws.sqs.Queue("q", { kmsMasterKeyId: "alias/none" }),
        /Queue q \(.*\): its key alias\/none is not in the graph/,
      ],
      [
        () => void new aws.sqs.QueuePolicy("p", { queueUrl: JOBS, policy: "{}" }),
        /QueuePolicy p \(.*\): its queue is not in the graph/,
      ],
    ];
    for (const [declare, message] of refused) {
      await assert.rejects(
        withStage(await render(declare), async () => {}),
        message,
      );
    }
  });
});
