/** Wires the notice function to its environment. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { createRaiseAnomaly } from "../lib/anomaly-stream";
import { readEnv } from "../lib/env";
import { printLine } from "../lib/print-line";
import { functions } from "../manifest";
import { createNoticeHandler } from "./handler";
import { WatchedSitesIndex } from "./watched-sites";

const env = readEnv(functions.notice.env, process.env);

export const handler = createNoticeHandler({
  sites: new WatchedSitesIndex(new DynamoDBClient({}), env.FOREST_TABLE, env.FOREST_TABLE_INDEX),
  raise: createRaiseAnomaly(new KinesisClient({}), env.ANOMALY_STREAM),
  silenceSeconds: env.SILENCE_SECONDS,
  print: printLine,
  metricNamespace: env.METRIC_NAMESPACE,
});
