/** How the parts of an upload become one object, and which checksum it has. */
import { createHash } from "node:crypto";
import { AwsError } from "../service";
import { compositeOf, hasherOf, type Checksum, type ChecksumAlgorithm } from "./checksum";
import type { Part, Upload } from "./store/version";

/** Smallest part but the last. Source: S3 User Guide, "Multipart upload limits". */
const SMALLEST_PART = 5 * 2 ** 20;

/** A part as the caller who finishes the upload names it. */
export interface NamedPart {
  readonly number: number;
  /** With quotation marks or without. */
  readonly etag: string;
  readonly checksum: Checksum | undefined;
}

/** The parts that make the object. @throws AwsError when they are out of order, unknown, or too small */
export function chooseParts(parts: ReadonlyMap<number, Part>, named: readonly NamedPart[]): readonly Part[] {
  if (named.some(({ number }, index) => number <= (named[index - 1]?.number ?? 0))) {
    throw new AwsError(
      "InvalidPartOrder",
      "The list of parts was not in ascending order. Parts must be ordered by part number.",
    );
  }
  const chosen = named.map(({ number, etag, checksum }) => {
    const part = parts.get(number);
    const same =
      part?.etag === etag.replaceAll('"', "") && (checksum?.value ?? part.checksum?.value) === part.checksum?.value;
    if (part !== undefined && same) return part;
    throw new AwsError(
      "InvalidPart",
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      400,
      { PartNumber: number, ETag: etag },
    );
  });
  const small = chosen.slice(0, -1).find(({ blob }) => blob.size < SMALLEST_PART);
  if (small === undefined) return chosen;
  throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400, {
    PartNumber: small.number,
    ProposedSize: small.blob.size,
    MinSizeAllowed: SMALLEST_PART,
  });
}

/** The MD5 of the parts' MD5s, `-` and their number. */
export function etagOfParts(parts: readonly Part[]): string {
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex")));
  return `${createHash("md5").update(digests).digest("hex")}-${parts.length}`;
}

/**
 * How the finished object will be checksummed: CRC-64 always as a whole, SHA never. Source: S3 User Guide, "Checking
 * object integrity".
 * @throws AwsError for a pair that does not go together
 */
export function planChecksum(
  algorithm: ChecksumAlgorithm | undefined,
  asked: Checksum["type"] | undefined,
): Upload["checksum"] {
  if (algorithm === undefined) return undefined;
  const type = asked ?? (algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
  const possible = type === "COMPOSITE" ? algorithm !== "CRC64NVME" : algorithm.startsWith("CRC");
  if (possible) return { algorithm, type };
  throw new AwsError(
    "InvalidRequest",
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}

/** A part's checksum must be of the upload's algorithm, and must be there where the object's is made of it. */
export function checkPartChecksum({ checksum: plan }: Upload, given: Checksum | undefined): void {
  if (plan === undefined || given?.algorithm === plan.algorithm) return;
  if (given === undefined && plan.type === "FULL_OBJECT") return;
  throw new AwsError(
    "InvalidRequest",
    `Checksum Type mismatch occurred, expected checksum Type: ${plan.algorithm.toLowerCase()}, actual checksum Type: ${given?.algorithm.toLowerCase() ?? "null"}`,
  );
}

/**
 * The finished object's checksum.
 * @param expected by the caller who finishes the upload
 * @param contentOf reads a part piece by piece
 * @throws AwsError `BadDigest`
 */
export async function checksumOfParts(
  { checksum: plan }: Upload,
  parts: readonly Part[],
  expected: Checksum | undefined,
  contentOf: (part: Part) => AsyncIterable<Uint8Array>,
): Promise<Checksum | undefined> {
  if (plan === undefined) return undefined;
  const made =
    plan.type === "COMPOSITE"
      ? compositeOf(
          plan.algorithm,
          parts.map(({ checksum }) => checksum?.value ?? ""),
        )
      : { ...plan, value: await hashAll(plan.algorithm, parts, contentOf) };
  const matches =
    expected === undefined || expected.value === made.value || `${expected.value}-${parts.length}` === made.value;
  if (matches) return made;
  throw new AwsError("BadDigest", `The ${expected.algorithm} you specified did not match the calculated checksum.`);
}

async function hashAll(
  algorithm: ChecksumAlgorithm,
  parts: readonly Part[],
  contentOf: (part: Part) => AsyncIterable<Uint8Array>,
): Promise<string> {
  const hasher = hasherOf(algorithm);
  for (const part of parts) for await (const bytes of contentOf(part)) hasher.update(bytes);
  return hasher.digest().toString("base64");
}
