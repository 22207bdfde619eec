/**
 * `arn:aws:states:::aws-sdk:<service>:<operation>`: any operation of any service that the stage runs. Members are in
 * PascalCase both ways, whatever the service's own style; times come as ISO 8601.
 */
import type { Json } from "../language/json";
import { isObject } from "../language/json";
import { failureOf } from "./errors";
import type { Integration } from "./integration";
import { fromAnswer, toRequest, withBlobs, type BlobForm } from "./members";

interface SdkService {
  /** The name that errors begin with. */
  readonly prefix: string;
  readonly signingName: string;
  /** How the members of its requests travel: as they are, with a small first letter, or as texts of a form. */
  readonly style: "pascal" | "camel" | "form";
  /** Members of its requests that are bytes; a state gives text or data for them. @default - none */
  readonly blobs?: { readonly names: readonly string[]; readonly form: BlobForm };
}

const DATA = { names: ["Data"], form: "base64" } as const;
const BODY = { names: ["Body"], form: "bytes" } as const;

/** The services of the stage under the names that Step Functions gives them. */
const SERVICES: Readonly<Record<string, SdkService>> = {
  cloudformation: { prefix: "CloudFormation", signingName: "cloudformation", style: "form" },
  cloudwatch: { prefix: "CloudWatch", signingName: "monitoring", style: "pascal" },
  cloudwatchlogs: { prefix: "CloudWatchLogs", signingName: "logs", style: "camel" },
  codebuild: { prefix: "CodeBuild", signingName: "codebuild", style: "camel" },
  codepipeline: { prefix: "CodePipeline", signingName: "codepipeline", style: "camel" },
  dynamodb: { prefix: "DynamoDb", signingName: "dynamodb", style: "pascal" },
  eventbridge: { prefix: "EventBridge", signingName: "events", style: "pascal" },
  firehose: { prefix: "Firehose", signingName: "firehose", style: "pascal", blobs: DATA },
  kinesis: { prefix: "Kinesis", signingName: "kinesis", style: "pascal", blobs: DATA },
  kms: { prefix: "Kms", signingName: "kms", style: "pascal" },
  lambda: { prefix: "Lambda", signingName: "lambda", style: "pascal" },
  s3: { prefix: "S3", signingName: "s3", style: "pascal", blobs: BODY },
  sfn: { prefix: "Sfn", signingName: "states", style: "camel" },
  sns: { prefix: "Sns", signingName: "sns", style: "form" },
  sqs: { prefix: "Sqs", signingName: "sqs", style: "pascal" },
  sts: { prefix: "Sts", signingName: "sts", style: "form" },
};

export const SDK_SERVICES = Object.keys(SERVICES);

export function sdkIntegration(service: string, api: string): Integration | undefined {
  const known = SERVICES[service];
  if (known === undefined) return undefined;
  const { prefix, signingName, style, blobs } = known;
  const operation = `${api[0]?.toUpperCase()}${api.slice(1)}`;
  return {
    async request({ work, session, stage }): Promise<Json> {
      const members = toRequest(isObject(work) ? work : {}, style);
      const input = blobs === undefined ? members : withBlobs(members, blobs.names, blobs.form);
      return fromAnswer(await stage.dispatch(session, signingName, operation, input));
    },
    nameOf: (error) => failureOf(prefix, `${prefix}Exception`, error),
  };
}
