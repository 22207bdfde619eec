/** Does not prove that S3 expires anything. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { bucketsKeepVersionsForAWhile } from "./buckets-keep-versions-for-a-while";

const of = { bucket: "it-1" };

proveRule(bucketsKeepVersionsForAWhile, {
  right: [
    { type: "aws:s3/bucket:Bucket", properties: of },
    {
      type: "aws:s3/bucketVersioning:BucketVersioning",
      name: "versioning",
      properties: { ...of, versioningConfiguration: { status: "Enabled" } },
    },
    {
      type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      name: "lifecycle",
      properties: {
        ...of,
        rules: [
          {
            status: "Enabled",
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
    },
  ],
  cases: [
    { when: "it has no versions", without: "versioning", says: ["the bucket has no versioning"] },
    {
      when: "versioning is suspended",
      of: "versioning",
      set: { "versioningConfiguration.status": "Suspended" },
      says: ['versioningConfiguration.status must be "Enabled", got "Suspended"'],
    },
    { when: "nothing ends old versions", without: "lifecycle", says: ["the bucket has no lifecycle"] },
    {
      when: "unfinished uploads pile up",
      of: "lifecycle",
      set: { "rules[0].abortIncompleteMultipartUpload": undefined },
      says: ["rules[0].abortIncompleteMultipartUpload.daysAfterInitiation must be at least 1 days, got nothing"],
    },
    {
      when: "the lifecycle is not known",
      of: "lifecycle",
      set: { rules: UNKNOWN },
      says: ["rules is not known before deployment, so nothing in it can be judged"],
    },
    {
      when: "the status is not known",
      of: "versioning",
      set: { "versioningConfiguration.status": UNKNOWN },
      says: [notKnown("versioningConfiguration.status", '"Enabled"')],
    },
  ],
});
