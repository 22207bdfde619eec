/**
 * Bytes that an item counts for: what limits items, pages and transactions. Sources: DynamoDB developer guide, "Item
 * sizes and formats"; for numbers see `bytesOfDecimal`.
 */
import type { AttributeValue, Item } from "./attribute-value";
import { bytesOfDecimal, parseDecimal } from "./decimal";

/** Most bytes of one item, the names of its attributes included. */
export const LARGEST_ITEM = 400 * 1024;

const DOCUMENT_OVERHEAD = 3;
const ELEMENT_OVERHEAD = 1;

export function bytesOfItem(item: Item): number {
  let total = 0;
  for (const [name, value] of Object.entries(item)) total += Buffer.byteLength(name) + bytesOfValue(value);
  return total;
}

export function bytesOfValue(value: AttributeValue): number {
  if ("S" in value) return Buffer.byteLength(value.S);
  if ("N" in value) return bytesOfNumber(value.N);
  if ("B" in value) return bytesOfBinary(value.B);
  if ("BOOL" in value || "NULL" in value) return 1;
  if ("SS" in value) return totalOf(value.SS, (member) => Buffer.byteLength(member));
  if ("NS" in value) return totalOf(value.NS, bytesOfNumber);
  if ("BS" in value) return totalOf(value.BS, bytesOfBinary);
  if ("L" in value) return DOCUMENT_OVERHEAD + totalOf(value.L, (each) => ELEMENT_OVERHEAD + bytesOfValue(each));
  return DOCUMENT_OVERHEAD + ELEMENT_OVERHEAD * Object.keys(value.M).length + bytesOfItem(value.M);
}

function bytesOfNumber(text: string): number {
  return bytesOfDecimal(parseDecimal(text));
}

function bytesOfBinary(base64: string): number {
  return Buffer.byteLength(base64, "base64");
}

function totalOf<Each>(all: readonly Each[], bytesOf: (each: Each) => number): number {
  return all.reduce((total, each) => total + bytesOf(each), 0);
}
