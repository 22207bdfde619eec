/** The bytes of a request as the client meant them: out of their chunks, and proven by whatever checksum came along. */
import { createHash } from "node:crypto";
import type { Request } from "../../../endpoint/http";
import { AwsError } from "../../service";
import { CHECKSUM_ALGORITHMS, verifyChecksum, verifyMd5 } from "../checksum";
import { invalidArgument } from "../errors";
import { unchunk } from "./chunked";

export interface Payload {
  readonly content: Buffer;
  /** Checksums that were in headers or behind the content, by member. */
  readonly checksums: Readonly<Record<string, string>>;
}

/**
 * @param checksumsObject whether checksums are of something else than the body, and so are not verified here
 * @throws AwsError `BadDigest` and the like when the bytes are not what was meant
 */
export function readPayload({ headers, body }: Request, checksumsObject: boolean): Payload {
  const hash = headers["x-amz-content-sha256"];
  const streamed = hash?.startsWith("STREAMING-") === true;
  const { content, trailers } = streamed ? unchunk(body, announcedLength(headers)) : { content: body, trailers: {} };
  if (hash !== undefined && /^[0-9a-f]{64}$/.test(hash)) verifyHash(hash, content);
  for (const name of (headers["x-amz-trailer"] ?? "").split(",").filter(Boolean)) {
    if (trailers[name.trim().toLowerCase()] === undefined) {
      throw new AwsError(
        "MalformedTrailerError",
        `The request contained no trailer ${name.trim()}, which it announces.`,
      );
    }
  }
  const md5 = headers["content-md5"];
  if (md5 !== undefined) verifyMd5(md5, content);
  const checksums: Record<string, string> = {};
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
    const value = trailers[name] ?? headers[name];
    if (value === undefined) continue;
    if (!checksumsObject) verifyChecksum(algorithm, value, content);
    checksums[`Checksum${algorithm}`] = value;
  }
  return { content, checksums };
}

function announcedLength(headers: Request["headers"]): number {
  const length = headers["x-amz-decoded-content-length"] ?? "";
  if (/^\d{1,15}$/.test(length)) return Number(length);
  throw invalidArgument("x-amz-decoded-content-length", length, "the number of bytes before chunking");
}

function verifyHash(hash: string, content: Buffer): void {
  if (createHash("sha256").update(content).digest("hex") === hash) return;
  throw new AwsError(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}
