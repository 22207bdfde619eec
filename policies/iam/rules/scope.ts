/**
 * Actions that are allowed on more than they need: each action is judged by what it gives (`power.ts`), by whether AWS
 * lets it be scoped at all (`scope.ts`), and by what the resource pattern takes in once conditions had their say.
 */
import { type Action, catalogue } from "../catalogue/catalogue";
import { isSecret, type Power, powerOf } from "../catalogue/power";
import { scopeOf } from "../catalogue/scope";
import { heldKeys, namesResource } from "../condition/constraint";
import { idOf, type Placed, type Statement } from "../document";
import type { Finding } from "../finding";
import { nameOf, textOf } from "../leaf";
import { type Breadth, breadthOf } from "../pattern/arn";
import { find, type Rule, userGuide } from "../rule";
import { actionText, type Check, isEverything, listed } from "./scene";

const leastPrivilege = userGuide("access_policies_best-practices-least-privilege");

function unscoped(
  id: string,
  severity: Rule["severity"],
  catches: string,
  why: string,
  documentation = leastPrivilege,
): Rule {
  return { id, severity, catches, why, documentation };
}

export const SCOPE_RULES: Readonly<Record<Power, Rule>> = {
  "pass-role": unscoped(
    "pass-role-unscoped",
    "critical",
    "iam:PassRole on every role, with no condition on the service it is passed to",
    "Whoever starts something with a role takes on that role's rights, an administrator's included.",
    userGuide("id_roles_use_passrole"),
  ),
  "linked-role": unscoped(
    "service-linked-role-unscoped",
    "medium",
    "iam:CreateServiceLinkedRole for every service",
    "It lets any service act in the account with the rights AWS wrote for it.",
    userGuide("using-service-linked-roles"),
  ),
  permissions: unscoped(
    "permissions-unscoped",
    "critical",
    "permission management on every resource",
    "Who may change who may do what, may do everything.",
  ),
  credentials: unscoped(
    "credentials-unscoped",
    "critical",
    "actions that hand out credentials, for everybody's identity",
    "Its holder can act as anybody else.",
  ),
  data: unscoped(
    "data-unscoped",
    "high",
    "reading data of every resource",
    "One stolen session reads all data of the account.",
  ),
  write: unscoped(
    "write-unscoped",
    "high",
    "writing to or deleting every resource",
    "One mistake or stolen session can change or destroy all of them.",
  ),
  read: unscoped(
    "read-unscoped",
    "medium",
    "reading settings of every resource although AWS can scope it",
    "It shows an intruder where to go next, and hides which resources are meant.",
  ),
};

export const resourceScope: Check = (statement, { document, permissions }) => {
  const { effect, actions, resources } = statement;
  if (effect !== "Allow" || document.kind !== "identity" || actions.not || resources === undefined || resources.not) {
    return [];
  }
  const held = heldKeys(statement);
  const judged = actions.values
    .map(actionText)
    // Whole services and everything have findings of their own.
    .filter((pattern) => !isEverything(pattern) && !/:\*+$/.test(pattern))
    .flatMap(mustBeScoped)
    .filter((action) => ![...held].some((key) => namesResource(key, action.service)));
  const rest = actions.values
    .flatMap((placed) => catalogue().expand(actionText(placed)))
    .filter((action) => scopeOf(action) !== "must-scope");
  return resources.values.flatMap((resource) => {
    const text = textOf(resource.leaf);
    if (text === undefined) return [];
    const wide = judged.filter((action) => !permissions.isTakenAway(action.id, text) && isTooWide(action, text));
    return [...byPower(wide)].map(([power, group]) => report(statement, resource, SCOPE_RULES[power], group, rest));
  });
};

/** Of lists and descriptions by wildcard some take no resource, so the star is right for the pattern as a whole. */
function mustBeScoped(pattern: string): readonly Action[] {
  const actions = catalogue().expand(pattern);
  const looks = /:(List|Describe)[^*]*\*$/i.test(pattern) && actions.some(({ types }) => types.length === 0);
  return actions.filter((action) => scopeOf(action) === "must-scope" && !(looks && isPlainLook(action)));
}

function isPlainLook(action: Action): boolean {
  return powerOf(action) === "read" && action.service !== "s3";
}

function isTooWide(action: Action, resource: string): boolean {
  const breadth = breadthOf(resource, action);
  // Where an action needs resources of several types, the other types are named in the same statement.
  const several = action.types.filter(({ required }) => required).length > 1;
  if (breadth === "everything") {
    return !several || isEverything(resource) || /^arn:[^:]*:[^:]*:\*?:\*?:\*+$/.test(resource);
  }
  return breadth === "account" && !several && isGrave(action);
}

/** What is too much even within one account. */
function isGrave(action: Action): boolean {
  const power = powerOf(action);
  return (
    power === "pass-role" ||
    power === "credentials" ||
    (power === "permissions" && action.service === "iam") ||
    isSecret(action)
  );
}

function byPower(actions: readonly Action[]): ReadonlyMap<Power, readonly Action[]> {
  const groups = new Map<Power, Action[]>();
  for (const action of actions) {
    const power = powerOf(action);
    groups.set(power, [...(groups.get(power) ?? []), action]);
  }
  return groups;
}

function report(
  statement: Statement,
  { leaf, place }: Placed,
  rule: Rule,
  actions: readonly Action[],
  rest: readonly Action[],
): Finding {
  const ids = actions.map(({ id }) => id);
  const form = actions[0]?.types[0]?.type.templates[0]?.replace("@", "{Region}:{Account}") ?? "";
  const split = rest.length === 0 ? "" : `; leave ${listed(rest.map(({ id }) => id))} on * in a statement of its own`;
  const breadth: Breadth = isEverything(textOf(leaf) ?? "") ? "everything" : "account";
  return find(rule, {
    place,
    statement: idOf(statement),
    actions: ids,
    resource: nameOf(leaf),
    what: `${listed(ids)} ${new Set(ids).size === 1 ? "is" : "are"} allowed on ${breadth === "everything" ? "every resource" : nameOf(leaf)}`,
    fix: `name the resources, like arn:aws:${form}${split}`,
  });
}
