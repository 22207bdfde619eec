/**
 * Two questions about one identity document and something outside it: does it grant what a reference does not, and does
 * it grant what must never be granted? Decided as sets: every action, resource pattern and condition of a grant must be
 * taken in by one grant of the reference.
 */
import { type Action, catalogue } from "./catalogue/catalogue";
import { type Condition, idOf, type Placed, type Statement } from "./document";
import { namesAction, Permissions, resourcesOf } from "./effective/permissions";
import type { Finding } from "./finding";
import { textOf } from "./leaf";
import { resourceHolds, resourcesMeet } from "./pattern/arn";
import { readDocument } from "./read/document";
import { find, type Rule } from "./rule";
import { FORBIDDEN_ACCESS, NEW_ACCESS } from "./rules/compared";
import { actionText, listed } from "./rules/scene";

/** Grants of `document` that no grant of `reference` takes in. A document that cannot be read is itself the finding. */
export function newAccess(document: unknown, reference: unknown): readonly Finding[] {
  const [now, before] = [readDocument(document, IDENTITY), readDocument(reference, IDENTITY)];
  if (now.document === undefined) return now.findings;
  if (before.document === undefined) return before.findings;
  const known = new Permissions([{ document: before.document }]);
  const current = new Permissions([{ document: now.document }]);
  const lifted = liftedDenies(now.document.statements, before.document.statements);
  return allowing(now.document.statements).flatMap((statement) =>
    leavesOf(statement).flatMap(({ text, place }) => {
      const fresh = actionsIn(statement).filter(
        ({ id }) =>
          !current.isTakenAway(id, text) &&
          (!isKnown(id, text, statement.conditions, known) || lifted.some((deny) => concerns(deny, id, text))),
      );
      const what = `${listed(idsOf(fresh))} on ${text} ${fresh.length === 1 ? "is" : "are"} not granted by the reference`;
      return report(NEW_ACCESS, statement, place, text, fresh, what, "take it out, or have it reviewed");
    }),
  );
}

/** What is never to be granted: an action or a pattern of actions, on an ARN pattern. */
export interface Forbidden {
  readonly action: string;
  /** @default - every resource */
  readonly resource?: string;
}

/** Grants of `document` that may reach something forbidden, under whatever condition. */
export function forbiddenAccess(document: unknown, forbidden: readonly Forbidden[]): readonly Finding[] {
  const read = readDocument(document, IDENTITY);
  if (read.document === undefined) return read.findings;
  const current = new Permissions([{ document: read.document }]);
  return allowing(read.document.statements).flatMap((statement) =>
    forbidden.flatMap(({ action, resource = "*" }) => {
      const named = new Set(idsOf(catalogue().expand(action)));
      return leavesOf(statement)
        .filter(({ text }) => resourcesMeet(text, resource))
        .flatMap(({ text, place }) => {
          const reached = actionsIn(statement).filter(({ id }) => named.has(id) && !current.isTakenAway(id, text));
          const what = `${listed(idsOf(reached))} may reach ${resource}`;
          return report(FORBIDDEN_ACCESS, statement, place, text, reached, what, "take it out");
        });
    }),
  );
}

const IDENTITY = { kind: "identity" } as const;

function allowing(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ effect }) => effect === "Allow");
}

function idsOf(actions: readonly Action[]): readonly string[] {
  return actions.map(({ id }) => id);
}

/** For a `NotAction` everything that is left. */
function actionsIn({ actions }: Statement): readonly Action[] {
  const expand = (placed: Placed): readonly Action[] => catalogue().expand(actionText(placed));
  if (!actions.not) return [...new Set(actions.values.flatMap(expand))];
  const left = new Set(actions.values.flatMap(expand));
  return catalogue()
    .expand("*")
    .filter((action) => !left.has(action));
}

function leavesOf(statement: Statement): readonly { text: string; place: string }[] {
  const { resources } = statement;
  if (resources === undefined || resources.not) {
    return resourcesOf(statement).map((text) => ({ text, place: resources?.place ?? statement.place }));
  }
  return resources.values.map(({ leaf, place }) => ({ text: textOf(leaf) ?? "", place }));
}

/** Conditions of a grant in the reference must all stand in the new one: it may say more, never less. */
function isKnown(action: string, resource: string, conditions: readonly Condition[], known: Permissions): boolean {
  const now = new Set(conditions.map(textOfCondition));
  return known
    .grantsOf(action)
    .some(
      (grant) =>
        grant.statement.resources?.not !== true &&
        resourceHolds(grant.resource, resource) &&
        grant.statement.conditions.every((condition) => now.has(textOfCondition(condition))),
    );
}

/** Denies of the reference that the document no longer makes: whatever they held back is new. */
function liftedDenies(now: readonly Statement[], before: readonly Statement[]): readonly Statement[] {
  const denies = (statements: readonly Statement[]): readonly Statement[] =>
    statements.filter(({ effect }) => effect === "Deny");
  const kept = new Set(denies(now).map(textOfStatement));
  return denies(before).filter((statement) => !kept.has(textOfStatement(statement)));
}

function concerns(deny: Statement, action: string, resource: string): boolean {
  return namesAction(deny, action) && resourcesOf(deny).some((one) => resourcesMeet(one, resource));
}

function textOfStatement({ actions, resources, conditions }: Statement): string {
  const listOf = (element: Statement["resources"]): unknown => [
    element?.not,
    element?.values.map(({ leaf }) => textOf(leaf)).sort(),
  ];
  return JSON.stringify([listOf(actions), listOf(resources), conditions.map(textOfCondition).sort()]);
}

function textOfCondition({ operator, key, values }: Condition): string {
  return JSON.stringify([operator.toLowerCase(), key.toLowerCase(), values.map(({ leaf }) => textOf(leaf)).sort()]);
}

function report(
  rule: Rule,
  statement: Statement,
  place: string,
  resource: string,
  actions: readonly Action[],
  what: string,
  fix: string,
): readonly Finding[] {
  if (actions.length === 0) return [];
  return [find(rule, { place, statement: idOf(statement), actions: idsOf(actions), resource, what, fix })];
}
