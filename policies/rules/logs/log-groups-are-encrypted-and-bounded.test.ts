/** Does not prove that CloudWatch forgets. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { logGroupsAreEncryptedAndBounded } from "./log-groups-are-encrypted-and-bounded";

const BOUND = "at least 1 day, as 0 keeps logs for ever";

proveRule(logGroupsAreEncryptedAndBounded, {
  right: [key, { type: "aws:cloudwatch/logGroup:LogGroup", properties: { kmsKeyId: KEY_ARN, retentionInDays: 7 } }],
  cases: [
    { when: "the key is none of ours", set: { kmsKeyId: FOREIGN_KEY }, says: [notOurKey("kmsKeyId")] },
    {
      when: "it keeps everything for ever",
      set: { retentionInDays: 0 },
      says: [`retentionInDays must be ${BOUND}, got 0`],
    },
    {
      when: "how long it keeps is not known",
      set: { retentionInDays: UNKNOWN },
      says: [notKnown("retentionInDays", BOUND)],
    },
  ],
});
