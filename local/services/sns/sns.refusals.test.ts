/**
 * What SNS does not do: for whom neither role nor topic allow it, with what it would not take, of what it does not model;
 * and that it never shows a number.
 * Does not prove: that AWS refuses in the same words.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { SNSClient, SubscribeCommand, type PublishCommandInput } from "@aws-sdk/client-sns";
import { FACTS, render, withStage } from "../../../test/stage";
import { roleSession, service } from "../../iam/principal";
import { MACHINES, PEOPLE, PHONE, publish, withSns } from "./testing/topics";

describe("SNS refusals", () => {
  it("lets those publish whom role or topic allow, through the key where the topic is encrypted", async () => {
    await withSns(async (_, { stage, ...test }) => {
      const as = (name: string): SNSClient =>
        new SNSClient(test.client(roleSession(`arn:aws:iam::000000000000:role/${name}`, "tests")));
      const [alert, keyless] = [as("alert"), as("keyless")];
      await publish(alert, {});
      const denied = (what: string) => ({
        name: "AuthorizationErrorException",
        message: new RegExp(`is not authorized to perform: ${what} on resource: `),
      });
      await assert.rejects(publish(keyless, {}), denied("kms:GenerateDataKey"));
      await assert.rejects(publish(alert, { TopicArn: MACHINES }), denied("sns:Publish"));
      const report = stage.permissions.roles.find((role) => role.role.endsWith("::alert"));
      assert.deepEqual(report?.unused, []);
      alert.destroy();
      keyless.destroy();

      const alarm = { TopicArn: PEOPLE, Message: "alarm" };
      const source = { "aws:SourceAccount": FACTS.account };
      await stage.dispatch(service("cloudwatch.amazonaws.com", "eu-west-1"), "sns", "Publish", alarm, source);
      const refusal = { code: "AuthorizationError" };
      await assert.rejects(stage.dispatch(service("cloudwatch.amazonaws.com"), "sns", "Publish", alarm), refusal);
      await assert.rejects(stage.dispatch(service("events.amazonaws.com"), "sns", "Publish", alarm, source), refusal);
      assert.equal(test.mails().filter(({ text }) => text === "alarm").length, 1);
    });
  });

  it("refuses what SNS would, and what it does not model", async () => {
    await withSns(async (sns, { mails }) => {
      const refused: [Partial<PublishCommandInput>, RegExp][] = [
        [{ Message: "" }, /Invalid parameter: Empty message/],
        [{ Message: "ä".repeat(131_073) }, /Invalid parameter: Message too long/],
        [{ Subject: "" }, /Invalid parameter: Subject/],
        [{ Subject: "two\nlines" }, /Invalid parameter: Subject/],
        [{ Subject: "\u0085" }, /Invalid parameter: Subject/],
        [{ Subject: "x".repeat(101) }, /Invalid parameter: Subject/],
        [{ MessageStructure: "xml" }, /Invalid parameter: MessageStructure/],
        [{ MessageStructure: "json", Message: "{" }, /JSON message body failed to parse/],
        [{ MessageStructure: "json", Message: '{"default":"a","default":"b"}' }, /JSON message body failed to parse/],
        [{ MessageStructure: "json", Message: '["default"]' }, /JSON message body failed to parse/],
        [{ MessageStructure: "json", Message: '{"sms":"a"}' }, /No default entry in JSON message body/],
        [{ MessageStructure: "json", Message: '{"default":7}' }, /No default entry in JSON message body/],
        [{ TopicArn: "people" }, /TopicArn: must be the ARN of a topic/],
        [{ TopicArn: undefined }, /one of TopicArn and TargetArn must be given/],
        [{ TargetArn: MACHINES }, /one of TopicArn and TargetArn must be given/],
        [{ MessageGroupId: "g" }, /MessageGroupId: is not modelled by the local stage/],
      ];
      for (const [change, message] of refused) {
        await assert.rejects(publish(sns, change), { name: "InvalidParameterException", message });
      }
      for (const MessageAttributes of [
        { a: { DataType: "String.Array", StringValue: "x" } },
        { a: { DataType: "String.Array", StringValue: '[{"a":1}]' } },
        { a: { DataType: "Number", StringValue: "x" } },
        { "a b": { DataType: "String", StringValue: "x" } },
      ]) {
        await assert.rejects(publish(sns, { MessageAttributes }), { name: "InvalidParameterValueException" });
      }
      await assert.rejects(publish(sns, { TopicArn: `${PEOPLE}-not` }), { name: "NotFoundException" });
      await assert.rejects(
        sns.send(new SubscribeCommand({ TopicArn: PEOPLE, Protocol: "email", Endpoint: "a@example.com" })),
        { name: "InvalidAction" },
      );
      assert.deepEqual(mails(), []);
      await publish(sns, { Subject: "x".repeat(100), Message: "x".repeat(262_144) });
    });
  });

  it("never shows a number, in errors or in what it says", async () => {
    await withSns(async (sns, { said, mails }) => {
      await assert.rejects(publish(sns, { TopicArn: undefined, PhoneNumber: PHONE }), (error: Error) => {
        assert.equal(error.name, "InvalidParameterException");
        assert.match(error.message, /PhoneNumber: is not modelled by the local stage: subscribe the number to a topic/);
        assert.ok(!error.message.includes(PHONE.slice(1)));
        return true;
      });
      await publish(sns, { Message: "x".repeat(1600) });
      assert.equal(mails().length, 1);
      assert.equal(said.length, 1);
      assert.match(said[0] ?? "", /a text message takes 1600 characters, this one has 1607/);
      assert.ok(!said.join().includes(PHONE.slice(1)));
    });
  });

  it("names the resource that it does not model, and hides its endpoint", async () => {
    const refused: [Partial<aws.sns.TopicSubscriptionArgs>, RegExp][] = [
      [
        { protocol: "https", endpoint: "https://example.com/secret" },
        /TopicSubscription s \(.*\): the local stage delivers by email, email-json, sms, sqs, lambda, not by https/,
      ],
      [
        { protocol: "sms", endpoint: "0770-secret" },
        /TopicSubscription s \(.*\): its endpoint must be a number in international form/,
      ],
      [{ protocol: "email", endpoint: "secret" }, /its endpoint must be an e-mail address/],
      [{ filterPolicy: '{"a":[{"suffix":"x"}]}' }, /TopicSubscription s \(.*\): filterPolicy "a" has the condition/],
      [{ filterPolicy: "{}", filterPolicyScope: "MessageBody" }, /filterPolicyScope MessageBody/],
      [{ redrivePolicy: "{}" }, /does not model its property redrivePolicy/],
      [{ rawMessageDelivery: true }, /rawMessageDelivery is for queues, not for email/],
      [{ topic: PEOPLE }, /TopicSubscription s \(.*\): its topic is not in the graph/],
    ];
    for (const [change, message] of refused) {
      const graph = await render(() => {
        const topic = new aws.sns.Topic("t", {});
        new aws.sns.TopicSubscription("s", {
          topic: topic.arn,
          protocol: "email",
          endpoint: "a@example.com",
          ...change,
        });
      });
      await assert.rejects(
        withStage(graph, async () => {}),
        (error: Error) => {
          assert.match(error.message, message);
          assert.ok(!error.message.includes("secret,") && !/example\.com|0770/.test(error.message));
          return true;
        },
      );
    }
    const fifo = await render(() => void new aws.sns.Topic("f", { name: "f.fifo", fifoTopic: true }));
    await assert.rejects(
      withStage(fifo, async () => {}),
      /Topic f \(.*\): the local stage does not model its property fifoTopic/,
    );
  });
});
