/**
 * The AWS JSON protocols 1.0 and 1.1: the operation in `X-Amz-Target`, members as JSON, blobs as base64.
 * Captured from SDK v3 clients: kinesis, firehose, logs, kms (1.1); dynamodb, sqs, cloudwatch (1.0).
 */
import { AwsError, type Binding } from "../services/service";
import type { Reply, Request } from "./http";

/** @param target prefix of `X-Amz-Target`, e.g. `Kinesis_20131202` */
export function jsonBinding(target: string, version: "1.0" | "1.1"): Binding {
  const contentType = `application/x-amz-json-${version}`;
  const reply = (status: number, body: unknown, requestId: string, headers: Record<string, string> = {}): Reply => ({
    status,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId, ...headers },
    body: JSON.stringify(body ?? {}),
  });
  return {
    read({ headers, body }: Request) {
      const [prefix, operation] = (headers["x-amz-target"] ?? "").split(".");
      if (prefix !== target || operation === undefined) {
        throw new AwsError(
          "UnknownOperationException",
          `X-Amz-Target must be ${target}.<operation>, got "${headers["x-amz-target"] ?? ""}"`,
        );
      }
      return { operation, input: parseJson(body) };
    },
    reply: (_operation, output, requestId) => reply(200, output, requestId),
    fail: ({ code, message, status, members }, requestId) =>
      reply(status, { __type: code, message, ...members }, requestId, { "x-amzn-errortype": code }),
  };
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "the request's body is not JSON");
  }
}
