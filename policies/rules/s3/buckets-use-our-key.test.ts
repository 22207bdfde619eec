/** Does not prove that S3 encrypts, only that a bucket without our key is refused. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { bucketsUseOurKey } from "./buckets-use-our-key";

const DEFAULT = "rules[0].applyServerSideEncryptionByDefault";

proveRule(bucketsUseOurKey, {
  right: [
    key,
    { type: "aws:s3/bucket:Bucket", properties: { bucket: "it-1" } },
    {
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      name: "encryption",
      properties: {
        bucket: "it-1",
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY_ARN } }],
      },
      wiring: { bucket: ["it"], rules: ["key"] },
    },
  ],
  cases: [
    {
      when: "its encryption is left out",
      without: "encryption",
      says: ["the bucket has no encryption configuration"],
    },
    {
      when: "the encryption is of another bucket",
      of: "encryption",
      set: { bucket: "other-1" },
      says: ["the bucket has no encryption configuration"],
    },
    {
      when: "S3 chooses the key",
      of: "encryption",
      set: { [`${DEFAULT}.sseAlgorithm`]: "AES256" },
      says: [`${DEFAULT}.sseAlgorithm must be "aws:kms" or "aws:kms:dsse", got "AES256"`],
    },
    {
      when: "the key is none of ours",
      of: "encryption",
      set: { [`${DEFAULT}.kmsMasterKeyId`]: FOREIGN_KEY },
      says: [notOurKey(`${DEFAULT}.kmsMasterKeyId`)],
    },
    { when: "the bucket has no name yet", of: "encryption", set: { bucket: UNKNOWN }, says: [] },
    {
      when: "the algorithm is not known",
      of: "encryption",
      set: { [`${DEFAULT}.sseAlgorithm`]: UNKNOWN },
      says: [notKnown(`${DEFAULT}.sseAlgorithm`, '"aws:kms" or "aws:kms:dsse"')],
    },
  ],
});
