/**
 * What AWS itself calls under a function's role, told from the graph: it writes the function's log, places it in the
 * network, polls what feeds it, and hands over what failed. Source: Lambda developer guide, execution role.
 */
import type { Graph, Resource } from "../../../local/graph/graph";
import { isRecord, type Value } from "../../../local/graph/value";

const LOG = ["logs:CreateLogStream", "logs:PutLogEvents"];

const NETWORK = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

const TRACES = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"];

/** What polling takes, by the service that the source's ARN names. */
const POLLING: Readonly<Record<string, readonly string[]>> = {
  kinesis: [
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:SubscribeToShard",
  ],
  sqs: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
  dynamodb: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
  kafka: ["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers", "kafka-cluster:Connect", "kafka-cluster:ReadData"],
};

/** What handing over takes, by the service of the destination. */
const HANDING_OVER: Readonly<Record<string, readonly string[]>> = {
  sqs: ["sqs:SendMessage"],
  sns: ["sns:Publish"],
  s3: ["s3:ListBucket", "s3:PutObject"],
  lambda: ["lambda:InvokeFunction"],
  events: ["events:PutEvents"],
};

export function serviceCalls(graph: Graph, lambda: Resource): ReadonlySet<string> {
  const { vpcConfig, tracingConfig } = lambda.inputs;
  const mappings = graph
    .ofType("aws:lambda/eventSourceMapping:EventSourceMapping")
    .filter((each) => isOf(each, lambda));
  const configs = graph
    .ofType("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
    .filter((each) => isOf(each, lambda));
  const sources = mappings.map(({ inputs }) => serviceOf(inputs["eventSourceArn"]));
  const failures = [...mappings, ...configs].flatMap(({ inputs }) => destinationsOf(inputs["destinationConfig"]));
  return new Set([
    ...LOG,
    ...(vpcConfig === undefined ? [] : NETWORK),
    ...(isRecord(tracingConfig) && tracingConfig["mode"] === "Active" ? TRACES : []),
    ...sources.flatMap((service) => POLLING[service] ?? []),
    ...[...failures, ...deadLetters(lambda)].map(serviceOf).flatMap((service) => HANDING_OVER[service] ?? []),
  ]);
}

function isOf({ inputs }: Resource, { outputs }: Resource): boolean {
  const name = inputs["functionName"];
  return name === outputs["arn"] || name === outputs["name"];
}

/** Destinations of what failed, and of what did not. */
function destinationsOf(config: Value | undefined): (Value | undefined)[] {
  if (!isRecord(config)) return [];
  return ["onFailure", "onSuccess"].flatMap((when) => {
    const each = config[when];
    return isRecord(each) ? [each["destinationArn"], each["destination"]] : [];
  });
}

function deadLetters({ inputs }: Resource): (Value | undefined)[] {
  const config = inputs["deadLetterConfig"];
  return isRecord(config) ? [config["targetArn"]] : [];
}

/** `arn:aws:kinesis:...` is of kinesis. */
function serviceOf(arn: Value | undefined): string {
  return typeof arn === "string" ? (arn.split(":")[2] ?? "") : "";
}
