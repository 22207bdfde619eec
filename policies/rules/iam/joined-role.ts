/** A role joined over the stack: everything that is attached to it, who may take it on, and what works under it. */
import type { Attached, PassableRole, RoleSubject } from "../../iam";
import { Unknown } from "../../iam";
import { shownDocument, toEngine } from "../../core/engine-document";
import { listOf } from "../../core/document";
import { knownText, refersTo, type Resource, type Stack } from "../../core/resource";
import { isRecord, UNKNOWN, valueAt, type Value } from "../../core/value";
import { shownTrust } from "./shown-trust";
import { servicesUsing } from "./role-users";

export const ROLE = "aws:iam/role:Role";
export const ROLE_COMPONENT = "clickstream:iam:Role";

const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const POLICY = "aws:iam/policy:Policy";

/** The component that made the role, where one did: findings point at its line. */
export function componentOf(stack: Stack, role: Resource): Resource | undefined {
  const parent = stack.get(role.parent);
  return parent?.type === ROLE_COMPONENT ? parent : undefined;
}

/** What the engine wants to know of a role, all other roles of the stack included: some may be passed to it. */
export function joinRole(stack: Stack, role: Resource): RoleSubject {
  const boundary = boundaryOf(stack, role);
  const usedBy = servicesUsing(stack, role);
  const account = accountOf(stack);
  return {
    identity: identityOf(stack, role),
    trust: trustOf(stack, role),
    ...(boundary === undefined ? {} : { boundary }),
    ...(usedBy.length === 0 ? {} : { usedBy }),
    ...(account === undefined ? {} : { account }),
    roles: stack
      .ofType(ROLE)
      .filter(({ urn }) => urn !== role.urn)
      .map((other) => passable(stack, other)),
  };
}

function passable(stack: Stack, role: Resource): PassableRole {
  const arn = knownText(role.properties["arn"]) ?? `arn:*:iam::*:role/${nameOf(role)}`;
  return { name: role.name, arn, identity: identityOf(stack, role), trust: trustOf(stack, role) };
}

/** A pattern while the name is not known: what it will begin with. */
function nameOf({ name, properties }: Resource): string {
  const prefix = knownText(properties["namePrefix"]);
  return prefix === undefined ? (knownText(properties["name"]) ?? `${name}-*`) : `${prefix}*`;
}

function identityOf(stack: Stack, role: Resource): Attached[] {
  const component = componentOf(stack, role);
  const inline = stack.about(role, ROLE_POLICY, "role").map((policy) => {
    const document = valueAt(policy.properties, "policy");
    const shown = component !== undefined && document === UNKNOWN && policy.parent === component.urn;
    return {
      source: `inline policy ${policy.name}`,
      document: shown ? shownDocument(component.properties["statements"]) : toEngine(document),
    };
  });
  const attached = stack.about(role, ATTACHMENT, "role").map((attachment) => {
    const policy = stack.target(attachment, "policyArn", POLICY);
    const arn = knownText(attachment.properties["policyArn"]) ?? "not known before deployment";
    return {
      source: `managed policy ${policy?.name ?? arn}`,
      // What AWS or somebody else manages can change without us.
      document: policy === undefined ? new Unknown() : toEngine(policy.properties["policy"]),
    };
  });
  const embedded = listOf(role.properties["inlinePolicies"])
    .filter(isRecord)
    .map(({ name, policy }, index) => ({
      source: `inline policy ${knownText(name) ?? index}`,
      document: toEngine(policy),
    }));
  return [...inline, ...attached, ...embedded];
}

function trustOf(stack: Stack, role: Resource): Attached {
  const document: Value | undefined = role.properties["assumeRolePolicy"];
  if (document !== UNKNOWN) return { source: "trust", document: toEngine(document) };
  return { source: "trust", document: shownTrust(componentOf(stack, role)?.properties["trust"]) };
}

/** A boundary that the stack does not hold only takes away: leaving it out judges more strictly. */
function boundaryOf(stack: Stack, role: Resource): Attached | undefined {
  const policy = stack.ofType(POLICY).find((each) => refersTo(role, "permissionsBoundary", each));
  return policy && { source: `boundary ${policy.name}`, document: toEngine(policy.properties["policy"]) };
}

/** The account that the stack's ARNs name. */
function accountOf(stack: Stack): string | undefined {
  for (const role of stack.ofType(ROLE)) {
    const [, account] = /^arn:[^:]+:iam::(\d{12}):/.exec(knownText(role.properties["arn"]) ?? "") ?? [];
    if (account !== undefined) return account;
  }
  return undefined;
}
