import { is, ourKey } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

export const bucketsUseOurKey: StackRule = {
  name: "s3-buckets-use-our-key",
  description: "A bucket encrypts its objects with a key of ours, so that reading them takes a permission on the key.",
  severity: "high",
  fix: "add a BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms and the ARN of the stage's key",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
  types: ["aws:s3/bucket:Bucket"],
  checkWithin(stack, bucket, examination) {
    const [encryption] = stack.about(bucket, ENCRYPTION, "bucket");
    if (encryption === undefined) {
      return examination.violate({ subject: "encryption", message: "the bucket has no encryption configuration" });
    }
    const there = examination.of(encryption);
    for (const rule of there.each("rules")) {
      there.expect(`${rule}.applyServerSideEncryptionByDefault.sseAlgorithm`, is("aws:kms", "aws:kms:dsse"));
      there.expect(`${rule}.applyServerSideEncryptionByDefault.kmsMasterKeyId`, ourKey(stack));
    }
  },
};
