/** Does not prove that AWS refuses plain HTTP, only that a policy which does not say so is refused. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import type { Sample } from "../../../test/policy-pack/sample";
import { resourcesRefusePlainHttp } from "./resources-refuse-plain-http";

const deny = (changes: object = {}) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: ["arn:aws:s3:::it-1", "arn:aws:s3:::it-1/*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
      ...changes,
    },
  ],
});

const lake: Sample = {
  type: "clickstream:store:LakeBucket",
  name: "lake",
  properties: { resourcePolicy: deny() },
};

const SILENT = "no statement of the policy refuses requests without TLS";

proveRule(resourcesRefusePlainHttp, {
  right: [
    lake,
    { type: "aws:s3/bucket:Bucket", properties: { bucket: "it-1" }, parent: "lake" },
    {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      name: "policy",
      properties: { bucket: "it-1", policy: JSON.stringify(deny()) },
      wiring: { bucket: ["it"], policy: ["it"] },
      parent: "lake",
    },
  ],
  cases: [
    { when: "it has no policy", without: "policy", says: ["it has no policy of its own"] },
    {
      when: "the statement allows",
      of: "policy",
      set: { policy: JSON.stringify(deny({ Effect: "Allow" })) },
      says: [SILENT],
    },
    {
      when: "it refuses one principal only",
      of: "policy",
      set: { policy: JSON.stringify(deny({ Principal: { AWS: "arn:aws:iam::000000000000:root" } })) },
      says: [SILENT],
    },
    {
      when: "it refuses one action only",
      of: "policy",
      set: { policy: JSON.stringify(deny({ Action: "s3:GetObject" })) },
      says: [SILENT],
    },
    {
      when: "a second condition lets something through",
      of: "policy",
      set: {
        policy: JSON.stringify(
          deny({
            Condition: { Bool: { "aws:SecureTransport": "false" }, StringEquals: { "aws:PrincipalTag/x": "y" } },
          }),
        ),
      },
      says: [SILENT],
    },
    { when: "the policy is no JSON", of: "policy", set: { policy: "{" }, says: [SILENT] },
    { when: "the component shows the policy that is not known yet", of: "policy", set: { policy: UNKNOWN }, says: [] },
  ],
});

proveRule(
  { ...resourcesRefusePlainHttp },
  {
    right: [
      { type: "aws:sqs/queue:Queue", properties: { url: "https://sqs/it" } },
      {
        type: "aws:sqs/queuePolicy:QueuePolicy",
        name: "policy",
        properties: { queueUrl: "https://sqs/it", policy: JSON.stringify(deny({ Action: "sqs:*" })) },
        wiring: { queueUrl: ["it"] },
      },
    ],
    cases: [
      {
        when: "the policy speaks of S3",
        of: "policy",
        set: { policy: JSON.stringify(deny()) },
        says: [SILENT],
      },
      {
        when: "nobody shows the policy that is not known yet",
        of: "policy",
        set: { policy: UNKNOWN },
        says: ["policy is not known before deployment, and the component around it does not show it"],
      },
    ],
  },
);
