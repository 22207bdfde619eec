/**
 * SQS on loopback, driven by the unmodified SDK client (which checks the digest of every body itself).
 * Does not prove: that AWS answers alike; FIFO queues, which are refused; how AWS spreads a queue over machines.
 */
import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type Message,
} from "@aws-sdk/client-sqs";
import { START } from "../../../test/stage";
import { bodies, counts, DEAD, JOBS, receive, send, URL_OF, withSqs } from "./testing/queues";

describe("SQS", () => {
  it("hands out each message once per visibility timeout, until it is deleted", async () => {
    await withSqs(async (sqs, { clock }) => {
      for (let i = 0; i < 3; i++) await send(sqs, JOBS, `job ${i}`);
      const first = await receive(sqs, JOBS, { MaxNumberOfMessages: 2 });
      assert.deepEqual(bodies(first), ["job 0", "job 1"]);
      assert.deepEqual(bodies(await receive(sqs, JOBS)), ["job 2"]);
      assert.deepEqual(await receive(sqs, JOBS), []);
      assert.equal(await counts(sqs, JOBS), "0 0 3");
      await sqs.send(new DeleteMessageCommand({ QueueUrl: JOBS, ReceiptHandle: first[0]?.ReceiptHandle }));
      await clock.advance(9999);
      assert.deepEqual(await receive(sqs, JOBS), []);
      await clock.advance(1);
      assert.equal(await counts(sqs, JOBS), "2 0 0");
      assert.deepEqual(bodies(await receive(sqs, JOBS)), ["job 1", "job 2"]);
    });
  });

  it("carries attributes whole, and gives those that are asked for", async () => {
    await withSqs(async (sqs) => {
      const MessageAttributes = {
        site: { DataType: "String", StringValue: "ä & <b>" },
        "trace.id": { DataType: "Number.int", StringValue: "12" },
        "trace.raw": { DataType: "Binary", BinaryValue: Uint8Array.of(0, 255) },
      };
      const sent = await sqs.send(new SendMessageCommand({ QueueUrl: JOBS, MessageBody: "x", MessageAttributes }));
      // Worked out by hand from the published algorithm with another tool (Python's hashlib).
      assert.equal(sent.MD5OfMessageAttributes, "0e238ff9715ae74628beb3542b7b7aed");
      const all = await receive(sqs, JOBS, {
        MessageAttributeNames: ["All"],
        VisibilityTimeout: 0,
        MessageSystemAttributeNames: ["All"],
      });
      assert.deepEqual(all[0]?.MessageAttributes, MessageAttributes);
      assert.equal(all[0]?.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
      const { SenderId, ...system } = all[0]?.Attributes ?? {};
      assert.match(SenderId ?? "", /^AIDA/);
      assert.deepEqual(system, {
        SentTimestamp: String(START),
        ApproximateReceiveCount: "1",
        ApproximateFirstReceiveTimestamp: String(START),
      });
      const some = await receive(sqs, JOBS, { MessageAttributeNames: ["trace.*"] });
      assert.deepEqual(Object.keys(some[0]?.MessageAttributes ?? {}).sort(), ["trace.id", "trace.raw"]);
      assert.equal(some[0]?.Attributes, undefined);
    });
  });

  it("moves a message that was received too often to the dead letters, with its id and age", async () => {
    await withSqs(async (sqs, { clock }) => {
      const { MessageId } = await send(sqs, JOBS, "poison");
      for (let i = 0; i < 2; i++) {
        assert.equal((await receive(sqs, JOBS)).length, 1);
        await clock.advance(10_000);
      }
      assert.deepEqual(await receive(sqs, JOBS), []);
      const [dead] = await receive(sqs, DEAD, { MessageSystemAttributeNames: ["All"] });
      assert.equal(dead?.MessageId, MessageId);
      assert.equal(dead?.Attributes?.SentTimestamp, String(START));
      assert.equal(dead?.Attributes?.ApproximateReceiveCount, "1");
      assert.equal(dead?.Attributes?.DeadLetterQueueSourceArn, "arn:aws:sqs:eu-west-1:000000000000:jobs");
      assert.equal(await counts(sqs, JOBS), "0 0 0");
    });
  });

  it("delays messages, by the queue or each by itself", async () => {
    await withSqs(async (sqs, { clock }) => {
      const QueueUrl = URL_OF("later");
      await send(sqs, QueueUrl, "five");
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "one", DelaySeconds: 1 }));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "now", DelaySeconds: 0 }));
      assert.deepEqual(bodies(await receive(sqs, QueueUrl)), ["now"]);
      assert.equal(await counts(sqs, QueueUrl), "0 2 1");
      await clock.advance(1000);
      assert.deepEqual(bodies(await receive(sqs, QueueUrl)), ["one"]);
      await clock.advance(4000);
      assert.deepEqual(bodies(await receive(sqs, QueueUrl)), ["five"]);
    });
  });

  it("changes how long a message stays hidden, for as long as it is in flight", async () => {
    await withSqs(async (sqs, { clock }) => {
      await send(sqs, JOBS, "x");
      const [message] = await receive(sqs, JOBS);
      const held = { QueueUrl: JOBS, ReceiptHandle: message?.ReceiptHandle };
      await clock.advance(9000);
      await sqs.send(new ChangeMessageVisibilityCommand({ ...held, VisibilityTimeout: 60 }));
      await clock.advance(59_999);
      assert.deepEqual(await receive(sqs, JOBS), []);
      await assert.rejects(sqs.send(new ChangeMessageVisibilityCommand({ ...held, VisibilityTimeout: 43_200 })), {
        name: "InvalidParameterValue",
        message: /beyond the limit \[43200 seconds\]/,
      });
      await sqs.send(new ChangeMessageVisibilityCommand({ ...held, VisibilityTimeout: 0 }));
      await assert.rejects(sqs.send(new ChangeMessageVisibilityCommand({ ...held, VisibilityTimeout: 1 })), {
        name: "InvalidParameterValue",
        message: /not available for visibility timeout change/,
      });
      const [again] = await receive(sqs, JOBS);
      assert.notEqual(again?.ReceiptHandle, message?.ReceiptHandle);
      // An old receipt deletes nothing and is no error.
      await sqs.send(new DeleteMessageCommand(held));
      assert.equal(await counts(sqs, JOBS), "0 0 1");
    });
  });

  it("lets go of messages that are older than it keeps them", async () => {
    await withSqs(async (sqs, { clock }) => {
      await send(sqs, JOBS, "old");
      await clock.advance(1_800_000);
      await send(sqs, JOBS, "young");
      await clock.advance(1_800_000);
      assert.equal(await counts(sqs, JOBS), "1 0 0");
      assert.deepEqual(bodies(await receive(sqs, JOBS)), ["young"]);
    });
  });

  it("keeps messages, receipts and what was deleted when the stage is opened again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    let handle: string | undefined;
    await withSqs(async (sqs) => {
      for (const body of ["gone", "held", "waiting"]) await send(sqs, JOBS, body);
      const [gone, held] = await receive(sqs, JOBS, { MaxNumberOfMessages: 2 });
      await sqs.send(new DeleteMessageCommand({ QueueUrl: JOBS, ReceiptHandle: gone?.ReceiptHandle }));
      handle = held?.ReceiptHandle;
    }, folder);
    await withSqs(
      async (sqs, { clock }) => {
        assert.equal(await counts(sqs, JOBS), "1 0 1");
        assert.deepEqual(bodies(await receive(sqs, JOBS)), ["waiting"]);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: JOBS, ReceiptHandle: handle }));
        await clock.advance(10_000);
        assert.deepEqual(bodies(await receive(sqs, JOBS)), ["waiting"]);
      },
      folder,
      START + 1000,
    );
    await rm(folder, { recursive: true });
  });

  it("has a message on disk when it acknowledges it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    const copy = await mkdtemp(join(tmpdir(), "stage-"));
    await withSqs(async (sqs) => {
      await send(sqs, JOBS, "kept");
      // What the next run would find if this one were killed now.
      await cp(join(folder, "state"), join(copy, "state"), { recursive: true });
      await cp(join(folder, "VERSION"), join(copy, "VERSION"));
    }, folder);
    await withSqs(async (sqs) => assert.deepEqual(bodies(await receive(sqs, JOBS)), ["kept"]), copy);
    await rm(folder, { recursive: true });
    await rm(copy, { recursive: true });
  });

  it("answers a receiver who waits when a message comes, and when the stage closes", async () => {
    let left: Promise<Message[]> | undefined;
    await withSqs(async (sqs) => {
      const waiting = receive(sqs, JOBS, { WaitTimeSeconds: 20 });
      await send(sqs, JOBS, "at last");
      assert.deepEqual(bodies(await waiting), ["at last"]);
      left = receive(sqs, JOBS, { WaitTimeSeconds: 20 });
      left.catch(() => undefined);
    });
    await assert.rejects(left ?? Promise.resolve(), "the connection of a stage that closed");
  });

  it("answers a receiver who waits with nothing once the time is over, or with what time brings", async () => {
    await withSqs(async (_, { stage, clock }) => {
      // Called from inside: a request over HTTP would hold virtual time still.
      const ask = (QueueUrl: string) =>
        stage.dispatch(stage.operator.principal, "sqs", "ReceiveMessage", { QueueUrl, WaitTimeSeconds: 20 });
      const nothing = ask(JOBS);
      await clock.advance(20_000);
      assert.deepEqual(await nothing, {});
      await stage.dispatch(stage.operator.principal, "sqs", "SendMessage", {
        QueueUrl: URL_OF("later"),
        MessageBody: "x",
      });
      const delayed = ask(URL_OF("later"));
      await clock.advance(5000);
      assert.equal(((await delayed) as { Messages: unknown[] }).Messages.length, 1);
    });
  });

  it("takes batches entry by entry", async () => {
    await withSqs(async (sqs) => {
      const sent = await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: JOBS,
          Entries: [
            { Id: "a", MessageBody: "first" },
            { Id: "b", MessageBody: "\u0001" },
            { Id: "c", MessageBody: "third" },
          ],
        }),
      );
      assert.deepEqual(
        sent.Successful?.map(({ Id }) => Id),
        ["a", "c"],
      );
      assert.deepEqual(
        sent.Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]),
        [["b", "InvalidMessageContents", true]],
      );
      const messages = await receive(sqs, JOBS);
      assert.deepEqual(bodies(messages), ["first", "third"]);
      const entry = (Id: string, index: number) => ({ Id, ReceiptHandle: messages[index]?.ReceiptHandle });
      const hidden = await sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: JOBS,
          Entries: [{ ...entry("a", 0), VisibilityTimeout: 0 }],
        }),
      );
      assert.equal(hidden.Successful?.length, 1);
      const deleted = await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: JOBS,
          Entries: [entry("a", 0), entry("b", 1), { Id: "c", ReceiptHandle: "x" }],
        }),
      );
      assert.equal(deleted.Successful?.length, 2);
      assert.deepEqual(
        deleted.Failed?.map(({ Id, Code }) => [Id, Code]),
        [["c", "ReceiptHandleIsInvalid"]],
      );
      assert.equal(await counts(sqs, JOBS), "0 0 0");

      const batch = (Entries: { Id: string; MessageBody: string }[]) =>
        sqs.send(new SendMessageBatchCommand({ QueueUrl: URL_OF("sealed"), Entries }));
      await assert.rejects(batch([]), { name: "EmptyBatchRequest" });
      await assert.rejects(batch([{ Id: "a b", MessageBody: "x" }]), { name: "InvalidBatchEntryId" });
      await assert.rejects(
        batch([
          { Id: "a", MessageBody: "x" },
          { Id: "a", MessageBody: "x" },
        ]),
        { name: "BatchEntryIdsNotDistinct" },
      );
      await assert.rejects(batch(Array.from({ length: 11 }, (_, i) => ({ Id: String(i), MessageBody: "x" }))), {
        name: "TooManyEntriesInBatchRequest",
      });
      const half = "x".repeat(600_000);
      await assert.rejects(
        batch([
          { Id: "a", MessageBody: half },
          { Id: "b", MessageBody: half },
        ]),
        { name: "BatchRequestTooLong" },
      );
    });
  });

  it("purges everything, at most once a minute", async () => {
    await withSqs(async (sqs, { clock }) => {
      await send(sqs, JOBS, "x");
      await sqs.send(new PurgeQueueCommand({ QueueUrl: JOBS }));
      assert.equal(await counts(sqs, JOBS), "0 0 0");
      await assert.rejects(sqs.send(new PurgeQueueCommand({ QueueUrl: JOBS })), { name: "PurgeQueueInProgress" });
      await clock.advance(60_000);
      await sqs.send(new PurgeQueueCommand({ QueueUrl: JOBS }));
    });
  });

  it("finds queues by name and by any URL that ends with account and name", async () => {
    await withSqs(async (sqs, { stage }) => {
      const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: "jobs" }));
      assert.equal(QueueUrl, `${stage.url}/000000000000/jobs`);
      await send(sqs, QueueUrl, "here");
      assert.deepEqual(bodies(await receive(sqs, JOBS)), ["here"]);
      const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
      assert.deepEqual(
        QueueUrls.map((url) => url.split("/").at(-1)),
        ["dead", "jobs", "later", "sealed"],
      );
      const first = await sqs.send(new ListQueuesCommand({ MaxResults: 3 }));
      const rest = await sqs.send(new ListQueuesCommand({ MaxResults: 3, NextToken: first.NextToken }));
      assert.deepEqual([...(first.QueueUrls ?? []), ...(rest.QueueUrls ?? [])], QueueUrls);
      assert.equal(rest.NextToken, undefined);
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: JOBS, AttributeNames: ["All"] }));
      assert.equal(Attributes?.["VisibilityTimeout"], "10");
      assert.equal(Attributes?.["MaximumMessageSize"], "262144");
      assert.deepEqual(JSON.parse(Attributes?.["RedrivePolicy"] ?? ""), {
        deadLetterTargetArn: "arn:aws:sqs:eu-west-1:000000000000:dead",
        maxReceiveCount: 2,
      });
    });
  });
});
