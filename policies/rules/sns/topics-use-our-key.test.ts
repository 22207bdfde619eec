/** Does not prove that SNS encrypts. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { topicsUseOurKey } from "./topics-use-our-key";

proveRule(topicsUseOurKey, {
  right: [key, { type: "aws:sns/topic:Topic", properties: { kmsMasterKeyId: KEY_ARN } }],
  cases: [
    { when: "the key is none of ours", set: { kmsMasterKeyId: FOREIGN_KEY }, says: [notOurKey("kmsMasterKeyId")] },
    {
      when: "it does not encrypt",
      set: { kmsMasterKeyId: undefined },
      says: ["kmsMasterKeyId must be the ARN of a key of this stack, got nothing"],
    },
    {
      when: "the key is not known, and made of none of ours",
      set: { kmsMasterKeyId: UNKNOWN },
      says: [notKnown("kmsMasterKeyId", "the ARN of a key of this stack")],
    },
  ],
});
