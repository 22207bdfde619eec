/**
 * The AWS JSON protocols 1.0 and 1.1: the operation in `X-Amz-Target`, members as JSON, blobs as base64.
 * Captured from SDK v3 clients: kinesis, firehose, logs, kms (1.1); dynamodb, sqs, cloudwatch (1.0).
 */
import { AwsError, type Binding } from "../services/service";
import type { Reply, Request } from "./http";

/** What the JSON protocols call errors that the endpoint knows under another name. */
const CODES: Readonly<Record<string, string>> = {
  IncompleteSignature: "IncompleteSignatureException",
  InvalidClientTokenId: "UnrecognizedClientException",
  MissingAuthenticationToken: "MissingAuthenticationTokenException",
  SignatureDoesNotMatch: "InvalidSignatureException",
};

export function jsonErrorCode(code: string): string {
  return CODES[code] ?? code;
}

/** Who cannot be told apart has made a bad request here; elsewhere it is forbidden. */
const BAD_CREDENTIALS = [...Object.values(CODES), "ExpiredTokenException"];

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
    fail: ({ code: known, message, status, members }, requestId) => {
      const code = jsonErrorCode(known);
      return reply(BAD_CREDENTIALS.includes(code) ? 400 : status, { __type: code, message, ...members }, requestId, {
        "x-amzn-errortype": code,
      });
    },
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
