import { absent, is, TRUE } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";

export const bucketsArePrivate: StackRule = {
  name: "s3-buckets-are-private",
  description: "A bucket is closed to the public in all four ways, and knows no access lists.",
  severity: "critical",
  fix: "add a BucketPublicAccessBlock with all four settings true, and BucketOwnershipControls with BucketOwnerEnforced",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  types: ["aws:s3/bucket:Bucket"],
  checkWithin(stack, bucket, examination) {
    examination.expect("acl", absent("left out: access lists are the old way to make a bucket public"));
    const [block] = stack.about(bucket, BLOCK, "bucket");
    const [ownership] = stack.about(bucket, OWNERSHIP, "bucket");
    if (block === undefined) {
      examination.violate({ subject: "publicAccessBlock", message: "the bucket has no public access block" });
    } else {
      const there = examination.of(block);
      for (const way of ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"])
        there.expect(way, TRUE);
    }
    if (ownership === undefined) {
      examination.violate({ subject: "ownershipControls", message: "the bucket has no ownership controls" });
    } else {
      examination.of(ownership).expect("rule.objectOwnership", is("BucketOwnerEnforced"));
    }
  },
};
