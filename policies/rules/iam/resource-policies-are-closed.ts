import { examineDocument } from "../../iam";
import { documentAt } from "../../core/document";
import { toEngine } from "../../core/engine-document";
import type { StackRule } from "../../core/rule";
import { UNKNOWN } from "../../core/value";
import { tellEngineFindings } from "./tell-engine-findings";

/** Where each type keeps a policy of its own, and IAM's name of the service. */
const POLICIES: Readonly<Record<string, { readonly path: string; readonly service?: string }>> = {
  "aws:s3/bucketPolicy:BucketPolicy": { path: "policy", service: "s3" },
  "aws:sqs/queuePolicy:QueuePolicy": { path: "policy", service: "sqs" },
  "aws:sns/topicPolicy:TopicPolicy": { path: "policy", service: "sns" },
  "aws:kms/key:Key": { path: "policy", service: "kms" },
  "aws:kms/keyPolicy:KeyPolicy": { path: "policy", service: "kms" },
  "aws:secretsmanager/secretPolicy:SecretPolicy": { path: "policy", service: "secretsmanager" },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": { path: "policy", service: "ecr" },
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": { path: "policy", service: "events" },
  "aws:kinesis/resourcePolicy:ResourcePolicy": { path: "policy", service: "kinesis" },
  "aws:dynamodb/resourcePolicy:ResourcePolicy": { path: "policy", service: "dynamodb" },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { path: "policy" },
};

export const resourcePoliciesAreClosed: StackRule = {
  name: "iam-resource-policies-are-closed",
  description: "A policy on a bucket, queue, topic, key or endpoint lets in nobody but whom it names.",
  severity: "critical",
  fix: "name principals, or bound them by aws:SourceArn, aws:SourceAccount or aws:PrincipalOrgID",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html",
  types: Object.keys(POLICIES),
  checkWithin(stack, resource, examination) {
    const { path, service } = POLICIES[resource.type] ?? { path: "policy" };
    // As text where it is known: the engine sees what AWS would see.
    const written = resource.properties[path];
    const document = written === UNKNOWN ? documentAt(stack, resource, path) : written;
    // Without a policy, AWS lets nobody in; an endpoint then lets everybody through.
    if (document === undefined) {
      if (resource.type !== "aws:ec2/vpcEndpoint:VpcEndpoint") return;
      return examination.violate({
        subject: path,
        message: "the endpoint has no policy, so any account's data may leave through it",
      });
    }
    const subject = { kind: "resource", ...(service === undefined ? {} : { resourceType: service }) } as const;
    tellEngineFindings(examination, examineDocument(toEngine(document), subject));
  },
};
