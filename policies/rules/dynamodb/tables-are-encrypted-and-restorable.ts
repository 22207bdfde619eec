import { ourKey, TRUE } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

export const tablesAreEncryptedAndRestorable: StackRule = {
  name: "dynamodb-tables-are-encrypted-and-restorable",
  description: "A table is encrypted with a key of ours, and can be restored to any second of the last 35 days.",
  severity: "high",
  fix: "set serverSideEncryption with the ARN of the stage's key, and pointInTimeRecovery.enabled: true",
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html",
  types: ["aws:dynamodb/table:Table"],
  checkWithin(stack, _, examination) {
    examination.expect("serverSideEncryption.enabled", TRUE);
    examination.expect("serverSideEncryption.kmsKeyArn", ourKey(stack));
    examination.expect("pointInTimeRecovery.enabled", TRUE);
  },
};
