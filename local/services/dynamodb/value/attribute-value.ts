/**
 * Attribute values and items in the shape in which they travel, are kept and are answered: `{"S": "text"}`. What has
 * been read here is valid and normalised (numbers written out, `NULL` always true), so that equal values are equal text.
 */
import { excerpt, invalidRequest, invalidValue, unreadable } from "../refusal";
import { parseDecimal, renderDecimal } from "./decimal";

export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  /** Base64. */
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

/** Attributes by name. A name may be anything, `constructor` too: read one with {@link attributeOf}. */
export type Item = Readonly<Record<string, AttributeValue>>;

export const VALUE_TYPES = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** Levels of documents, the attribute itself being the first. Source: developer guide, "Quotas", nested attributes. */
const DEEPEST_LEVEL = 32;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export function typeOf(value: AttributeValue): ValueType {
  return Object.keys(value)[0] as ValueType;
}

export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** @throws AwsError as DynamoDB refuses the attributes */
export function readItem(wire: unknown): Item {
  return readAttributes(wire, 1);
}

/** @throws AwsError as DynamoDB refuses the value */
export function readValue(wire: unknown): AttributeValue {
  return readAt(wire, 1);
}

/** @throws AwsError when an update has nested an item's attributes too deeply */
export function refuseDeep(item: Item, level = 1): void {
  for (const value of Object.values(item)) refuseDeepValue(value, level);
}

function refuseDeepValue(value: AttributeValue, level: number): void {
  refuseLevel(level);
  if ("L" in value) for (const element of value.L) refuseDeepValue(element, level + 1);
  if ("M" in value) refuseDeep(value.M, level + 1);
}

function refuseLevel(level: number): void {
  if (level <= DEEPEST_LEVEL) return;
  throw invalidRequest(
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
  );
}

function readAttributes(wire: unknown, level: number): Item {
  // Object.fromEntries makes every name an attribute, even `__proto__`.
  return Object.fromEntries(
    Object.entries(recordIn(wire)).map(([name, value]) => {
      if (name === "") throw invalidValue("An attribute name may not be empty");
      return [wellFormed(name), readAt(value, level)];
    }),
  );
}

function readAt(wire: unknown, level: number): AttributeValue {
  refuseLevel(level);
  const record = recordIn(wire);
  const [type, another] = VALUE_TYPES.filter((each) => Object.hasOwn(record, each) && record[each] !== null);
  if (type === undefined || another !== undefined) {
    const problem = type === undefined ? "is empty" : "has more than one datatypes set";
    throw invalidRequest(`Supplied AttributeValue ${problem}, must contain exactly one of the supported datatypes`);
  }
  return readTyped(type, record[type], level);
}

function readTyped(type: ValueType, content: unknown, level: number): AttributeValue {
  switch (type) {
    case "S":
      return { S: wellFormed(textIn(content)) };
    case "N":
      return { N: readNumber(content) };
    case "B":
      return { B: readBinary(content) };
    case "BOOL":
      return { BOOL: flagIn(content) };
    case "NULL":
      // DynamoDB takes false as well, and answers true.
      flagIn(content);
      return { NULL: true };
    case "SS":
      return { SS: readSet(content, (member) => wellFormed(textIn(member)), "An string set  may not be empty") };
    case "NS":
      return { NS: readSet(content, readNumber, "An number set  may not be empty") };
    case "BS":
      return { BS: readSet(content, readBinary, "Binary sets should not be empty") };
    case "L":
      return { L: listIn(content).map((element) => readAt(element, level + 1)) };
    case "M":
      return { M: readAttributes(content, level + 1) };
  }
}

function readNumber(content: unknown): string {
  return renderDecimal(parseDecimal(textIn(content)));
}

function readBinary(content: unknown): string {
  const text = textIn(content);
  if (BASE64.test(text) && text.length % 4 === 0) {
    const canonical = Buffer.from(text, "base64").toString("base64");
    if (canonical === text) return text;
  }
  throw unreadable(`'${excerpt(text)}' can not be converted to a Blob: it is not base64`);
}

function readSet(content: unknown, readMember: (member: unknown) => string, whenEmpty: string): readonly string[] {
  const members = listIn(content).map(readMember);
  if (members.length === 0) throw invalidValue(whenEmpty);
  if (new Set(members).size === members.length) return members;
  throw invalidValue(`Input collection [${excerpt(members.join(", "))}] contains duplicates.`);
}

function recordIn(wire: unknown): Readonly<Record<string, unknown>> {
  if (typeof wire === "object" && wire !== null && !Array.isArray(wire)) return wire as Record<string, unknown>;
  throw unreadable(Array.isArray(wire) ? "Start of list found where not expected" : "Expected map or null");
}

function listIn(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) return content;
  throw unreadable("Expected list or null");
}

function textIn(content: unknown): string {
  if (typeof content === "string") return content;
  throw unreadable(`Expected a string, got ${content === null ? "null" : typeof content}`);
}

function flagIn(content: unknown): boolean {
  if (typeof content === "boolean") return content;
  throw unreadable(`Expected a boolean, got ${content === null ? "null" : typeof content}`);
}

/** Half a character has no UTF-8, so two different keys would be kept as one. */
function wellFormed(text: string): string {
  if (!/\p{Surrogate}/u.test(text)) return text;
  throw unreadable("A string is not valid Unicode: it holds half of a surrogate pair");
}
