/** How the inputs of a resource differ, leaf by leaf, in the terms of a provider's detailed diff. */
import { renderPath } from "./property-path";
import { isOpaque, stableJson, type Recorded, type RecordedProperties } from "./recorded-value";

export type DifferenceKind = "add" | "delete" | "update";

/** By path, e.g. `{"tags.owner": "add"}`. */
export type Differences = ReadonlyMap<string, DifferenceKind>;

export function differencesOf(before: RecordedProperties, after: RecordedProperties): Differences {
  const found = new Map<string, DifferenceKind>();
  compare(before, after, [], found);
  return found;
}

function compare(
  before: Recorded | undefined,
  after: Recorded | undefined,
  path: readonly (string | number)[],
  found: Map<string, DifferenceKind>,
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined) return void found.set(renderPath(path), "add");
  if (after === undefined) return void found.set(renderPath(path), "delete");
  const [was, is] = [branchesOf(before), branchesOf(after)];
  if (was === undefined || is === undefined || Array.isArray(before) !== Array.isArray(after)) {
    if (stableJson(before) !== stableJson(after)) found.set(renderPath(path), "update");
    return;
  }
  for (const key of new Set([...was.keys(), ...is.keys()])) compare(was.get(key), is.get(key), [...path, key], found);
}

/** What is inside a value, unless it is a leaf. */
function branchesOf(value: Recorded): Map<string | number, Recorded> | undefined {
  if (typeof value !== "object" || value === null || isOpaque(value)) return undefined;
  if (Array.isArray(value)) return new Map(value.map((item: Recorded, index) => [index, item]));
  return new Map(Object.entries(value));
}
