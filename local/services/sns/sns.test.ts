/**
 * SNS on loopback, driven by the unmodified SDK client: people's mail and queues behind topics.
 * Does not prove: that AWS answers alike, or that anybody really gets an e-mail or a text; functions behind topics are
 * proven up to the call (courier.test.ts).
 */
import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  PublishBatchCommand,
} from "@aws-sdk/client-sns";
import { FACTS, START } from "../../../test/stage";
import { Journal } from "../../durable/journal";
import type { Mail } from "./mailbox";
import { Outbox, type Change, type Snapshot } from "./outbox";
import type { SnsService } from "./service";
import { bodiesIn, inShort, MACHINES, PEOPLE, PHONE, publish, withSns } from "./testing/topics";

describe("SNS", () => {
  it("brings each publication to everyone who listens, once", async () => {
    await withSns(async (sns, { mails, stage }) => {
      const heard: Mail[] = [];
      (stage.service("sns") as SnsService).onMail((mail) => heard.push(mail));
      await publish(sns, { Subject: "Greeting", Message: "hello <&> ä" });
      await publish(sns, {});
      assert.deepEqual(inShort(mails()).sort(), [
        ["email", "ops@example.com", "AWS Notification Message", "hello"],
        ["email", "ops@example.com", "Greeting", "hello <&> ä"],
        ["sms", PHONE, undefined, "CLICK> hello"],
        ["sms", PHONE, undefined, "CLICK> hello <&> ä"],
      ]);
      assert.deepEqual(heard, mails());
      assert.equal(new Set(mails().map(({ id }) => id)).size, 4);
      assert.ok(mails().every(({ time, topic }) => time === START && topic === PEOPLE));
    });
  });

  it("gives each protocol its own message, and machines an envelope", async () => {
    await withSns(async (sns, { mails }) => {
      const Message = JSON.stringify({ default: "all", sms: "short", email: "long", http: 7 });
      const MessageAttributes = {
        kind: { DataType: "String.Array", StringValue: '["some","all"]' },
        raw: { DataType: "Binary", BinaryValue: Uint8Array.of(1, 2) },
      };
      const { MessageId } = await publish(sns, { Message, MessageStructure: "json", MessageAttributes });
      const byAddress = new Map(mails().map((mail) => [mail.to, mail.text]));
      assert.equal(byAddress.get("ops@example.com"), "long");
      assert.equal(byAddress.get(PHONE), "CLICK> short");
      assert.deepEqual(JSON.parse(byAddress.get("bot@example.com") ?? ""), {
        Type: "Notification",
        MessageId,
        TopicArn: PEOPLE,
        Message: "all",
        Timestamp: new Date(START).toISOString(),
        MessageAttributes: {
          kind: { Type: "String.Array", Value: '["some","all"]' },
          raw: { Type: "Binary", Value: "AQI=" },
        },
      });
    });
  });

  it("has a publication on disk when it acknowledges it, and keeps it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    const copy = await mkdtemp(join(tmpdir(), "stage-"));
    let before: readonly Mail[] = [];
    await withSns(async (sns, { mails }) => {
      await publish(sns, { Message: "kept" });
      // What the next run would find if this one were killed now.
      await cp(join(folder, "state"), join(copy, "state"), { recursive: true });
      await cp(join(folder, "VERSION"), join(copy, "VERSION"));
      before = mails();
    }, folder);
    assert.equal(before.length, 2);
    for (const each of [folder, copy]) {
      await withSns(async (_, { mails }) => assert.deepEqual(mails(), before), each);
      await rm(each, { recursive: true });
    }
  });

  it("brings messages to queues whose policy lets the topic send, wrapped or bare", async () => {
    await withSns(async (sns, test) => {
      const MessageAttributes = { site: { DataType: "String", StringValue: "shop" } };
      const { MessageId } = await publish(sns, { TopicArn: MACHINES, Subject: "S", Message: "m", MessageAttributes });
      await test.clock.settle();
      const [wrapped] = await bodiesIn(test, "wrapped");
      assert.deepEqual(JSON.parse(wrapped?.Body ?? ""), {
        Type: "Notification",
        MessageId,
        TopicArn: MACHINES,
        Subject: "S",
        Message: "m",
        Timestamp: new Date(START).toISOString(),
        MessageAttributes: { site: { Type: "String", Value: "shop" } },
      });
      assert.equal(wrapped?.MessageAttributes, undefined);
      const [bare] = await bodiesIn(test, "bare");
      assert.equal(bare?.Body, "m");
      assert.deepEqual(bare.MessageAttributes, MessageAttributes);
      assert.deepEqual(await bodiesIn(test, "closed"), []);
      assert.equal(test.said.length, 1);
      assert.match(
        test.said[0] ?? "",
        /a message of .*:machines did not reach the subscription .*:machines:[0-9a-f-]{36}: AccessDenied: User: sns\.amazonaws\.com is not authorized to perform: sqs:SendMessage/,
      );
    });
  });

  it("takes up deliveries that a crash cut short", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    await withSns(async () => {}, folder);
    const outbox = new Outbox();
    const journal = await Journal.open<Snapshot, Change>(join(folder, "state", "sns"), outbox, { sync: false });
    const input = { QueueUrl: `https://sqs.eu-west-1.amazonaws.com/${FACTS.account}/bare`, MessageBody: "late" };
    const left = { id: "1", topicArn: MACHINES, subscriptionArn: `${MACHINES}:1`, size: 4 };
    await journal.record({
      type: "publish",
      mails: [],
      deliveries: [{ ...left, service: "sqs", operation: "SendMessage", input }],
    });
    await journal.close();
    await withSns(async (_, test) => {
      await test.clock.settle();
      assert.deepEqual(
        (await bodiesIn(test, "bare")).map(({ Body }) => Body),
        ["late"],
      );
    }, folder);
    await withSns(async (_, test) => {
      await test.clock.advance(60_000);
      assert.equal((await bodiesIn(test, "bare")).length, 1); // the message of before, visible again; no second one
    }, folder);
    await rm(folder, { recursive: true });
  });

  it("takes batches entry by entry", async () => {
    await withSns(async (sns, { mails }) => {
      const batch = (PublishBatchRequestEntries: { Id: string; Message: string; Subject?: string }[]) =>
        sns.send(new PublishBatchCommand({ TopicArn: PEOPLE, PublishBatchRequestEntries }));
      const { Successful = [], Failed = [] } = await batch([
        { Id: "a", Message: "first" },
        { Id: "b", Message: "second", Subject: "two\nlines" },
        { Id: "c", Message: "third" },
      ]);
      assert.deepEqual(
        Successful.map(({ Id }) => Id),
        ["a", "c"],
      );
      assert.deepEqual(
        Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]),
        [["b", "InvalidParameter", true]],
      );
      assert.deepEqual(
        mails()
          .filter(({ kind }) => kind === "email")
          .map(({ text }) => text),
        ["first", "third"],
      );
      await assert.rejects(batch([]), { name: "EmptyBatchRequestException" });
      await assert.rejects(
        batch([
          { Id: "a", Message: "x" },
          { Id: "a", Message: "x" },
        ]),
        { name: "BatchEntryIdsNotDistinctException" },
      );
      const half = "x".repeat(131_073);
      await assert.rejects(
        batch([
          { Id: "a", Message: half },
          { Id: "b", Message: half },
        ]),
        { name: "BatchRequestTooLongException" },
      );
    });
  });

  it("shows its topics and who listens", async () => {
    await withSns(async (sns) => {
      assert.deepEqual((await sns.send(new ListTopicsCommand({}))).Topics, [
        { TopicArn: MACHINES },
        { TopicArn: PEOPLE },
      ]);
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: PEOPLE }));
      assert.equal(Attributes?.["DisplayName"], "Click");
      assert.equal(Attributes["SubscriptionsConfirmed"], "3");
      assert.match(Attributes["Policy"] ?? "", /"cloudwatch\.amazonaws\.com"/);
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: PEOPLE }));
      assert.deepEqual(Subscriptions.map(({ Protocol }) => Protocol).sort(), ["email", "email-json", "sms"]);
      assert.ok(Subscriptions.every(({ SubscriptionArn }) => SubscriptionArn?.startsWith(`${PEOPLE}:`)));
      assert.equal((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions?.length, 6);
    });
  });
});
