import { is, ourKey } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

export const streamsUseOurKey: StackRule = {
  name: "kinesis-streams-use-our-key",
  description: "A stream encrypts its records with a key of ours, so that reading them takes a permission on the key.",
  severity: "high",
  fix: 'set encryptionType: "KMS" and kmsKeyId to the ARN of the stage\'s key',
  url: "https://docs.aws.amazon.com/streams/latest/dev/what-is-sse.html",
  types: ["aws:kinesis/stream:Stream"],
  checkWithin(stack, _, examination) {
    examination.expect("encryptionType", is("KMS"));
    examination.expect("kmsKeyId", ourKey(stack));
  },
};
