/** Does not prove what is inside an image. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { imagesCannotBeSwapped } from "./images-cannot-be-swapped";

proveRule(imagesCannotBeSwapped, {
  right: [
    key,
    {
      type: "aws:ecr/repository:Repository",
      properties: {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: KEY_ARN }],
      },
    },
  ],
  cases: [
    {
      when: "a tag may come to mean another image",
      set: { imageTagMutability: "MUTABLE" },
      says: ['imageTagMutability must be "IMMUTABLE", got "MUTABLE"'],
    },
    {
      when: "nobody scans",
      set: { imageScanningConfiguration: undefined },
      says: ["imageScanningConfiguration.scanOnPush must be true, got nothing"],
    },
    {
      when: "its key is none of ours",
      set: { "encryptionConfigurations[0].kmsKey": FOREIGN_KEY },
      says: [notOurKey("encryptionConfigurations[0].kmsKey")],
    },
    {
      when: "what tags mean is not known",
      set: { imageTagMutability: UNKNOWN },
      says: [notKnown("imageTagMutability", '"IMMUTABLE"')],
    },
  ],
});
