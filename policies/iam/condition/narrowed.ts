/** Whether a statement that names everybody is narrowed after all: by its own conditions, or by a Deny beside it. */
import type { Condition, Document, Statement } from "../document";
import { textOf } from "../leaf";
import { resourceHolds } from "../pattern/arn";
import { globHolds } from "../pattern/glob";
import { heldKeys, isVoid, namesCaller } from "./constraint";
import { readOperator } from "./operator";

/** The keys in lower case that keep callers out, among those that `counts`. */
export function narrowingKeys(
  statement: Statement,
  { statements }: Document,
  counts: (key: string) => boolean = namesCaller,
): ReadonlySet<string> {
  const own = [...heldKeys(statement)];
  const denied = statements.filter((other) => other.effect === "Deny" && takesIn(other, statement)).flatMap(spared);
  return new Set([...own, ...denied].filter(counts));
}

/** Whether a Deny is about everybody and everything that an Allow grants. */
function takesIn(deny: Statement, allow: Statement): boolean {
  const everybody =
    deny.principals === undefined || (!deny.principals.not && deny.principals.values.some(({ leaf }) => leaf === "*"));
  return (
    everybody &&
    holdsAll(deny.actions, allow.actions, globHolds) &&
    holdsAll(deny.resources, allow.resources, resourceHolds)
  );
}

function holdsAll(
  outer: Statement["resources"],
  inner: Statement["resources"],
  holds: (outer: string, inner: string) => boolean,
): boolean {
  if (outer === undefined) return true;
  if (outer.not || inner === undefined || inner.not) return false;
  const texts = outer.values.map(({ leaf }) => (textOf(leaf) ?? "").toLowerCase());
  return inner.values.every(({ leaf }) => texts.some((text) => holds(text, (textOf(leaf) ?? "*").toLowerCase())));
}

/** A Deny with one negated test spares only who passes it: everybody else is out. */
function spared({ conditions }: Statement): readonly string[] {
  const [only, ...others] = conditions;
  return only !== undefined && others.length === 0 && spares(only) ? [only.key.toLowerCase()] : [];
}

function spares({ operator, key, values }: Condition): boolean {
  const read = readOperator(operator);
  if (read === undefined || !read.negated || read.set === "ForAllValues") return false;
  return values.length > 0 && !values.some(({ leaf }) => isVoid(key.toLowerCase(), textOf(leaf)));
}
