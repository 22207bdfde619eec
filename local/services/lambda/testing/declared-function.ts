/** A function for tests, declared by the body of its handler, with a stream that it reads when a mapping is given. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TestStage } from "../../../../test/stage";

export const REGION_ACCOUNT = "eu-west-1:000000000000";

interface Declared {
  /** Body of the handler: `event` and `context` in, an answer out. */
  readonly code: string;
  readonly mapping?: Partial<aws.lambda.EventSourceMappingArgs>;
  readonly grants?: readonly { readonly Action: string | string[]; readonly Resource: string }[];
  readonly function?: Partial<aws.lambda.FunctionArgs>;
}

/** A stream, and a function that reads it (unless it is not to). */
export const program =
  ({ code, mapping, grants = [], function: args = {} }: Declared) =>
  (): void => {
    const stream = new aws.kinesis.Stream("events", { name: "events", shardCount: 1 });
    new aws.sqs.Queue("failures", { name: "failures" });
    new aws.cloudwatch.LogGroup("f", { name: "fn" });
    const role = new aws.iam.Role("f", {
      name: "fn",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    const own = [
      {
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `arn:aws:logs:${REGION_ACCOUNT}:log-group:fn:*`,
      },
      {
        Action: [
          "kinesis:DescribeStream",
          "kinesis:DescribeStreamSummary",
          "kinesis:GetRecords",
          "kinesis:GetShardIterator",
          "kinesis:ListShards",
        ],
        Resource: `arn:aws:kinesis:${REGION_ACCOUNT}:stream/events`,
      },
      { Action: "sqs:SendMessage", Resource: `arn:aws:sqs:${REGION_ACCOUNT}:failures` },
    ];
    new aws.iam.RolePolicy("f", {
      role: role.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [...own, ...grants].map((grant) => ({ Effect: "Allow", ...grant })),
      }),
    });
    const lambda = new aws.lambda.Function("f", {
      name: "fn",
      role: role.arn,
      runtime: "nodejs24.x",
      handler: "index.handler",
      code: new pulumi.asset.AssetArchive({
        "index.js": new pulumi.asset.StringAsset(
          `let calls = 0; const say = (o) => process.stdout.write(JSON.stringify(o) + "\\n");
         const data = (r) => Buffer.from(r.kinesis.data, "base64").toString();
         exports.handler = async (event, context) => { calls++; ${code} };`,
        ),
      }),
      loggingConfig: { logFormat: "JSON", logGroup: "fn" },
      ...args,
    });
    if (mapping === undefined) return;
    new aws.lambda.EventSourceMapping("f", {
      eventSourceArn: stream.arn,
      functionName: lambda.arn,
      startingPosition: "TRIM_HORIZON",
      functionResponseTypes: ["ReportBatchItemFailures"],
      ...mapping,
    });
  };

/** What the function said, each line read. */
export const saidBy = ({ logged }: TestStage): unknown[] => logged.map((line) => JSON.parse(line) as unknown);
