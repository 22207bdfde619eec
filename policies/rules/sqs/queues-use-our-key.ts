import { atLeast, ourKey } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

const FOUR_DAYS = 345_600;

export const queuesUseOurKey: StackRule = {
  name: "sqs-queues-use-our-key",
  description: "A queue encrypts its messages with a key of ours, and keeps them over a long weekend.",
  severity: "high",
  fix: "set kmsMasterKeyId to the ARN of the stage's key, and messageRetentionSeconds to four days or more",
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
  types: ["aws:sqs/queue:Queue"],
  checkWithin(stack, _, examination) {
    examination.expect("kmsMasterKeyId", ourKey(stack));
    examination.expect("messageRetentionSeconds", atLeast(FOUR_DAYS, "seconds"));
  },
};
