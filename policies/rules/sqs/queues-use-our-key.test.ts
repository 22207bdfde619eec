/** Does not prove that SQS encrypts. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { queuesUseOurKey } from "./queues-use-our-key";

proveRule(queuesUseOurKey, {
  right: [
    key,
    { type: "aws:sqs/queue:Queue", properties: { kmsMasterKeyId: KEY_ARN, messageRetentionSeconds: 1_209_600 } },
  ],
  cases: [
    { when: "the key is none of ours", set: { kmsMasterKeyId: FOREIGN_KEY }, says: [notOurKey("kmsMasterKeyId")] },
    {
      when: "messages are gone after a day",
      set: { messageRetentionSeconds: 86_400 },
      says: ["messageRetentionSeconds must be at least 345600 seconds, got 86400"],
    },
    {
      when: "the key is not known, and made of none of ours",
      set: { kmsMasterKeyId: UNKNOWN },
      says: [notKnown("kmsMasterKeyId", "the ARN of a key of this stack")],
    },
  ],
});
