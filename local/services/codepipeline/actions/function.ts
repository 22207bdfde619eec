/**
 * Invoke by Lambda: the function gets a job, and says itself when it is done. While it answers with a continuation token it
 * is called again. Source: CodePipeline user guide, "Invoke an AWS Lambda function in a pipeline".
 */
import type { ActionCall, ActionKind, Standing } from "./action";

/** Milliseconds from one answer with a token to the next call. */
export const AGAIN_MS = 5_000;
/** A function must let hear of itself within this time. */
const LONGEST_SILENCE_MS = 20 * 60_000;
const CREDENTIALS_MS = 15 * 60_000;

export const lambdaFunction: ActionKind = {
  timeoutMinutes: 24 * 60,
  async begin(call) {
    await invoke(call);
    return { kind: "waiting", again: LONGEST_SILENCE_MS, change: { heard: call.context.clock.now(), isCalled: true } };
  },
  /** After a token it is called again; after silence it has failed. */
  async look(call): Promise<Standing> {
    const { record, context } = call;
    const now = context.clock.now();
    const silence = now - (record.heard ?? record.started);
    if (record.isCalled === true) {
      if (silence < LONGEST_SILENCE_MS) return { kind: "waiting", again: LONGEST_SILENCE_MS - silence };
      return {
        kind: "failed",
        code: "JobTimedOut",
        message: "The AWS Lambda function did not return a result within 20 minutes",
      };
    }
    if (record.continuation !== undefined && silence < AGAIN_MS) return { kind: "waiting", again: AGAIN_MS - silence };
    return lambdaFunction.begin(call);
  },
};

async function invoke(call: ActionCall): Promise<void> {
  const { record, session, context } = call;
  const { FunctionName = "" } = record.configuration;
  const Payload = JSON.stringify({
    "CodePipeline.job": { id: record.id, accountId: context.facts.account, data: jobData(call) },
  });
  await context.dispatch(session, "lambda", "Invoke", { FunctionName, InvocationType: "Event", Payload });
}

/** What a job is made of; the credentials reach the artifacts of this pipeline, as its role. */
export function jobData({ pipeline, record, session, context }: ActionCall): object {
  const expires = context.clock.now() + CREDENTIALS_MS;
  const { accessKeyId, secretAccessKey, sessionToken } = context.credentials.issue(session, {
    temporary: true,
    expires,
  });
  const located = ({ name, bucket, key }: (typeof record.inputs)[number]): object => ({
    name,
    revision: null,
    location: { type: "S3", s3Location: { bucketName: bucket, objectKey: key } },
  });
  return {
    actionConfiguration: { configuration: record.configuration },
    inputArtifacts: record.inputs.map(located),
    outputArtifacts: record.outputs.map(located),
    artifactCredentials: { accessKeyId, secretAccessKey, sessionToken },
    ...(record.continuation === undefined ? {} : { continuationToken: record.continuation }),
    ...(pipeline.keyId === undefined ? {} : { encryptionKey: { id: pipeline.keyId, type: "KMS" } }),
  };
}
