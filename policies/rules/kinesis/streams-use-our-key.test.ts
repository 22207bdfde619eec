/** Does not prove that Kinesis encrypts, only that a stream without it is refused. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { streamsUseOurKey } from "./streams-use-our-key";

proveRule(streamsUseOurKey, {
  right: [
    key,
    {
      type: "aws:kinesis/stream:Stream",
      properties: { encryptionType: "KMS", kmsKeyId: KEY_ARN },
      wiring: { kmsKeyId: ["key"] },
    },
  ],
  cases: [
    {
      when: "it does not encrypt",
      set: { encryptionType: "NONE" },
      says: ['encryptionType must be "KMS", got "NONE"'],
    },
    { when: "it uses a key of AWS", set: { kmsKeyId: FOREIGN_KEY }, says: [notOurKey("kmsKeyId")] },
    { when: "the key exists only after deployment", set: { kmsKeyId: UNKNOWN }, says: [] },
    {
      when: "whether it encrypts is not known",
      set: { encryptionType: UNKNOWN },
      says: [notKnown("encryptionType", '"KMS"')],
    },
  ],
});
