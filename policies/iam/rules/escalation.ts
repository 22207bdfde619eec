/** Paths from some rights to all rights, over everything that one identity may do. */
import { heldKeys, namesResource } from "../condition/constraint";
import { readOperator } from "../condition/operator";
import { idOf } from "../document";
import { type Need, type Path, PATHS } from "../effective/paths";
import type { Grant, Permissions } from "../effective/permissions";
import type { Finding } from "../finding";
import { textOf } from "../leaf";
import { matchesGlob } from "../pattern/glob";
import { resourcesMeet } from "../pattern/arn";
import { find, type Rule } from "../rule";
import { isEverything, listed } from "./scene";

export const ESCALATION: Rule = {
  id: "privilege-escalation",
  severity: "critical",
  catches: "rights that together lead to all rights",
  why: "What is withheld from it is only a few calls away.",
  documentation: "https://docs.aws.amazon.com/prescriptive-guidance/latest/privilege-escalation-iam/introduction.html",
};

/** @param own the ARN of the identity itself, or its pattern, where it is known */
export function escalations(permissions: Permissions, own?: string): readonly Finding[] {
  if (isAdministrator(permissions)) return [];
  return PATHS.flatMap((path) => {
    const grants = path.needs.map((need) => enough(need, permissions, own));
    return grants.every((grant) => grant !== undefined) ? [report(path, grants)] : [];
  });
}

/** Who has everything needs no path; the statement that gives it has its own finding. */
export function isAdministrator(permissions: Permissions): boolean {
  return permissions
    .grantsOf("iam:PutRolePolicy")
    .some(
      ({ statement, resource }) =>
        !statement.actions.not &&
        isEverything(resource) &&
        statement.actions.values.some(({ leaf }) => isEverything(textOf(leaf) ?? "")),
    );
}

function enough(need: Need, permissions: Permissions, own: string | undefined): Grant | undefined {
  return need.actions.flatMap((action) => permissions.grantsOf(action)).find((grant) => suffices(grant, need, own));
}

function suffices(grant: Grant, { wide, passedTo }: Need, own: string | undefined): boolean {
  const { action, statement, breadth, resource } = grant;
  if (breadth === "nothing") return false;
  if (!wide) return true;
  if (passedTo !== undefined && !mayPassTo(grant, passedTo)) return false;
  const keys = [...heldKeys(statement)].filter((key) => key !== "iam:passedtoservice");
  if (keys.some((key) => namesResource(key, action.service))) return false;
  return breadth === "everything" || breadth === "account" || (changesIdentity(action.id) && isItself(resource, own));
}

function changesIdentity(action: string): boolean {
  return /^iam:(Put|Attach)(User|Role)Policy$/.test(action);
}

function isItself(resource: string, own: string | undefined): boolean {
  return resource.includes("${aws:username}") || (own !== undefined && resourcesMeet(resource, own));
}

function mayPassTo({ statement }: Grant, service: string): boolean {
  return statement.conditions.every(({ operator, key, values }) => {
    if (key.toLowerCase() !== "iam:passedtoservice") return true;
    const negated = readOperator(operator)?.negated === true;
    return values.some(({ leaf }) => matchesGlob(textOf(leaf) ?? "*", service)) !== negated;
  });
}

function report({ id, how }: Path, grants: readonly Grant[]): Finding {
  const [first] = grants;
  const actions = grants.map(({ action }) => action.id);
  const finding = find(ESCALATION, {
    place: first?.by.place ?? "",
    ...(first === undefined ? {} : { statement: idOf(first.statement) }),
    actions,
    what: `with ${listed(actions, actions.length)} its holder can ${how} (path ${id})`,
    fix: `take ${actions.length === 1 ? "it" : "one of them"} away, or name the resources`,
  });
  return first?.source === undefined ? finding : { ...finding, source: first.source };
}
