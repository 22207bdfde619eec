/** The checksums with which clients guard an upload, and S3 the object. Source: S3 User Guide, "Checking object integrity". */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { AwsError } from "../service";
import { crc32c, crc64nvme, type Crc64 } from "./wire/crc";

export const CHECKSUM_ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** So much is digested in half a millisecond; a whole archive at once would keep everybody waiting. */
const DIGESTED_AT_ONCE = 256 * 1024;

/** Bytes of each checksum. */
const LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** A checksum as it travels. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; of an object made of parts, where `COMPOSITE`: the checksum of the parts' checksums, `-` and their number. */
  readonly value: string;
  readonly type: "FULL_OBJECT" | "COMPOSITE";
}

/** A checksum in the making. */
export interface Hasher {
  update(bytes: Uint8Array): unknown;
  digest(): Buffer;
}

export function hasherOf(algorithm: ChecksumAlgorithm): Hasher {
  switch (algorithm) {
    case "CRC32":
      return crcHasher(crc32, 0, word);
    case "CRC32C":
      return crcHasher(crc32c, 0, word);
    case "CRC64NVME":
      return crcHasher<Crc64>(crc64nvme, { high: 0, low: 0 }, ({ high, low }) =>
        Buffer.concat([word(high), word(low)]),
      );
    case "SHA1":
    case "SHA256":
      return createHash(algorithm.toLowerCase());
  }
}

function crcHasher<State>(
  advance: (bytes: Uint8Array, before: State) => State,
  start: State,
  write: (state: State) => Buffer,
): Hasher {
  let state = start;
  return {
    update: (bytes) => (state = advance(bytes, state)),
    digest: () => write(state),
  };
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The checksum of some bytes, in base64. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  const hasher = hasherOf(algorithm);
  hasher.update(bytes);
  return hasher.digest().toString("base64");
}

/** @throws AwsError `BadDigest` when the content has another checksum, `InvalidRequest` when the value is none */
export function verifyChecksum(algorithm: ChecksumAlgorithm, value: string, content: Uint8Array): void {
  if (!isBase64(value, LENGTHS[algorithm])) {
    throw new AwsError("InvalidRequest", `Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`);
  }
  if (checksumOf(algorithm, content) === value) return;
  throw new AwsError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
}

/** @throws AwsError `BadDigest`, or `InvalidDigest` when the value is no MD5 */
export function verifyMd5(value: string, content: Uint8Array): void {
  if (!isBase64(value, 16)) throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.");
  if (createHash("md5").update(content).digest("base64") === value) return;
  throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.");
}

/** The entity tag of an object put at once, or of a part: the MD5 of its bytes in hex. */
export async function etagOf(content: Uint8Array): Promise<string> {
  const digest = createHash("md5");
  for (let from = 0; from < content.length; from += DIGESTED_AT_ONCE) {
    if (from > 0) await setImmediate();
    digest.update(content.subarray(from, from + DIGESTED_AT_ONCE));
  }
  return digest.digest("hex");
}

/** The checksum of an object made of parts that have a checksum each. */
export function compositeOf(algorithm: ChecksumAlgorithm, parts: readonly string[]): Checksum {
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
  return { algorithm, type: "COMPOSITE", value: `${checksumOf(algorithm, joined)}-${parts.length}` };
}

function isBase64(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, "base64");
  return decoded.length === bytes && decoded.toString("base64") === text;
}
