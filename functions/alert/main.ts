/** Wires the alert function to its environment. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { readEnv } from "../lib/env";
import { printLine } from "../lib/print-line";
import { RejectedRecordsInBucket } from "../lib/rejected-records";
import { functions } from "../manifest";
import { AlertTable } from "./alert-store";
import { createAlertHandler } from "./handler";

const env = readEnv(functions.alert.env, process.env);
const s3 = new S3Client({});
const sns = new SNSClient({});

/** Folder that `infra` lets this function write to. */
const PREFIX = "anomalies/";

export const handler = createAlertHandler({
  alerts: new AlertTable(new DynamoDBClient({}), env.ALERT_TABLE),
  tell: async ({ subject, text }) => {
    await sns.send(new PublishCommand({ TopicArn: env.ALERT_TOPIC, Subject: subject, Message: text }));
  },
  record: async ({ key, content }) => {
    await s3.send(
      new PutObjectCommand({ Bucket: env.PROCESSED_BUCKET, Key: PREFIX + key, Body: content, ContentType: "text/csv" }),
    );
  },
  rejected: new RejectedRecordsInBucket(s3, env.PROCESSED_BUCKET),
  now: Date.now,
  print: printLine,
  metricNamespace: env.METRIC_NAMESPACE,
});
