import { listOf, statementsOf } from "../../core/document";
import type { StackRule } from "../../core/rule";
import { isRecord, UNKNOWN, type Properties, type Value } from "../../core/value";
import { statementsOfComponent } from "./components-show-their-statements";

export const policiesGrantWhatIsShown: StackRule = {
  name: "iam-policies-grant-what-is-shown",
  description:
    "The policy that is attached says exactly what its component showed: no statement was judged that is not the one that holds.",
  severity: "critical",
  fix: "render the policy from the statements that the component passes to super() and registerOutputs()",
  url: "https://www.pulumi.com/docs/iac/concepts/components/",
  types: ["aws:iam/rolePolicy:RolePolicy", "aws:iam/userPolicy:UserPolicy"],
  checkWithin(stack, policy, examination) {
    const written = policy.properties["policy"];
    // Until the policy is known, what is shown is what is judged; this rule then has its say at the update.
    if (written === UNKNOWN) return;
    const shown = statementsOfComponent(stack.get(policy.parent)?.properties["statements"]).map(shownForm);
    const granted = statementsOf(read(written)).map(grantedForm);
    const surplus = granted.filter((statement) => !shown.includes(statement));
    const missing = shown.filter((statement) => !granted.includes(statement));
    for (const statement of surplus) {
      examination.violate({ subject: "policy", message: `the policy grants what was not shown: ${statement}` });
    }
    for (const statement of missing) {
      examination.violate({ subject: "policy", message: `the policy does not say what was shown: ${statement}` });
    }
  },
};

function read(document: Value | undefined): Value | undefined {
  if (typeof document !== "string") return document;
  try {
    return JSON.parse(document) as Value;
  } catch {
    return undefined;
  }
}

function shownForm({ sid, actions, targets, conditions }: Properties): string {
  const arns = listOf(targets).map((target) => (isRecord(target) ? target["arn"] : undefined));
  return formOf(sid, "Allow", listOf(actions), arns, conditions, []);
}

function grantedForm(statement: Properties): string {
  const { Sid, Effect, Action, Resource, Condition, ...others } = statement;
  return formOf(Sid, Effect, listOf(Action), listOf(Resource), Condition, Object.keys(others));
}

function formOf(...parts: readonly (Value | undefined | readonly (Value | undefined)[])[]): string {
  return JSON.stringify(parts.map((part) => (part === undefined ? null : part)));
}
