import { documentAt, refusesPlainHttp, statementsOf } from "../../core/document";
import type { StackRule } from "../../core/rule";
import { UNKNOWN } from "../../core/value";

/** For each type the resource that holds its policy, how that points at it, and the actions that mean all of them. */
const HOLDERS: Readonly<Record<string, { readonly type: string; readonly by: string; readonly actions: string[] }>> = {
  "aws:s3/bucket:Bucket": { type: "aws:s3/bucketPolicy:BucketPolicy", by: "bucket", actions: ["s3:*", "*"] },
  "aws:sqs/queue:Queue": { type: "aws:sqs/queuePolicy:QueuePolicy", by: "queueUrl", actions: ["sqs:*", "*"] },
  // A topic's policy may name only some actions; publishing is the one that carries data.
  "aws:sns/topic:Topic": {
    type: "aws:sns/topicPolicy:TopicPolicy",
    by: "arn",
    actions: ["sns:Publish", "SNS:Publish", "sns:*", "*"],
  },
};

export const resourcesRefusePlainHttp: StackRule = {
  name: "tls-buckets-queues-and-topics-refuse-plain-http",
  description: "A bucket, queue or topic refuses everybody who does not come by TLS.",
  severity: "high",
  fix: 'add a statement to its policy: Deny, Principal "*", all actions, if Bool aws:SecureTransport is false',
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
  types: Object.keys(HOLDERS),
  checkWithin(stack, resource, examination) {
    const holder = HOLDERS[resource.type];
    if (holder === undefined) return;
    const [policy] = stack.about(resource, holder.type, holder.by);
    if (policy === undefined) return examination.violate({ subject: "policy", message: "it has no policy of its own" });
    const document = documentAt(stack, policy, "policy");
    const there = examination.of(policy);
    if (document === UNKNOWN) {
      const message = "policy is not known before deployment, and the component around it does not show it";
      return there.violate({ subject: "policy", verdict: "unproven", message });
    }
    if (statementsOf(document).some((statement) => refusesPlainHttp(statement, holder.actions))) return;
    there.violate({ subject: "policy", message: "no statement of the policy refuses requests without TLS" });
  },
};
