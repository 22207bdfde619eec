/**
 * What a call moves between two components, by the permission that it needs: which way, what, and how many. Calls that
 * only look (list, describe, tag) move nothing and are not here.
 */

/** A role that writes sends something to the resource; one that reads gets something from it. */
export type Direction = "writes" | "reads";

export interface Move {
  readonly direction: Direction;
  /** What is counted, in the singular. */
  readonly unit: "record" | "object" | "item" | "message" | "call" | "statement" | "run";
  /** How many of them one call moves. @default 1 */
  readonly count?: (input: unknown, output: unknown) => number;
}

const entriesOf =
  (member: string) =>
  (value: unknown): number => {
    const entries = (value as Readonly<Record<string, unknown>> | undefined)?.[member];
    return Array.isArray(entries) ? entries.length : 1;
  };

const writes = (unit: Move["unit"], member?: string): Move => ({
  direction: "writes",
  unit,
  ...(member === undefined ? {} : { count: entriesOf(member) }),
});

const reads = (unit: Move["unit"], member?: string): Move => {
  if (member === undefined) return { direction: "reads", unit };
  const count = entriesOf(member);
  return { direction: "reads", unit, count: (_, output) => count(output) };
};

/** By action, as IAM names it. */
export const MOVES: Readonly<Record<string, Move>> = {
  "kinesis:PutRecord": writes("record"),
  "kinesis:PutRecords": writes("record", "Records"),
  "kinesis:GetRecords": reads("record", "Records"),
  "kinesis:SubscribeToShard": reads("record"),
  "firehose:PutRecord": writes("record"),
  "firehose:PutRecordBatch": writes("record", "Records"),
  "kafka-cluster:WriteData": writes("record"),
  "kafka-cluster:ReadData": reads("record"),
  "s3:PutObject": writes("object"),
  "s3:GetObject": reads("object"),
  "dynamodb:PutItem": writes("item"),
  "dynamodb:UpdateItem": writes("item"),
  "dynamodb:DeleteItem": writes("item"),
  "dynamodb:BatchWriteItem": writes("item"),
  "dynamodb:GetItem": reads("item"),
  "dynamodb:BatchGetItem": reads("item"),
  "dynamodb:Query": reads("item", "Items"),
  "dynamodb:Scan": reads("item", "Items"),
  "sqs:SendMessage": writes("message", "Entries"),
  "sqs:ReceiveMessage": reads("message", "Messages"),
  "sns:Publish": writes("message", "PublishBatchRequestEntries"),
  "events:PutEvents": writes("message", "Entries"),
  "lambda:InvokeFunction": writes("call"),
  "states:StartExecution": writes("run"),
  "ecs:RunTask": writes("run"),
  "emr-serverless:StartJobRun": writes("run"),
  "codebuild:StartBuild": writes("run"),
  "codepipeline:StartPipelineExecution": writes("run"),
  "redshift-data:ExecuteStatement": writes("statement"),
  "redshift-data:BatchExecuteStatement": writes("statement", "Sqls"),
  "athena:StartQueryExecution": writes("statement"),
};
