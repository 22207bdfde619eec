/** Grants that nobody can read off the page: everything, whole services, and all but a list. */
import { type Action, catalogue } from "../catalogue/catalogue";
import { powerOf } from "../catalogue/power";
import type { Placed, Statement } from "../document";
import { idOf } from "../document";
import { textOf } from "../leaf";
import { resourcesOf } from "../effective/permissions";
import { breadthOf } from "../pattern/arn";
import { hasWildcard } from "../pattern/glob";
import { find, type Rule, userGuide } from "../rule";
import { actionText, type Check, isEverything, listed } from "./scene";

export const FULL_ACCESS: Rule = {
  id: "full-access",
  severity: "critical",
  catches: "Allow of every action",
  why: "Whoever holds it owns the account, and every new service of AWS with it.",
  documentation: userGuide("best-practices"),
};

export const SERVICE_WILDCARD: Rule = {
  id: "service-wildcard",
  severity: "medium",
  catches: "Allow of every action of a service",
  why: "It takes in deletion and permission management, and every action the service will ever add.",
  documentation: userGuide("access_policies_best-practices-least-privilege"),
};

export const WILDCARD_REACHES_PERMISSIONS: Rule = {
  id: "wildcard-reaches-permissions",
  severity: "medium",
  catches: "a wildcard in an action that takes in permission management or credentials",
  why: "Who reads the verb does not see that rights can be given with it.",
  documentation: userGuide("reference_policies_elements_action"),
};

export const NOT_ACTION: Rule = {
  id: "not-action-allow",
  severity: "high",
  catches: "Allow with NotAction",
  why: "It grants every action but those listed, of every service there is or will be.",
  documentation: userGuide("reference_policies_elements_notaction"),
};

export const NOT_RESOURCE: Rule = {
  id: "not-resource-allow",
  severity: "high",
  catches: "Allow with NotResource",
  why: "It reaches every resource but those listed, in every account that lets it.",
  documentation: userGuide("reference_policies_elements_notresource"),
};

export const BROAD_RULES: readonly Rule[] = [
  FULL_ACCESS,
  SERVICE_WILDCARD,
  WILDCARD_REACHES_PERMISSIONS,
  NOT_ACTION,
  NOT_RESOURCE,
];

/** In an identity policy; a resource policy is bounded by its resource, a trust policy by its actions. */
export const broadActions: Check = (statement, { document, permissions }) => {
  const { effect, actions } = statement;
  if (effect !== "Allow" || document.kind !== "identity") return [];
  if (actions.not) return [notAction(statement)];
  const left = (action: Action): boolean =>
    resourcesOf(statement).some((resource) => !permissions.isTakenAway(action.id, resource));
  return actions.values.flatMap((placed) => {
    const pattern = actionText(placed);
    if (!catalogue().expand(pattern).some(left)) return [];
    if (isEverything(pattern)) return [fullAccess(statement, placed)];
    if (/^[^:]+:\*+$/.test(pattern)) return isOwn(statement) ? [] : [serviceWildcard(statement, placed, pattern)];
    return hasWildcard(pattern) && !isOwn(statement) ? wildcard(statement, placed, pattern, left) : [];
  });
};

function fullAccess(statement: Statement, { place }: Placed): ReturnType<typeof find> {
  return find(FULL_ACCESS, {
    place,
    statement: idOf(statement),
    actions: ["*"],
    what: "every action of every service is allowed",
    fix: "name the actions that are needed",
  });
}

function serviceWildcard(statement: Statement, { place }: Placed, pattern: string): ReturnType<typeof find> {
  const actions = catalogue().expand(pattern);
  const grave = everywhere(statement) && actions.some((action) => gives(powerOf(action)));
  return find(SERVICE_WILDCARD, {
    place,
    statement: idOf(statement),
    actions: [pattern],
    what: `${pattern} is allowed, ${actions.length} actions`,
    fix: "name the actions that are needed",
    ...(grave ? { severity: "high" } : {}),
  });
}

/** What each caller may do with its own part, named by a variable, cannot reach anybody else. */
function isOwn({ resources }: Statement): boolean {
  return resources?.not === false && resources.values.every(({ leaf }) => textOf(leaf)?.includes("${") === true);
}

function wildcard(
  statement: Statement,
  { place }: Placed,
  pattern: string,
  left: (action: Action) => boolean,
): ReturnType<typeof find>[] {
  const reached = catalogue()
    .expand(pattern)
    .filter((action) => gives(powerOf(action)) && !IDLE.has(action.id) && reaches(statement, action) && left(action));
  if (reached.length === 0) return [];
  const ids = reached.map(({ id }) => id);
  return [
    find(WILDCARD_REACHES_PERMISSIONS, {
      place,
      statement: idOf(statement),
      actions: ids,
      what: `${pattern} takes in ${listed(ids)}`,
      fix: "name the actions that are needed",
    }),
  ];
}

/** Lists of single objects' readers: off by default since 2023, and part of every `s3:PutObject*`. */
const IDLE = new Set(["s3:PutObjectAcl", "s3:PutObjectVersionAcl"]);

function gives(power: ReturnType<typeof powerOf>): boolean {
  return power === "permissions" || power === "credentials" || power === "pass-role";
}

/** Whether the statement's resources are of a form that the action works on. */
function reaches({ resources }: Statement, action: Action): boolean {
  if (resources === undefined || resources.not || action.types.length === 0) return true;
  return resources.values.some(({ leaf }) => breadthOf(textOf(leaf) ?? "*", action) !== "nothing");
}

function everywhere({ resources }: Statement): boolean {
  return resources?.values.some(({ leaf }) => isEverything(textOf(leaf) ?? "*")) === true;
}

function notAction(statement: Statement): ReturnType<typeof find> {
  const { actions } = statement;
  const left = actions.values.map(actionText);
  return find(NOT_ACTION, {
    place: actions.place,
    statement: idOf(statement),
    what: `everything but ${listed(left)} is allowed`,
    fix: 'name the allowed actions in "Action", or deny the listed ones',
    ...(everywhere(statement) ? { severity: "critical" } : {}),
  });
}

export const broadResources: Check = (statement, { document }) => {
  const { effect, resources } = statement;
  if (effect !== "Allow" || resources?.not !== true || document.kind === "trust") return [];
  return [
    find(NOT_RESOURCE, {
      place: resources.place,
      statement: idOf(statement),
      what: `every resource but ${listed(resources.values.map(({ leaf }) => textOf(leaf) ?? "an unknown one"))} is allowed`,
      fix: 'name the allowed resources in "Resource", or deny the listed ones',
    }),
  ];
};
