/** Message attributes: what SQS takes for them, and the digest by which a client checks that they arrived whole. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { AwsError } from "../service";

/** One attribute as it travels; bytes as base64. */
export const attributeShape = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.base64().optional(),
});

export type Attribute = z.output<typeof attributeShape>;
export type Attributes = Readonly<Record<string, Attribute>>;

/** Source: SQS developer guide, "Amazon SQS message metadata". */
const MOST_ATTRIBUTES = 10;
const LONGEST_NAME = 256;
const NAME = /^(?!(?:aws|amazon)\.)(?!\.)(?!.*\.\.)(?!.*\.$)[A-Za-z0-9_.-]+$/i;
const TYPE = /^(String|Number|Binary)(\..{1,248})?$/;

/** Every character that XML 1.0 can carry. */
export const CARRIED = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** @throws AwsError for the first attribute that SQS would not take */
export function checkAttributes(attributes: Attributes): void {
  const names = Object.keys(attributes);
  if (names.length > MOST_ATTRIBUTES) {
    throw invalid(`Number of message attributes [${names.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`);
  }
  for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, attribute);
}

/** @throws AwsError when the attribute is not one that SQS takes, nor SNS */
export function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: Attribute): void {
  const the = `The message attribute '${name.slice(0, LONGEST_NAME)}'`;
  if (name.length > LONGEST_NAME || !NAME.test(name)) {
    throw invalid(
      `${the} has an invalid name: 1 to ${LONGEST_NAME} of A-Z a-z 0-9 _ - . are allowed, neither beginning with AWS. or Amazon. nor with a period at either end or two in a row.`,
    );
  }
  const kind = TYPE.exec(DataType)?.[1];
  if (kind === undefined) {
    throw invalid(
      `${the} has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const [value, other] = kind === "Binary" ? [BinaryValue, StringValue] : [StringValue, BinaryValue];
  if (value === undefined || value === "") {
    throw invalid(`${the} with type '${DataType}' must use field '${kind === "Binary" ? "Binary" : "String"}'.`);
  }
  if (other !== undefined) throw invalid(`${the} has more than one value.`);
  if (kind === "Number" && !(value.trim() !== "" && Number.isFinite(Number(value)))) {
    throw invalid(`Can't cast the value of message attribute '${name}' to a number.`);
  }
  if (kind !== "Binary" && !CARRIED.test(value)) {
    throw new AwsError("InvalidMessageContents", `${the} holds characters outside the allowed set.`);
  }
}

/** Bytes that the attributes take of a message's size: names, types and values. */
export function sizeOfAttributes(attributes: Attributes): number {
  let bytes = 0;
  for (const [name, attribute] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueOf(attribute).length;
  }
  return bytes;
}

/**
 * MD5 over the attributes in order of their names: each name, type and value with its length (4 bytes, big endian) in
 * front, and before the value one byte: 1 for text, 2 for bytes. Nothing when there are none.
 * Source: SQS developer guide, "Calculating the MD5 message digest for message attributes".
 */
export function digestOfAttributes(attributes: Attributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const digest = createHash("md5");
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name] as Attribute;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    digest.update(Buffer.of(attribute.BinaryValue === undefined ? 1 : 2));
    add(valueOf(attribute));
  }
  return digest.digest("hex");
}

/** Those of the attributes that a receiver asks for: `All` or `.*`, exact names, or prefixes like `trace.*`. */
export function selectAttributes(attributes: Attributes, wanted: readonly string[]): Attributes {
  if (wanted.includes("All") || wanted.includes(".*")) return attributes;
  const prefixes = wanted.filter((name) => name.endsWith(".*")).map((name) => name.slice(0, -1));
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([name]) => wanted.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
    ),
  );
}

function valueOf({ StringValue, BinaryValue }: Attribute): Buffer {
  return BinaryValue === undefined ? Buffer.from(StringValue ?? "") : Buffer.from(BinaryValue, "base64");
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}
