/** Does not prove that the components make what they should (infra/iam/role.test.ts does). */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { roleSamples } from "../../../test/policy-pack/role-samples";
import { policiesComeFromComponents } from "./policies-come-from-components";

proveRule(policiesComeFromComponents, {
  right: [
    ...roleSamples,
    { type: "clickstream:iam:UserPolicy", name: "user", properties: {} },
    { type: "aws:iam/userPolicy:UserPolicy", name: "user-policy", properties: { policy: "{}" }, parent: "user" },
  ],
  cases: [
    {
      when: "a policy stands by itself",
      of: "policy",
      parent: undefined,
      says: ["a RolePolicy outside the components of infra/iam: only clickstream:iam:Role may make one"],
    },
    {
      when: "a policy of AWS is attached",
      add: {
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        name: "more",
        properties: {},
        parent: "beacons",
      },
      says: ["a RolePolicyAttachment outside the components of infra/iam: no program of ours may make one"],
    },
    {
      when: "a role brings policies of its own",
      set: { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"], inlinePolicies: [{ name: "x" }] },
      says: ["inlinePolicies attaches what no statement shows", "managedPolicyArns attaches what no statement shows"],
    },
    {
      when: "what a role attaches is not known",
      set: { managedPolicyArns: UNKNOWN },
      says: ["managedPolicyArns attaches what no statement shows"],
    },
  ],
});
