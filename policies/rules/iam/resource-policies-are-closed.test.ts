/** That what the engine finds comes through; what it finds is proven in policies/iam. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import type { Properties } from "../../core/value";
import { resourcePoliciesAreClosed } from "./resource-policies-are-closed";

const BUCKET = "arn:aws:s3:::it-1";
const SERVICES = { Service: "cloudwatch.amazonaws.com" };

const policy = (changes: Properties): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "One", Effect: "Allow", ...changes }] });

proveRule(resourcePoliciesAreClosed, {
  right: [
    { type: "clickstream:store:LakeBucket", name: "lake", properties: {} },
    {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      properties: {
        policy: policy({
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [BUCKET, `${BUCKET}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      },
      parent: "lake",
    },
    {
      type: "aws:sns/topicPolicy:TopicPolicy",
      name: "topic",
      properties: {
        policy: policy({
          Principal: SERVICES,
          Action: "sns:Publish",
          Resource: "arn:aws:sns:eu-west-1:000000000000:it-1",
          Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } },
        }),
      },
    },
    {
      type: "aws:ec2/vpcEndpoint:VpcEndpoint",
      name: "endpoint",
      properties: {
        policy: policy({
          Principal: "*",
          Action: "*",
          Resource: "*",
          Condition: {
            StringEquals: { "aws:PrincipalAccount": "000000000000", "aws:ResourceAccount": "000000000000" },
          },
        }),
      },
    },
  ],
  cases: [
    {
      when: "everybody may read a bucket",
      set: { policy: policy({ Principal: "*", Action: "s3:GetObject", Resource: `${BUCKET}/*` }) },
      says: ["resource-public"],
    },
    {
      when: "anybody may publish",
      of: "topic",
      set: {
        policy: policy({
          Principal: "*",
          Action: "sns:Publish",
          Resource: "arn:aws:sns:eu-west-1:000000000000:it-1",
        }),
      },
      says: ["resource-public"],
    },
    {
      when: "an endpoint lets everything through",
      of: "endpoint",
      set: { policy: undefined },
      says: ["the endpoint has no policy, so any account's data may leave through it"],
    },
    { when: "the policy is not known, and nobody shows it", set: { policy: UNKNOWN }, says: ["unproven"] },
  ],
});
