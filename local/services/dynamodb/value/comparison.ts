/** How values compare: exactly, numbers by value, texts by their UTF-8 bytes, binaries by their bytes. */
import { attributeOf, typeOf, type AttributeValue, type Item } from "./attribute-value";
import { parseDecimal, sortableDecimal } from "./decimal";

/**
 * A text of characters below U+0100 that sorts, by character, as values of one type do; nothing for values of a type
 * without an order. One value's text begins with another's when the value does (texts and binaries).
 */
export function sortable(value: AttributeValue): string | undefined {
  if ("S" in value) return bytesOfText(value.S);
  if ("N" in value) return sortableDecimal(parseDecimal(value.N));
  if ("B" in value) return Buffer.from(value.B, "base64").toString("latin1");
  return undefined;
}

/** Below 0, 0 or above 0; nothing when the values have no order between them. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if (typeOf(left) !== typeOf(right)) return undefined;
  const [leftText, rightText] = [sortable(left), sortable(right)];
  if (leftText === undefined || rightText === undefined) return undefined;
  return leftText === rightText ? 0 : leftText < rightText ? -1 : 1;
}

/** Whether two values are the same, whatever the order of members in a set or attributes in a map. */
export function areEqual(left: AttributeValue, right: AttributeValue): boolean {
  if (left === right) return true;
  if ("S" in left) return "S" in right && left.S === right.S;
  if ("N" in left) return "N" in right && left.N === right.N;
  if ("B" in left) return "B" in right && left.B === right.B;
  if ("BOOL" in left) return "BOOL" in right && left.BOOL === right.BOOL;
  if ("NULL" in left) return "NULL" in right;
  if ("SS" in left) return "SS" in right && areSameSets(left.SS, right.SS);
  if ("NS" in left) return "NS" in right && areSameSets(left.NS, right.NS);
  if ("BS" in left) return "BS" in right && areSameSets(left.BS, right.BS);
  if ("L" in left) return "L" in right && areSameLists(left.L, right.L);
  return "M" in right && areSameMaps(left.M, right.M);
}

/** Whether a text or binary holds another, or a set or list holds the value. */
export function contains(whole: AttributeValue, part: AttributeValue): boolean {
  if ("S" in whole) return "S" in part && whole.S.includes(part.S);
  if ("B" in whole) return "B" in part && Buffer.from(whole.B, "base64").includes(Buffer.from(part.B, "base64"));
  if ("SS" in whole) return "S" in part && whole.SS.includes(part.S);
  if ("NS" in whole) return "N" in part && whole.NS.includes(part.N);
  if ("BS" in whole) return "B" in part && whole.BS.includes(part.B);
  return "L" in whole && whole.L.some((element) => areEqual(element, part));
}

/** Whether a text or binary begins with another. */
export function startsWith(whole: AttributeValue, start: AttributeValue): boolean {
  if ("S" in whole) return "S" in start && whole.S.startsWith(start.S);
  return "B" in whole && "B" in start && (sortable(whole) ?? "").startsWith(sortable(start) ?? "");
}

/** What `size` says of a value: characters, bytes or members; nothing for a value that has no size. */
export function sizeOf(value: AttributeValue): number | undefined {
  if ("S" in value) return value.S.length;
  if ("B" in value) return Buffer.byteLength(value.B, "base64");
  if ("SS" in value) return value.SS.length;
  if ("NS" in value) return value.NS.length;
  if ("BS" in value) return value.BS.length;
  if ("L" in value) return value.L.length;
  if ("M" in value) return Object.keys(value.M).length;
  return undefined;
}

/** The UTF-8 bytes, one character each: UTF-16 sorts characters beyond U+FFFF before some that come earlier. */
function bytesOfText(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text).toString("latin1");
}

function areSameSets(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  const members = new Set(left);
  return right.every((member) => members.has(member));
}

function areSameLists(left: readonly AttributeValue[], right: readonly AttributeValue[]): boolean {
  return (
    left.length === right.length && left.every((element, index) => areEqual(element, right[index] as AttributeValue))
  );
}

function areSameMaps(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => {
    const [one, other] = [attributeOf(left, name), attributeOf(right, name)];
    return one !== undefined && other !== undefined && areEqual(one, other);
  });
}
