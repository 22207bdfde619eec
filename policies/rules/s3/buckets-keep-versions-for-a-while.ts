import { atLeast, is } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";

export const bucketsKeepVersionsForAWhile: StackRule = {
  name: "s3-buckets-keep-versions-for-a-while",
  description:
    "What was overwritten or deleted can be brought back, but neither versions nor unfinished uploads pile up.",
  severity: "medium",
  fix: "add BucketVersioning with status Enabled, and a BucketLifecycleConfiguration that ends old versions and unfinished uploads",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
  types: ["aws:s3/bucket:Bucket"],
  checkWithin(stack, bucket, examination) {
    const [versioning] = stack.about(bucket, VERSIONING, "bucket");
    const [lifecycle] = stack.about(bucket, LIFECYCLE, "bucket");
    if (versioning === undefined) {
      examination.violate({ subject: "versioning", message: "the bucket has no versioning" });
    } else {
      examination.of(versioning).expect("versioningConfiguration.status", is("Enabled"));
    }
    if (lifecycle === undefined) {
      return examination.violate({ subject: "lifecycle", message: "the bucket has no lifecycle" });
    }
    const there = examination.of(lifecycle);
    const [first] = there.each("rules");
    if (first === undefined) return;
    there.expect(`${first}.status`, is("Enabled"));
    there.expect(`${first}.noncurrentVersionExpiration.noncurrentDays`, atLeast(1, "days"));
    there.expect(`${first}.abortIncompleteMultipartUpload.daysAfterInitiation`, atLeast(1, "days"));
  },
};
