/** The same few resources on every endpoint: declared to the local stage by a program, made by calls everywhere else. */
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { CreateStreamCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import * as aws from "@pulumi/aws";
import { SHIPPING } from "./machine";

export interface Endpoint {
  readonly url: string;
  readonly account: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export const REGION = "eu-west-1";

/** Clients of one endpoint, and what calls leave for the calls after them. */
export class World {
  readonly s3: S3Client;
  readonly kinesis: KinesisClient;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly sts: STSClient;
  readonly events: EventBridgeClient;
  readonly sfn: SFNClient;
  readonly #kept = new Map<string, string>();

  constructor(readonly endpoint: Endpoint) {
    const { url, credentials } = endpoint;
    const config = { endpoint: url, region: REGION, credentials, maxAttempts: 1 };
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    // Its client speaks HTTP/2 unless it is told otherwise, which the others do not understand.
    this.kinesis = new KinesisClient({ ...config, requestHandler: new NodeHttpHandler() });
    this.dynamodb = new DynamoDBClient(config);
    this.sqs = new SQSClient(config);
    this.sns = new SNSClient(config);
    this.sts = new STSClient(config);
    this.events = new EventBridgeClient(config);
    this.sfn = new SFNClient(config);
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${REGION}:${this.endpoint.account}:${resource}`;
  }

  queueUrl(name: string): string {
    return `${this.endpoint.url}/${this.endpoint.account}/${name}`;
  }

  keep(name: string, value: string | undefined): void {
    if (value !== undefined) this.#kept.set(name, value);
  }

  /** What an earlier call left; a text that no service gave out where that call failed. */
  kept(name: string): string {
    return this.#kept.get(name) ?? "was-never-given-out";
  }

  close(): void {
    for (const client of [this.s3, this.kinesis, this.dynamodb, this.sqs, this.sns, this.sts, this.events, this.sfn])
      client.destroy();
  }
}

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** The world as a program. */
export function declareWorld(): void {
  new aws.s3.Bucket("lake", { bucket: "lake" });
  const versions = new aws.s3.Bucket("versions", { bucket: "versions" });
  new aws.s3.BucketVersioning("versions", {
    bucket: versions.bucket,
    versioningConfiguration: { status: "Enabled" },
  });
  new aws.kinesis.Stream("clicks", { name: "clicks", shardCount: 2 });
  new aws.dynamodb.Table("visits", {
    name: "visits",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "site",
    rangeKey: "hour",
    attributes: [
      { name: "site", type: "S" },
      { name: "hour", type: "N" },
    ],
  });
  const orders = new aws.sqs.Queue("orders", { name: "orders", visibilityTimeoutSeconds: 30 });
  const news = new aws.sns.Topic("news", { name: "news" });
  const allow = (service: string) =>
    orders.arn.apply((arn) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sqs:SendMessage", Resource: arn }],
      }),
    );
  new aws.sqs.QueuePolicy("orders", { queueUrl: orders.url, policy: allow("sns.amazonaws.com") });
  new aws.sns.TopicSubscription("orders", {
    topic: news.arn,
    protocol: "sqs",
    endpoint: orders.arn,
    rawMessageDelivery: true,
    filterPolicy: JSON.stringify({ kind: ["order"] }),
  });
  const role = new aws.iam.Role("machine", { name: "machine", assumeRolePolicy: TRUST });
  new aws.sfn.StateMachine("shipping", { name: "shipping", roleArn: role.arn, definition: JSON.stringify(SHIPPING) });
}

/** The world by calls. */
export async function createWorld(world: World): Promise<void> {
  const { s3, kinesis, dynamodb, sqs, sns, sfn } = world;
  for (const Bucket of ["lake", "versions"]) {
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  }
  await s3.send(new PutBucketVersioningCommand({ Bucket: "versions", VersioningConfiguration: { Status: "Enabled" } }));
  await kinesis.send(new CreateStreamCommand({ StreamName: "clicks", ShardCount: 2 }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "visits",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "site", KeyType: "HASH" },
        { AttributeName: "hour", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "site", AttributeType: "S" },
        { AttributeName: "hour", AttributeType: "N" },
      ],
    }),
  );
  await sqs.send(new CreateQueueCommand({ QueueName: "orders", Attributes: { VisibilityTimeout: "30" } }));
  await sns.send(new CreateTopicCommand({ Name: "news" }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: world.arn("sns", "news"),
      Protocol: "sqs",
      Endpoint: world.arn("sqs", "orders"),
      Attributes: { RawMessageDelivery: "true", FilterPolicy: JSON.stringify({ kind: ["order"] }) },
    }),
  );
  await sfn.send(
    new CreateStateMachineCommand({
      name: "shipping",
      roleArn: `arn:aws:iam::${world.endpoint.account}:role/machine`,
      definition: JSON.stringify(SHIPPING),
    }),
  );
}
