import { between, ourKey, satisfying } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

export const secretsUseOurKey: StackRule = {
  name: "secretsmanager-secrets-use-our-key",
  description: "A secret is encrypted with a key of ours, and can be brought back for a week after its deletion.",
  severity: "high",
  fix: "set kmsKeyId to the ARN of the stage's key, and leave recoveryWindowInDays out or at 7..30",
  url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
  types: ["aws:secretsmanager/secret:Secret"],
  checkWithin(stack, _, examination) {
    examination.expect("kmsKeyId", ourKey(stack));
    const window = between(7, 30, "days, or left out for 30");
    const orDefault = satisfying(window.allowed, (value) => value === undefined);
    examination.expect("recoveryWindowInDays", {
      allowed: window.allowed,
      judge: (value, place) => (value === undefined ? orDefault : window).judge(value, place),
    });
  },
};
