/**
 * Which permission a command of the SDK takes. Most carry the name of their operation; the rest stand here, from the
 * service authorization reference and each service's own list of permissions.
 */
import type { SdkCall } from "./sdk-calls";

/** IAM's prefix of each client. */
const PREFIXES: Readonly<Record<string, string>> = {
  "client-athena": "athena",
  "client-cloudformation": "cloudformation",
  "client-cloudwatch": "cloudwatch",
  "client-cloudwatch-logs": "logs",
  "client-codebuild": "codebuild",
  "client-codepipeline": "codepipeline",
  "client-dynamodb": "dynamodb",
  "client-ecs": "ecs",
  "client-emr-serverless": "emr-serverless",
  "client-eventbridge": "events",
  "client-firehose": "firehose",
  "client-glue": "glue",
  "client-kinesis": "kinesis",
  "client-kms": "kms",
  "client-lambda": "lambda",
  "client-redshift-data": "redshift-data",
  "client-s3": "s3",
  "client-scheduler": "scheduler",
  "client-secrets-manager": "secretsmanager",
  "client-sfn": "states",
  "client-sns": "sns",
  "client-sqs": "sqs",
  "client-ssm": "ssm",
  "client-sts": "sts",
};

/** `every`: all of them are needed. `some`: which of them depends on what is asked for. */
export type NeededActions = { readonly every: readonly string[] } | { readonly some: readonly string[] };

const every = (...actions: readonly string[]): NeededActions => ({ every: actions });
const some = (...actions: readonly string[]): NeededActions => ({ some: actions });

const EXCEPTIONS: Readonly<Record<string, NeededActions>> = {
  "dynamodb:TransactGetItems": every("dynamodb:GetItem"),
  "dynamodb:TransactWriteItems": some(
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
  ),
  "dynamodb:ExecuteStatement": some(
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLSelect",
    "dynamodb:PartiQLUpdate",
  ),
  "lambda:Invoke": every("lambda:InvokeFunction"),
  "s3:AbortMultipartUpload": every("s3:AbortMultipartUpload"),
  "s3:CompleteMultipartUpload": every("s3:PutObject"),
  "s3:CopyObject": every("s3:GetObject", "s3:PutObject"),
  "s3:CreateMultipartUpload": every("s3:PutObject"),
  "s3:DeleteObjects": every("s3:DeleteObject"),
  "s3:HeadBucket": every("s3:ListBucket"),
  "s3:HeadObject": every("s3:GetObject"),
  "s3:ListBuckets": every("s3:ListAllMyBuckets"),
  "s3:ListMultipartUploads": every("s3:ListBucketMultipartUploads"),
  "s3:ListObjects": every("s3:ListBucket"),
  "s3:ListObjectsV2": every("s3:ListBucket"),
  "s3:ListObjectVersions": every("s3:ListBucketVersions"),
  "s3:ListParts": every("s3:ListMultipartUploadParts"),
  "s3:SelectObjectContent": every("s3:GetObject"),
  "s3:UploadPart": every("s3:PutObject"),
  "s3:UploadPartCopy": every("s3:GetObject", "s3:PutObject"),
  "sns:PublishBatch": every("sns:Publish"),
  "sqs:ChangeMessageVisibilityBatch": every("sqs:ChangeMessageVisibility"),
  "sqs:DeleteMessageBatch": every("sqs:DeleteMessage"),
  "sqs:SendMessageBatch": every("sqs:SendMessage"),
  "redshift-data:BatchExecuteStatement": every("redshift-data:BatchExecuteStatement"),
};

/** Calls that take no permission of the caller's. */
const FREE: ReadonlySet<string> = new Set(["sts:GetCallerIdentity"]);

/** What a call needs; nothing when the client is none that this table knows. */
export function actionsOf({ client, operation }: Pick<SdkCall, "client" | "operation">): NeededActions | undefined {
  const prefix = PREFIXES[client];
  if (prefix === undefined) return undefined;
  const action = `${prefix}:${operation}`;
  return FREE.has(action) ? every() : (EXCEPTIONS[action] ?? every(action));
}

/** Permissions that no call asks for, and that change the answer to one: S3 tells what is missing only to who may list. */
const ASIDE: Readonly<Record<string, string>> = { "s3:ListBucket": "s3:GetObject" };

/** The action that makes a permission worth having, where that is another one. */
export function askedBy(action: string): string {
  return ASIDE[action] ?? action;
}

/** Everything that the exceptions name. */
export function exceptionalActions(): string[] {
  return Object.values(EXCEPTIONS).flatMap((needed) => ("every" in needed ? needed.every : needed.some));
}
