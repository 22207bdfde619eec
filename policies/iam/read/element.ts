/** Reading values: objects, and leaves that stand alone or in a list. */
import type { Listed, Placed } from "../document";
import { type Leaf, textOf, Unknown } from "../leaf";
import { REPEATED_VALUE, UNPROVEN } from "../rules/grammar";
import type { Problems } from "./problems";

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

/** Leaves of an element that takes one value or a list; what is no leaf is reported and left out. */
export function readLeaves(
  value: unknown,
  place: string,
  problems: Problems,
  { literals = false }: { literals?: boolean } = {},
): readonly Placed[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length === 0) problems.malformed(place, [], "one value or more");
  const read = items.flatMap((item, index): readonly Placed[] => {
    const here = Array.isArray(value) ? `${place}[${index}]` : place;
    const leaf = literals && (typeof item === "number" || typeof item === "boolean") ? String(item) : item;
    if (typeof leaf === "string" || leaf instanceof Unknown) return [{ leaf, place: here }];
    problems.malformed(here, item, literals ? "a string, a number or a boolean" : "a string");
    return [];
  });
  reviewLeaves(read, problems);
  return read;
}

function reviewLeaves(leaves: readonly Placed[], problems: Problems): void {
  const seen = new Set<Leaf>();
  for (const { leaf, place } of leaves) {
    if (leaf instanceof Unknown && leaf.declared === undefined) {
      problems.report(
        UNPROVEN,
        place,
        `${place} is not known yet and nothing is declared about it`,
        "declare the pattern that it will match",
      );
    }
    if (typeof leaf === "string" && seen.has(leaf)) {
      problems.report(REPEATED_VALUE, place, `${leaf} stands twice in its list`, "keep one of them");
    }
    seen.add(leaf);
  }
}

/** An element or its `Not` form, never both. */
export function readEither(
  statement: Readonly<Record<string, unknown>>,
  name: "Action" | "Resource",
  place: string,
  problems: Problems,
): Listed<Placed> | undefined {
  const [listed, excepted] = [statement[name], statement[`Not${name}`]];
  if (listed !== undefined && excepted !== undefined) {
    return problems.malformed(place, { [name]: listed, [`Not${name}`]: excepted }, `${name} or Not${name}, not both`);
  }
  const not = excepted !== undefined;
  const here = `${place}.${not ? "Not" : ""}${name}`;
  if (listed === undefined && !not) return undefined;
  const leaves = readLeaves(not ? excepted : listed, here, problems);
  const values = leaves.filter(({ leaf }) => textOf(leaf) !== undefined);
  return { not, place: here, values, ...(values.length < leaves.length ? { open: true } : {}) };
}
