/** A stream, a bucket and a delivery stream between them for tests, with a role that may do what that takes. */
import { gunzipSync } from "node:zlib";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { TestStage } from "../../../../test/stage";

const ACCOUNT = "000000000000";
export const BUCKET = "deliveries";
export const STREAM = "events";
export const DELIVERY = "delivery";

type Destination = aws.types.input.kinesis.FirehoseDeliveryStreamExtendedS3Configuration;

export interface DeliveryOptions {
  /** Changes to the destination. */
  readonly s3?: Partial<Destination>;
  /** Changes to the delivery stream. */
  readonly stream?: Partial<aws.kinesis.FirehoseDeliveryStreamArgs>;
  /** Whether producers put into the delivery stream itself. @default false */
  readonly direct?: boolean;
  /** What the role may do. @default everything that is needed */
  readonly actions?: readonly string[];
  /** Who may take on the role. */
  readonly trusted?: string;
}

const NEEDED = [
  "kinesis:DescribeStream",
  "kinesis:GetRecords",
  "kinesis:GetShardIterator",
  "kinesis:ListShards",
  "logs:PutLogEvents",
  "s3:PutObject",
];

export function delivering({ s3 = {}, stream = {}, direct = false, ...role }: DeliveryOptions = {}): () => void {
  return () => {
    const { actions = NEEDED, trusted = "firehose.amazonaws.com" } = role;
    const deliverer = new aws.iam.Role("deliverer", {
      name: "deliverer",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: trusted },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "sts:ExternalId": ACCOUNT } },
          },
        ],
      }),
    });
    new aws.iam.RolePolicy("deliverer", {
      role: deliverer.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
      }),
    });
    const bucket = new aws.s3.Bucket("deliveries", { bucket: BUCKET });
    const source = new aws.kinesis.Stream("events", { name: STREAM, shardCount: 2 });
    const kinesisSourceConfiguration = { kinesisStreamArn: source.arn, roleArn: deliverer.arn };
    const extendedS3Configuration: pulumi.Input<Destination> = {
      roleArn: deliverer.arn,
      bucketArn: bucket.arn,
      bufferingInterval: 60,
      ...s3,
    };
    new aws.kinesis.FirehoseDeliveryStream("delivery", {
      name: DELIVERY,
      destination: "extended_s3",
      ...(direct ? {} : { kinesisSourceConfiguration }),
      extendedS3Configuration,
      ...stream,
    });
  };
}

/** A processor that ends every record. */
export function delimiter(parameterValue: string): Pick<Destination, "processingConfiguration"> {
  const parameters = [{ parameterName: "Delimiter", parameterValue }];
  return { processingConfiguration: { enabled: true, processors: [{ type: "AppendDelimiterToRecord", parameters }] } };
}

/** What has been delivered: the text of each object, by key. */
export async function delivered({ client }: Pick<TestStage, "client">, Prefix = ""): Promise<Map<string, string>> {
  const s3 = new S3Client(client());
  try {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
    const objects = new Map<string, string>();
    for (const { Key = "" } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      objects.set(Key, (Key.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString());
    }
    return objects;
  } finally {
    s3.destroy();
  }
}
