import { ourKey } from "../../core/expectation";
import type { StackRule } from "../../core/rule";
import { valueAt } from "../../core/value";

export const artifactsUseOurKey: StackRule = {
  name: "codepipeline-artifacts-use-our-key",
  description: "What a pipeline hands from action to action is encrypted with a key of ours.",
  severity: "high",
  fix: "set encryptionKey of every artifact store to the ARN of the stage's key, type KMS",
  url: "https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html",
  types: ["aws:codepipeline/pipeline:Pipeline"],
  checkWithin(stack, { properties }, examination) {
    if (valueAt(properties, "artifactStores") === undefined)
      examination.violate({ subject: "artifactStores", message: "no artifact store is declared" });
    for (const store of examination.each("artifactStores"))
      examination.expect(`${store}.encryptionKey.id`, ourKey(stack));
  },
};
