/**
 * The join over the stack, and that what the engine finds comes through whole. What the engine finds in a document is
 * proven in policies/iam.
 */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { granted, roleSamples, trusted } from "../../../test/policy-pack/role-samples";
import { rolesHoldLeastPrivilege } from "./roles-hold-least-privilege";

proveRule(rolesHoldLeastPrivilege, {
  right: [
    ...roleSamples,
    {
      type: "aws:apigateway/integration:Integration",
      name: "integration",
      properties: { credentials: "arn:aws:iam::000000000000:role/beacons-1" },
    },
  ],
  cases: [
    {
      when: "the policy reaches every stream",
      of: "policy",
      set: { policy: granted({ Resource: ["*"] }) },
      says: ["write-unscoped"],
    },
    {
      when: "a star stands beside an ARN that is not known yet",
      of: "policy",
      set: { policy: UNKNOWN },
      also: {
        of: "beacons",
        set: { "statements[0].targets[0].arn": UNKNOWN, "statements[0].targets[1]": { arn: "*", pattern: "*" } },
      },
      says: ["write-unscoped"],
    },
    {
      when: "the ARN is not known yet, and its pattern is narrow",
      of: "policy",
      set: { policy: UNKNOWN },
      also: { of: "beacons", set: { "statements[0].targets[0].arn": UNKNOWN } },
      says: [],
    },
    {
      when: "anybody may take it on",
      set: { assumeRolePolicy: trusted({ Principal: "*" }) },
      says: ["trust-anyone"],
    },
    {
      when: "another service may take it on than works under it",
      set: { assumeRolePolicy: trusted({ Principal: { Service: "ec2.amazonaws.com" } }) },
      says: ["trust-differs-from-use", "trust-differs-from-use"],
    },
    {
      when: "it may pass a role on to anything",
      of: "policy",
      set: { policy: granted({ Action: ["iam:PassRole"], Resource: ["arn:aws:iam::000000000000:role/*"] }) },
      says: ["pass-role-unscoped"],
    },
    {
      when: "a policy that AWS manages is attached",
      add: {
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        name: "more",
        properties: { role: "beacons-1", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      },
      says: ["unproven"],
    },
  ],
});
