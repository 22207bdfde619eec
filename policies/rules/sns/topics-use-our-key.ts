import { ourKey } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

export const topicsUseOurKey: StackRule = {
  name: "sns-topics-use-our-key",
  description: "A topic encrypts what it holds with a key of ours.",
  severity: "high",
  fix: "set kmsMasterKeyId to the ARN of the stage's key",
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
  types: ["aws:sns/topic:Topic"],
  checkWithin(stack, _, examination) {
    examination.expect("kmsMasterKeyId", ourKey(stack));
  },
};
