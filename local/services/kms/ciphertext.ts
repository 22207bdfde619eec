/**
 * Ciphertexts of the stage: AES-256-GCM bound to the key and the encryption context, and naming the key, so that whoever
 * decrypts need not. Format 1: a byte for the format, 16 for the key's id, 12 of nonce, 16 of tag, then the data.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AwsError } from "../service";

/** Names and values that must be the same when the data is decrypted. */
export type EncryptionContext = Readonly<Record<string, string>>;

const FORMAT = 1;
const KEY_ID_AT = 1;
const NONCE_AT = 17;
const TAG_AT = 29;
const DATA_AT = 45;

/** @param keyId in the form of a UUID */
export function seal(material: Buffer, keyId: string, data: Uint8Array, context: EncryptionContext): Buffer {
  const nonce = randomBytes(TAG_AT - NONCE_AT);
  const cipher = createCipheriv("aes-256-gcm", material, nonce).setAAD(boundData(keyId, context));
  const sealed = [cipher.update(data), cipher.final()];
  return Buffer.concat([Buffer.of(FORMAT), idBytes(keyId), nonce, cipher.getAuthTag(), ...sealed]);
}

/** @throws AwsError `InvalidCiphertextException` when data, key or context are not those of the encryption */
export function unseal(material: Buffer, keyId: string, ciphertext: Buffer, context: EncryptionContext): Buffer {
  const cipher = createDecipheriv("aes-256-gcm", material, ciphertext.subarray(NONCE_AT, TAG_AT))
    .setAAD(boundData(keyId, context))
    .setAuthTag(ciphertext.subarray(TAG_AT, DATA_AT));
  const data = cipher.update(ciphertext.subarray(DATA_AT));
  try {
    return Buffer.concat([data, cipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

/** The id of the key that a ciphertext names. @throws AwsError `InvalidCiphertextException` */
export function keyIdOf(ciphertext: Buffer): string {
  if (ciphertext.length < DATA_AT || ciphertext[0] !== FORMAT) throw invalidCiphertext();
  const digits = ciphertext.toString("hex", KEY_ID_AT, NONCE_AT);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function invalidCiphertext(): AwsError {
  return new AwsError(
    "InvalidCiphertextException",
    "The ciphertext was not made by this key with this encryption context, or it was changed since.",
  );
}

function idBytes(keyId: string): Buffer {
  return Buffer.from(keyId.replaceAll("-", ""), "hex");
}

/** What the tag vouches for beside the data; the order in which a caller names the context does not matter. */
function boundData(keyId: string, context: EncryptionContext): Buffer {
  const sorted = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify([FORMAT, keyId, sorted]));
}
