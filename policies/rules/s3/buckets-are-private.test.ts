/** Does not prove that S3 keeps the public out, only that a bucket that may let it in is refused. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { bucketsArePrivate } from "./buckets-are-private";

const of = { bucket: "it-1" };

proveRule(bucketsArePrivate, {
  right: [
    { type: "aws:s3/bucket:Bucket", properties: of },
    {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      name: "block",
      properties: {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    },
    {
      type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      name: "ownership",
      properties: { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
    },
  ],
  cases: [
    { when: "nothing blocks the public", without: "block", says: ["the bucket has no public access block"] },
    {
      when: "one way in is open",
      of: "block",
      set: { blockPublicPolicy: false },
      says: ["blockPublicPolicy must be true, got false"],
    },
    {
      when: "one way in is not mentioned",
      of: "block",
      set: { restrictPublicBuckets: undefined },
      says: ["restrictPublicBuckets must be true, got nothing"],
    },
    {
      when: "it has an access list",
      set: { acl: "public-read" },
      says: ['acl must be left out: access lists are the old way to make a bucket public, got "public-read"'],
    },
    {
      when: "writers own what they write",
      of: "ownership",
      set: { "rule.objectOwnership": "ObjectWriter" },
      says: ['rule.objectOwnership must be "BucketOwnerEnforced", got "ObjectWriter"'],
    },
    { when: "nothing says who owns objects", without: "ownership", says: ["the bucket has no ownership controls"] },
    {
      when: "one way in is not known",
      of: "block",
      set: { blockPublicAcls: UNKNOWN },
      says: [notKnown("blockPublicAcls", "true")],
    },
  ],
});
