/** Wires the detect function to its environment. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { S3Client } from "@aws-sdk/client-s3";
import { readRules } from "../lib/anomaly";
import { createRaiseAnomaly } from "../lib/anomaly-stream";
import { readEnv } from "../lib/env";
import { printLine } from "../lib/print-line";
import { RejectedRecordsInBucket } from "../lib/rejected-records";
import { functions } from "../manifest";
import { planRules } from "./forest";
import { createDetectHandler } from "./handler";
import { createRateForest } from "./rate-forest";
import { SeenBeaconsTable } from "./seen-beacons";
import { SiteTable } from "./site-store";

const env = readEnv(functions.detect.env, process.env);
const dynamodb = new DynamoDBClient({});

export const handler = createDetectHandler({
  policy: {
    rules: planRules({
      cutoff: env.ANOMALY_CUTOFF,
      repeated: { needed: 2, of: 3 },
      adaptive: { timeDecay: env.ANOMALY_TIME_DECAY, shingle: 1 },
    }),
    raisedBy: readRules(env.ANOMALY_RULES),
    forest: createRateForest({
      trees: env.ANOMALY_TREES,
      samples: env.ANOMALY_SAMPLES,
      timeDecay: env.ANOMALY_TIME_DECAY,
    }),
  },
  sites: new SiteTable(dynamodb, env.FOREST_TABLE),
  seen: new SeenBeaconsTable(dynamodb, env.FOREST_TABLE, env.RETRY_HORIZON_SECONDS),
  rejected: new RejectedRecordsInBucket(new S3Client({}), env.REJECTED_BUCKET),
  raise: createRaiseAnomaly(new KinesisClient({}), env.ANOMALY_STREAM),
  print: printLine,
  metricNamespace: env.METRIC_NAMESPACE,
});
