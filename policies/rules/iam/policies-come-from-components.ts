import { present } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";
import { ROLE, ROLE_COMPONENT } from "./joined-role";

const USER_COMPONENT = "clickstream:iam:UserPolicy";

/** For each type that grants something, the component that may make it; none for what nobody may. */
const MAKERS: Readonly<Record<string, string | undefined>> = {
  [ROLE]: ROLE_COMPONENT,
  "aws:iam/rolePolicy:RolePolicy": ROLE_COMPONENT,
  "aws:iam/userPolicy:UserPolicy": USER_COMPONENT,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": undefined,
  "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": undefined,
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": undefined,
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": undefined,
  "aws:iam/groupPolicy:GroupPolicy": undefined,
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": undefined,
  "aws:iam/policy:Policy": undefined,
  "aws:iam/policyAttachment:PolicyAttachment": undefined,
};

export const policiesComeFromComponents: ResourceRule = {
  name: "iam-policies-come-from-components",
  description: "Roles and policies are made by infra/iam, which shows every statement before anything exists.",
  severity: "critical",
  fix: "make it by Role or UserPolicy of infra/iam, from capabilities",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
  types: Object.keys(MAKERS),
  check({ type, parent, properties }, examination) {
    const maker = MAKERS[type];
    if (maker === undefined || typeOf(parent) !== maker) {
      const noun = type.split(":").at(-1) ?? type;
      const allowed = maker === undefined ? "no program of ours may make one" : `only ${maker} may make one`;
      examination.violate({ subject: "parent", message: `a ${noun} outside the components of infra/iam: ${allowed}` });
    }
    for (const property of ["inlinePolicies", "managedPolicyArns", "managedPolicyArn"]) {
      if (properties[property] === undefined) continue;
      examination.violate({ subject: property, message: `${property} attaches what no statement shows` });
    }
    if (type === "aws:iam/rolePolicy:RolePolicy") examination.expect("policy", present("a document"));
  },
};

/** The last type in the chain of a URN. */
function typeOf(urn: string | undefined): string | undefined {
  return urn?.split("::")[2]?.split("$").at(-1);
}
