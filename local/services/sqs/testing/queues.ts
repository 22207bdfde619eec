/** Queues of a small program on a stage, and short ways to drive them through the SDK client. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
  type QueueAttributeName,
  type ReceiveMessageCommandInput,
} from "@aws-sdk/client-sqs";
import { FACTS, render, START, withStage, type TestStage } from "../../../../test/stage";

export const URL_OF = (name: string): string => `https://sqs.eu-west-1.amazonaws.com/${FACTS.account}/${name}`;
export const JOBS = URL_OF("jobs");
export const DEAD = URL_OF("dead");

const program = (): void => {
  const key = new aws.kms.Key("data", {});
  const dead = new aws.sqs.Queue("dead", { name: "dead", messageRetentionSeconds: 1_209_600 });
  new aws.sqs.Queue("jobs", {
    name: "jobs",
    visibilityTimeoutSeconds: 10,
    messageRetentionSeconds: 3600,
    redrivePolicy: dead.arn.apply((arn) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 2 })),
  });
  new aws.sqs.Queue("later", { name: "later", delaySeconds: 5, maxMessageSize: 1024 });
  const sealed = new aws.sqs.Queue("sealed", { name: "sealed", kmsMasterKeyId: key.arn, maxMessageSize: 1_048_576 });
  const statement = (sid: string, action: string | string[], resource: pulumi.Input<string>, condition?: object) => ({
    Sid: sid,
    Effect: "Allow",
    Action: action,
    Resource: resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  });
  const throughSqs = { StringEquals: { "kms:ViaService": "sqs.eu-west-1.amazonaws.com" } };
  grant("worker", [statement("Send", "sqs:SendMessage", dead.arn)]);
  grant("sealer", [
    statement("Send", ["sqs:SendMessage", "sqs:ReceiveMessage"], sealed.arn),
    statement("Key", ["kms:GenerateDataKey", "kms:Decrypt"], key.arn, throughSqs),
  ]);
  grant("reader", [statement("Receive", ["sqs:SendMessage", "sqs:ReceiveMessage"], sealed.arn)]);
};

function grant(name: string, statements: object[]): void {
  const role = new aws.iam.Role(name, {
    name,
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  new aws.iam.RolePolicy(name, {
    role: role.name,
    policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements }),
  });
}

/** Runs with a client of the operator, which is let go of at the end. */
export async function withSqs(
  run: (sqs: SQSClient, test: TestStage) => Promise<void>,
  folder?: string,
  start = START,
): Promise<void> {
  await withStage(
    await render(program),
    async (test) => {
      const sqs = new SQSClient(test.client());
      try {
        await run(sqs, test);
      } finally {
        sqs.destroy();
      }
    },
    { start, ...(folder === undefined ? {} : { folder }) },
  );
}

export async function receive(
  sqs: SQSClient,
  QueueUrl: string,
  more: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }));
  return Messages;
}

export const send = (sqs: SQSClient, QueueUrl: string, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
export const bodies = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);

export async function counts(sqs: SQSClient, QueueUrl: string): Promise<string> {
  const names: QueueAttributeName[] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
  ];
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }));
  return names.map((name) => Attributes[name]).join(" ");
}
