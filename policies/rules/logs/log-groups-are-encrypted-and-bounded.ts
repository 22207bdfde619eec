import { atLeast, ourKey } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

export const logGroupsAreEncryptedAndBounded: StackRule = {
  name: "logs-log-groups-are-encrypted-and-bounded",
  description: "A log group is encrypted with a key of ours, and forgets.",
  severity: "medium",
  fix: "set kmsKeyId to the ARN of the stage's key, and retentionInDays",
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  checkWithin(stack, _, examination) {
    examination.expect("kmsKeyId", ourKey(stack));
    examination.expect("retentionInDays", atLeast(1, "day, as 0 keeps logs for ever"));
  },
};
