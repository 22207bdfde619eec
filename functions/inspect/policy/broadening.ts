/**
 * Whether a policy document allows more than the one before it. Only what is provably the same or narrower passes: every
 * permission that is there must have been there, and every prohibition must still be.
 */
import type { Condition, Statement } from "./statement";
import { readStatements } from "./statement";

/** More combinations than any real statement has; beyond, nothing is proven. */
const MOST_COMBINATIONS = 20_000;

/** @returns what is broader, in words; nothing where the document is the same or narrower */
export function findBroadening(before: unknown, after: unknown): readonly string[] {
  const [was, is] = [readStatements(before), readStatements(after)];
  if (was === undefined || is === undefined) return ["the guard cannot read it as a policy document"];
  const allowed = is.filter(({ effect }) => effect === "Allow").flatMap((each) => findUncovered(each, was));
  const denied = was.filter(({ effect }) => effect === "Deny").flatMap((each) => findUncovered(each, is));
  return [...allowed.map((what) => `newly allowed: ${what}`), ...denied.map((what) => `no longer denied: ${what}`)];
}

/** Statements that let everyone in without a condition, or one identity do everything: too much even for a new policy. */
export function findOpenDoors(document: unknown): readonly string[] {
  return (readStatements(document) ?? []).flatMap((statement) => {
    if (statement.effect !== "Allow" || statement.conditions.length > 0) return [];
    if (statement.principals.includes("*")) return [`${statement.label} lets everyone in`];
    const all = statement.actions.includes("*") && statement.resources.includes("*");
    return all ? [`${statement.label} allows everything`] : [];
  });
}

/** What of a statement no other of the same effect covers. */
function findUncovered(statement: Statement, others: readonly Statement[]): string[] {
  const candidates = others.filter(({ effect }) => effect === statement.effect);
  if (statement.whole !== undefined) {
    return candidates.some(({ whole }) => whole === statement.whole) ? [] : [statement.label];
  }
  const comparable = candidates.filter(
    (each) => each.whole === undefined && coversConditions(each.conditions, statement.conditions),
  );
  const { actions, resources, principals } = statement;
  if (actions.length * resources.length * principals.length * comparable.length > MOST_COMBINATIONS) {
    return [`${statement.label} (too large to compare)`];
  }
  const uncovered: string[] = [];
  for (const principal of principals) {
    for (const action of actions) {
      const missing = resources.filter(
        (resource) =>
          !comparable.some(
            (other) =>
              other.actions.some((each) => covers(each, action)) &&
              other.resources.some((each) => covers(each, resource)) &&
              other.principals.some((each) => each === "*" || each === principal),
          ),
      );
      if (missing.length > 0) uncovered.push(describe(principal, action, missing));
    }
  }
  return uncovered.length > 4 ? [...uncovered.slice(0, 4), `and ${uncovered.length - 4} more`] : uncovered;
}

function describe(principal: string, action: string, resources: readonly string[]): string {
  const who = principal === "" ? "" : ` for ${principal === "*" ? "everyone" : principal}`;
  const on = resources.filter((each) => each !== "").join(", ");
  return `${action}${on === "" ? "" : ` on ${on}`}${who}`;
}

/** Operators under which fewer values match less. */
const POSITIVE =
  /^(ForAnyValue:)?(StringEquals|StringLike|StringEqualsIgnoreCase|ArnEquals|ArnLike|IpAddress|NumericEquals|DateEquals|BinaryEquals|Bool)$/;

/** A condition more matches less; so does a value less. */
function coversConditions(wider: readonly Condition[], narrower: readonly Condition[]): boolean {
  return wider.every(({ operator, key, values }) =>
    narrower.some(
      (each) =>
        each.operator === operator &&
        each.key === key &&
        (POSITIVE.test(operator)
          ? each.values.every((value) => values.includes(value))
          : each.values.length === values.length && each.values.every((value) => values.includes(value))),
    ),
  );
}

/** Whether every text that the second pattern matches is matched by the first: its stars absorb whatever the other has. */
export function covers(wider: string, narrower: string): boolean {
  if (wider === narrower || wider === "*") return true;
  if (!wider.includes("*") && !wider.includes("?")) return false;
  let [w, n, star, mark] = [0, 0, -1, 0];
  while (n < narrower.length) {
    const [pattern, character] = [wider[w], narrower[n]];
    if (pattern === "*") {
      [star, mark] = [w, n];
      w += 1;
    } else if (pattern !== undefined && (pattern === character || (pattern === "?" && character !== "*"))) {
      w += 1;
      n += 1;
    } else if (star >= 0) {
      mark += 1;
      [w, n] = [star + 1, mark];
    } else {
      return false;
    }
  }
  while (wider[w] === "*") w += 1;
  return w === wider.length;
}
