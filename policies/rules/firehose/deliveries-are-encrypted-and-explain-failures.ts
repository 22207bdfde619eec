import { ourKey, present, TRUE } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

export const deliveriesAreEncryptedAndExplainFailures: StackRule = {
  name: "firehose-deliveries-are-encrypted-and-explain-failures",
  description: "A delivery writes with a key of ours, and what it cannot deliver is kept apart and logged.",
  severity: "high",
  fix: "set kmsKeyArn, errorOutputPrefix and cloudwatchLoggingOptions of extendedS3Configuration",
  url: "https://docs.aws.amazon.com/firehose/latest/dev/encryption.html",
  types: ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
  checkWithin(stack, _, examination) {
    examination.expect("extendedS3Configuration.kmsKeyArn", ourKey(stack));
    examination.expect("extendedS3Configuration.errorOutputPrefix", present("a folder of its own for what failed"));
    examination.expect("extendedS3Configuration.cloudwatchLoggingOptions.enabled", TRUE);
  },
};
