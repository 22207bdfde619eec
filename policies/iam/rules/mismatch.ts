/** Actions whose statement names no resource of a form they work on: the grant is dead, and somebody will widen it. */
import { catalogue } from "../catalogue/catalogue";
import { scopeOf } from "../catalogue/scope";
import { idOf } from "../document";
import { textOf } from "../leaf";
import { breadthOf, partsOf } from "../pattern/arn";
import { hasWildcard } from "../pattern/glob";
import { find, type Rule, userGuide } from "../rule";
import { actionText, type Check, isEverything } from "./scene";

export const MISMATCH: Rule = {
  id: "resource-mismatch",
  severity: "medium",
  catches: "an action with no resource of the form it works on",
  why: "The statement grants or denies nothing of it, so it is widened blindly when the call fails.",
  documentation: userGuide("reference_policies_elements_resource"),
};

export const resourceForms: Check = (statement, { document }) => {
  const { actions, resources } = statement;
  if (document.kind === "trust" || actions.not || resources === undefined || resources.not) return [];
  const patterns = resources.values.map(({ leaf }) => textOf(leaf) ?? "");
  if (resources.open === true || patterns.some((pattern) => isEverything(pattern))) return [];
  return actions.values.flatMap((placed) => {
    const pattern = actionText(placed);
    const action = hasWildcard(pattern) ? undefined : catalogue().action(pattern);
    if (action === undefined) return [];
    if (patterns.some((resource) => breadthOf(resource, action) !== "nothing")) return [];
    const none = action.types.length === 0;
    if (none && patterns.some((resource) => /^[*/]+$/.test(partsOf(resource)[5]))) return [];
    if (none && (document.kind === "resource" || scopeOf(action) === "may-scope" || isUnscopedInPractice(action.id))) {
      return [];
    }
    const forms = action.types
      .flatMap(({ type }) => type.templates)
      .map((form) => `arn:aws:${form.replace("@", "{Region}:{Account}")}`);
    return [
      find(MISMATCH, {
        place: placed.place,
        statement: idOf(statement),
        actions: [action.id],
        resource: patterns.join(", "),
        what: none
          ? `${action.id} takes no resource, yet the statement names some`
          : `${action.id} does not work on ${patterns.join(", ")}`,
        fix: none ? `allow it on * in a statement of its own` : `name ${forms.slice(0, 2).join(" or ")}`,
      }),
    ];
  });
};

/** Documentation of AWS once listed a form for these, and policies still carry it. */
function isUnscopedInPractice(id: string): boolean {
  return /^(logs:DescribeLogGroups|logs:.*Quer(y|ies).*|cloudwatch:.*|xray:.*)$/.test(id);
}
