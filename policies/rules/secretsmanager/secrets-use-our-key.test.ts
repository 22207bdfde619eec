/** Does not prove that Secrets Manager encrypts. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { secretsUseOurKey } from "./secrets-use-our-key";

const WINDOW = "7..30 days, or left out for 30";

proveRule(secretsUseOurKey, {
  right: [key, { type: "aws:secretsmanager/secret:Secret", properties: { kmsKeyId: KEY_ARN } }],
  cases: [
    { when: "its key is none of ours", set: { kmsKeyId: FOREIGN_KEY }, says: [notOurKey("kmsKeyId")] },
    {
      when: "it is gone at once when it is deleted",
      set: { recoveryWindowInDays: 0 },
      says: [`recoveryWindowInDays must be ${WINDOW}, got 0`],
    },
    { when: "it waits a week", set: { recoveryWindowInDays: 7 }, says: [] },
    {
      when: "how long it waits is not known",
      set: { recoveryWindowInDays: UNKNOWN },
      says: [notKnown("recoveryWindowInDays", WINDOW)],
    },
  ],
});
