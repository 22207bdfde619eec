/**
 * Checksums against the check values of their definitions, and their verification.
 * Does not prove: speed.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { AwsError } from "../service";
import { CHECKSUM_ALGORITHMS, checksumOf, compositeOf, hasherOf, verifyChecksum, verifyMd5 } from "./checksum";

const NINE_DIGITS = Buffer.from("123456789");

/** Of the nine digits. Sources: the catalogue of parametrised CRC algorithms; FIPS 180-4 by any other implementation. */
const CHECK_VALUES = {
  CRC32: "cbf43926",
  CRC32C: "e3069283",
  CRC64NVME: "ae8b14860a799888",
  SHA1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
  SHA256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
} as const;

function codeOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    return error instanceof AwsError ? error.code : String(error);
  }
  return "none";
}

describe("A checksum", () => {
  it("is what its definition says", () => {
    for (const algorithm of CHECKSUM_ALGORITHMS) {
      const value = Buffer.from(checksumOf(algorithm, NINE_DIGITS), "base64").toString("hex");
      assert.equal(value, CHECK_VALUES[algorithm], algorithm);
    }
  });

  it("is the same however the content is cut", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHECKSUM_ALGORITHMS), fc.array(fc.uint8Array()), (algorithm, pieces) => {
        const hasher = hasherOf(algorithm);
        for (const piece of pieces) hasher.update(piece);
        assert.equal(hasher.digest().toString("base64"), checksumOf(algorithm, Buffer.concat(pieces)));
      }),
    );
  });

  it("refuses content with any one bit changed", () => {
    const content = Buffer.from("the content as it was sent");
    for (const algorithm of CHECKSUM_ALGORITHMS) {
      const value = checksumOf(algorithm, content);
      verifyChecksum(algorithm, value, content);
      for (let bit = 0; bit < content.length * 8; bit++) {
        const changed = Buffer.from(content);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(
          codeOf(() => verifyChecksum(algorithm, value, changed)),
          "BadDigest",
        );
      }
    }
  });

  it("is refused when it is no checksum of its kind", () => {
    assert.equal(
      codeOf(() => verifyChecksum("CRC32", "AAAA", NINE_DIGITS)),
      "InvalidRequest",
    );
    assert.equal(
      codeOf(() => verifyChecksum("SHA256", "not base64!", NINE_DIGITS)),
      "InvalidRequest",
    );
    assert.equal(
      codeOf(() => verifyMd5("JfnnlDI7RTiF9RgfG2JNCw==", NINE_DIGITS)),
      "none",
    );
    assert.equal(
      codeOf(() => verifyMd5("JfnnlDI7RTiF9RgfG2JNCg==", NINE_DIGITS)),
      "BadDigest",
    );
    assert.equal(
      codeOf(() => verifyMd5("JfnnlDI7", NINE_DIGITS)),
      "InvalidDigest",
    );
  });

  it("of parts is the checksum of their checksums", () => {
    const parts = [checksumOf("CRC32", NINE_DIGITS), checksumOf("CRC32", Buffer.from("x"))];
    const joined = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
    assert.equal(compositeOf("CRC32", parts).value, `${checksumOf("CRC32", joined)}-2`);
  });
});
