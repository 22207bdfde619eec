/** Topics of a small program on a stage, who listens to them, and short ways to publish and look. */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PublishCommand, SNSClient, type PublishCommandInput } from "@aws-sdk/client-sns";
import { FACTS, render, withStage, type TestStage } from "../../../../test/stage";
import type { Mail } from "../mailbox";
import { SnsService } from "../service";

export const PHONE = "+447700900123";
export const PEOPLE = "arn:aws:sns:eu-west-1:000000000000:people";
export const MACHINES = "arn:aws:sns:eu-west-1:000000000000:machines";

const program = (): void => {
  const account = { AWS: `arn:aws:iam::${FACTS.account}:root` };
  const key = new aws.kms.Key("data", {
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: account, Action: "kms:*", Resource: "*" },
        {
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: "*",
          Condition: { StringEquals: { "aws:SourceAccount": FACTS.account } },
        },
      ],
    }),
  });
  const people = new aws.sns.Topic("people", { name: "people", displayName: "Click", kmsMasterKeyId: key.arn });
  new aws.sns.TopicPolicy("people", {
    arn: people.arn,
    policy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: people.arn,
        },
      ],
    }),
  });
  const listen = (name: string, args: Omit<aws.sns.TopicSubscriptionArgs, "topic">) =>
    new aws.sns.TopicSubscription(name, { topic: people.arn, ...args });
  listen("mail", { protocol: "email", endpoint: "ops@example.com" });
  listen("machine-mail", {
    protocol: "email-json",
    endpoint: "bot@example.com",
    filterPolicy: JSON.stringify({ kind: ["all"] }),
  });
  listen("text", { protocol: "sms", endpoint: pulumi.secret(PHONE) });

  const machines = new aws.sns.Topic("machines", { name: "machines" });
  for (const [name, raw] of [
    ["wrapped", false],
    ["bare", true],
    ["closed", false],
  ] as const) {
    const queue = new aws.sqs.Queue(name, { name });
    new aws.sns.TopicSubscription(name, {
      topic: machines.arn,
      protocol: "sqs",
      endpoint: queue.arn,
      rawMessageDelivery: raw,
    });
    if (name === "closed") continue;
    const fromTopic = {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queue.arn,
      Condition: { ArnEquals: { "aws:SourceArn": machines.arn }, StringEquals: { "aws:SourceAccount": FACTS.account } },
    };
    new aws.sqs.QueuePolicy(name, {
      queueUrl: queue.url,
      policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [fromTopic] }),
    });
  }

  const mayPublish = { Sid: "Publish", Effect: "Allow", Action: "sns:Publish", Resource: people.arn };
  const throughSns = { StringEquals: { "kms:ViaService": "sns.eu-west-1.amazonaws.com" } };
  const mayUseKey = {
    Sid: "Key",
    Effect: "Allow",
    Action: ["kms:GenerateDataKey", "kms:Decrypt"],
    Resource: key.arn,
    Condition: throughSns,
  };
  for (const [name, statements] of Object.entries({ alert: [mayPublish, mayUseKey], keyless: [mayPublish] })) {
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const role = new aws.iam.Role(name, {
      name,
      assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
    });
    new aws.iam.RolePolicy(name, {
      role: role.name,
      policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements }),
    });
  }
};

/** Runs with a client of the operator, which is let go of at the end, and with the stage's mail. */
export async function withSns(
  run: (sns: SNSClient, test: TestStage & { mails: () => readonly Mail[] }) => Promise<void>,
  folder?: string,
): Promise<void> {
  await withStage(
    await render(program),
    async (test) => {
      const sns = new SNSClient(test.client());
      const topics = test.stage.service("sns");
      assert.ok(topics instanceof SnsService);
      try {
        await run(sns, { ...test, mails: () => topics.mailbox });
      } finally {
        sns.destroy();
      }
    },
    folder === undefined ? {} : { folder },
  );
}

export const publish = (sns: SNSClient, input: Partial<PublishCommandInput>) =>
  sns.send(new PublishCommand({ TopicArn: PEOPLE, Message: "hello", ...input }));

/** What waits in a queue. */
export async function bodiesIn(
  { stage }: TestStage,
  queue: string,
): Promise<{ Body: string; MessageAttributes?: object }[]> {
  const input = {
    QueueUrl: `https://sqs.eu-west-1.amazonaws.com/${FACTS.account}/${queue}`,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ["All"],
  };
  const { Messages = [] } = (await stage.dispatch(stage.operator.principal, "sqs", "ReceiveMessage", input)) as {
    Messages?: { Body: string }[];
  };
  return Messages;
}

export const inShort = (mails: readonly Mail[]): unknown[] =>
  mails.map(({ kind, to, subject, text }) => [kind, to, subject, text]);
