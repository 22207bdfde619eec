/** Places inside an item: an attribute's name, then names inside maps and indices inside lists. */
import { attributeOf, type AttributeValue, type Item } from "./attribute-value";

/** A name inside a map, or an index inside a list. */
export type PathElement = string | number;
export type DocumentPath = readonly [string, ...PathElement[]];

/** The value at a place, when there is one. */
export function valueAt(item: Item, [name, ...inner]: DocumentPath): AttributeValue | undefined {
  let value = attributeOf(item, name);
  for (const element of inner) {
    if (value === undefined) return undefined;
    value = childOf(value, element);
  }
  return value;
}

/** `[a, [0], b]`: how messages write a path. */
export function renderPath(path: DocumentPath): string {
  return `[${path.map((element) => (typeof element === "number" ? `[${element}]` : element)).join(", ")}]`;
}

export function areSamePaths(left: DocumentPath, right: DocumentPath): boolean {
  return left.length === right.length && left.every((element, index) => element === right[index]);
}

function childOf(value: AttributeValue, element: PathElement): AttributeValue | undefined {
  if (typeof element === "number") return "L" in value ? value.L[element] : undefined;
  return "M" in value ? attributeOf(value.M, element) : undefined;
}
