import { between, NOT_TRUE, TRUE } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";

export const keysRotateAndCanBeRescued: ResourceRule = {
  name: "kms-keys-rotate-and-can-be-rescued",
  description: "A key rotates every year, and its deletion leaves two weeks or more to change one's mind.",
  severity: "high",
  fix: "set enableKeyRotation: true and deletionWindowInDays: 30, and leave the lockout check on",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
  types: ["aws:kms/key:Key"],
  check(_, examination) {
    examination.expect("enableKeyRotation", TRUE);
    examination.expect("deletionWindowInDays", between(14, 30, "days"));
    examination.expect("bypassPolicyLockoutSafetyCheck", NOT_TRUE);
  },
};
