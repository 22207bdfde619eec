/**
 * AWS Signature Version 4, the side that checks. Source: "Signing AWS API requests" in AWS's general reference.
 * The signature says who calls; it is checked so that no local process can act as the operator without the secret.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { AwsError } from "../services/service";
import { decodePercent, type Request } from "./http";

/** The parts of a signed request that name its signer. */
export interface SignedScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

interface Signed extends SignedScope {
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly timestamp: string;
  /** True when the signature stands in the query string (a presigned URL). */
  readonly presigned: boolean;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

export function isSigned(request: Pick<Request, "headers" | "rawQuery">): boolean {
  return (
    request.headers["authorization"]?.startsWith(ALGORITHM) === true || request.rawQuery.includes("X-Amz-Algorithm=")
  );
}

/** @throws AwsError when the request carries no readable signature */
export function readSignature(request: Request): Signed {
  const header = request.headers["authorization"];
  if (header !== undefined) {
    const fields = new Map(
      header
        .slice(ALGORITHM.length)
        .split(",")
        .map((field) => {
          const [name = "", ...value] = field.trim().split("=");
          return [name, value.join("=")] as const;
        }),
    );
    return assemble(fields.get("Credential"), fields.get("SignedHeaders"), fields.get("Signature"), {
      timestamp: request.headers["x-amz-date"] ?? "",
      presigned: false,
    });
  }
  const { query } = request;
  return assemble(query.get("X-Amz-Credential"), query.get("X-Amz-SignedHeaders"), query.get("X-Amz-Signature"), {
    timestamp: query.get("X-Amz-Date") ?? "",
    presigned: true,
  });
}

function assemble(
  credential: string | null | undefined,
  headers: string | null | undefined,
  signature: string | null | undefined,
  rest: { timestamp: string; presigned: boolean },
): Signed {
  const [accessKeyId, date, region, service, terminator] = (credential ?? "").split("/");
  if (!accessKeyId || !date || !region || !service || terminator !== "aws4_request" || !headers || !signature) {
    throw new AwsError(
      "IncompleteSignature",
      "the Authorization header lacks Credential, SignedHeaders or Signature",
      403,
    );
  }
  return { accessKeyId, date, region, service, signedHeaders: headers.split(";"), signature, ...rest };
}

/** Checks signatures, with the signing keys of the day remembered. */
export class SignatureVerifier {
  readonly #signingKeys = new Map<string, Buffer>();

  /** @throws AwsError `SignatureDoesNotMatch` */
  verify(request: Request, signed: Signed, secretAccessKey: string): void {
    const scope = `${signed.date}/${signed.region}/${signed.service}/aws4_request`;
    const canonical = canonicalRequest(request, signed);
    const toSign = [ALGORITHM, signed.timestamp, scope, createHash("sha256").update(canonical).digest("hex")].join(
      "\n",
    );
    const expected = createHmac("sha256", this.#signingKey(signed, secretAccessKey)).update(toSign).digest();
    const given = Buffer.from(signed.signature, "hex");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new AwsError(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
        403,
      );
    }
  }

  #signingKey({ accessKeyId, date, region, service }: SignedScope, secret: string): Buffer {
    const name = `${accessKeyId}/${date}/${region}/${service}`;
    const known = this.#signingKeys.get(name);
    if (known !== undefined) return known;
    const key = [date, region, service, "aws4_request"].reduce<Buffer>(
      (chained, part) => createHmac("sha256", chained).update(part).digest(),
      Buffer.from(`AWS4${secret}`),
    );
    if (this.#signingKeys.size > 1000) this.#signingKeys.clear();
    this.#signingKeys.set(name, key);
    return key;
  }
}

function canonicalRequest(request: Request, signed: Signed): string {
  const { headers, body } = request;
  const payload = signed.presigned
    ? (headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD")
    : (headers["x-amz-content-sha256"] ?? createHash("sha256").update(body).digest("hex"));
  return [
    request.method,
    canonicalPath(request.path, signed.service),
    canonicalQuery(request.rawQuery),
    ...signed.signedHeaders.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}`),
    "",
    signed.signedHeaders.join(";"),
    payload,
  ].join("\n");
}

/** S3 signs the path as it is sent; every other service encodes it once more. */
function canonicalPath(path: string, service: string): string {
  const once = path.split("/").map((segment) => encode(decodePercent(segment)));
  return (service === "s3" ? once : once.map(encode)).join("/");
}

function canonicalQuery(rawQuery: string): string {
  if (rawQuery === "") return "";
  return rawQuery
    .split("&")
    .map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      return [encode(decodePercent(name)), encode(decodePercent(value))] as const;
    })
    .filter(([name]) => name !== "X-Amz-Signature")
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** Percent-encodes all but RFC 3986's unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
