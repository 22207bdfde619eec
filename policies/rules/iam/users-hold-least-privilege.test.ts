/** That what the engine finds comes through; what it finds is proven in policies/iam. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { granted, roleSamples } from "../../../test/policy-pack/role-samples";
import type { Sample } from "../../../test/policy-pack/sample";
import type { Value } from "../../core/value";
import { usersHoldLeastPrivilege } from "./users-hold-least-privilege";

/** The component shows its statements under the name of a role here: what counts is what it shows. */
const user = (policy: Value): Sample => ({
  type: "aws:iam/userPolicy:UserPolicy",
  name: "user",
  properties: { policy },
  parent: "beacons",
});

proveRule(usersHoldLeastPrivilege, {
  right: roleSamples,
  cases: [
    { when: "there is a user at all", add: user(granted()), says: ["policy-on-user"] },
    {
      when: "its policy reaches every stream",
      add: user(granted({ Resource: "*" })),
      says: ["policy-on-user", "write-unscoped"],
    },
    {
      when: "its policy is not known, and what is shown is narrow",
      add: user(UNKNOWN),
      says: ["policy-on-user"],
    },
    {
      when: "its policy is not known, and what is shown is wide",
      add: user(UNKNOWN),
      of: "beacons",
      set: { "statements[0].targets": [{ arn: UNKNOWN, pattern: "*" }] },
      says: ["policy-on-user", "write-unscoped"],
    },
  ],
});
