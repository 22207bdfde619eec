/** Does not prove that Firehose delivers. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { deliveriesAreEncryptedAndExplainFailures } from "./deliveries-are-encrypted-and-explain-failures";

const at = (property: string): string => `extendedS3Configuration.${property}`;

proveRule(deliveriesAreEncryptedAndExplainFailures, {
  right: [
    key,
    {
      type: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
      properties: {
        extendedS3Configuration: {
          kmsKeyArn: KEY_ARN,
          errorOutputPrefix: "failed/",
          cloudwatchLoggingOptions: { enabled: true },
        },
      },
      wiring: { extendedS3Configuration: ["key"] },
    },
  ],
  cases: [
    { when: "the key is none of ours", set: { [at("kmsKeyArn")]: FOREIGN_KEY }, says: [notOurKey(at("kmsKeyArn"))] },
    {
      when: "failures land among the rest",
      set: { [at("errorOutputPrefix")]: undefined },
      says: [`${at("errorOutputPrefix")} must be a folder of its own for what failed, got nothing`],
    },
    {
      when: "nobody logs why",
      set: { [at("cloudwatchLoggingOptions")]: undefined },
      says: [`${at("cloudwatchLoggingOptions.enabled")} must be true, got nothing`],
    },
    { when: "the key exists only after deployment", set: { [at("kmsKeyArn")]: UNKNOWN }, says: [] },
    {
      when: "whether it logs is not known",
      set: { [at("cloudwatchLoggingOptions.enabled")]: UNKNOWN },
      says: [notKnown(at("cloudwatchLoggingOptions.enabled"), "true")],
    },
  ],
});
