import { is, NOT_TRUE, ourKey, TRUE } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

export const imagesCannotBeSwapped: StackRule = {
  name: "ecr-images-cannot-be-swapped",
  description:
    "An image's tag means one image for ever; images are scanned when they come, and encrypted with a key of ours.",
  severity: "high",
  fix: "set imageTagMutability: IMMUTABLE, imageScanningConfiguration.scanOnPush: true, encryptionConfigurations with the stage's key",
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
  types: ["aws:ecr/repository:Repository"],
  checkWithin(stack, _, examination) {
    examination.expect("imageTagMutability", is("IMMUTABLE"));
    examination.expect("imageScanningConfiguration.scanOnPush", TRUE);
    examination.expect("encryptionConfigurations[0].encryptionType", is("KMS"));
    examination.expect("encryptionConfigurations[0].kmsKey", ourKey(stack));
    examination.expect("forceDelete", NOT_TRUE);
  },
};
