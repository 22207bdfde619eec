/** Signs a request as an AWS client does (Signature Version 4), for requests that no client would send. */
import { createHash, createHmac } from "node:crypto";
import type { ClientConfig } from "./stage";

export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @param now of the machine: the signature's time */
export function signed(
  { method, path, headers, body }: PlainRequest,
  service: string,
  { endpoint, region, credentials }: Pick<ClientConfig, "endpoint" | "region" | "credentials">,
  now = new Date(),
): Record<string, string> {
  const timestamp = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const day = timestamp.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const { sessionToken } = credentials;
  const all: Record<string, string> = {
    ...headers,
    host: new URL(endpoint).host,
    "x-amz-content-sha256": sha256(body),
    "x-amz-date": timestamp,
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken }),
  };
  const names = Object.keys(all).sort();
  const canonical = [
    method,
    path,
    "",
    ...names.map((name) => `${name}:${all[name]}`),
    "",
    names.join(";"),
    sha256(body),
  ];
  const toSign = ["AWS4-HMAC-SHA256", timestamp, scope, sha256(canonical.join("\n"))].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<Buffer>(
    (chained, part) => createHmac("sha256", chained).update(part).digest(),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { ...all, authorization };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
