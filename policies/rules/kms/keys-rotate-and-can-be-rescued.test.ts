/** Does not prove that KMS rotates; who may use a key is judged by the IAM engine. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { key, notKnown } from "../../../test/policy-pack/samples";
import { keysRotateAndCanBeRescued } from "./keys-rotate-and-can-be-rescued";

proveRule(keysRotateAndCanBeRescued, {
  right: [key],
  cases: [
    {
      when: "it never rotates",
      of: "key",
      set: { enableKeyRotation: undefined },
      says: ["enableKeyRotation must be true, got nothing"],
    },
    {
      when: "a deletion cannot be undone for long",
      of: "key",
      set: { deletionWindowInDays: 7 },
      says: ["deletionWindowInDays must be 14..30 days, got 7"],
    },
    {
      when: "it may lock everybody out",
      of: "key",
      set: { bypassPolicyLockoutSafetyCheck: true },
      says: ["bypassPolicyLockoutSafetyCheck must be false, got true"],
    },
    {
      when: "whether it rotates is not known",
      of: "key",
      set: { enableKeyRotation: UNKNOWN },
      says: [notKnown("enableKeyRotation", "true")],
    },
  ],
});
