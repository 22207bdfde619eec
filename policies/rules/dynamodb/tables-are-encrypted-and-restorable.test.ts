/** Does not prove that a table can be restored. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { tablesAreEncryptedAndRestorable } from "./tables-are-encrypted-and-restorable";

proveRule(tablesAreEncryptedAndRestorable, {
  right: [
    key,
    {
      type: "aws:dynamodb/table:Table",
      properties: {
        serverSideEncryption: { enabled: true, kmsKeyArn: KEY_ARN },
        pointInTimeRecovery: { enabled: true },
      },
    },
  ],
  cases: [
    {
      when: "the key is none of ours",
      set: { "serverSideEncryption.kmsKeyArn": FOREIGN_KEY },
      says: [notOurKey("serverSideEncryption.kmsKeyArn")],
    },
    {
      when: "it cannot be restored",
      set: { pointInTimeRecovery: undefined },
      says: ["pointInTimeRecovery.enabled must be true, got nothing"],
    },
    {
      when: "the encryption is not known",
      set: { serverSideEncryption: UNKNOWN },
      says: [
        notKnown("serverSideEncryption.enabled", "true"),
        notKnown("serverSideEncryption.kmsKeyArn", "the ARN of a key of this stack"),
      ],
    },
  ],
});
