import type { Resource } from "../../core/resource";
import type { ResourceRule } from "../../core/rule";
import { isRecord, UNKNOWN, valueAt, type Properties, type Value } from "../../core/value";

/** What bills and audits go by, with the value that the URN tells. */
const TAGS = ["clickstream:project", "clickstream:stage", "clickstream:managed-by"] as const;

/** Types that take tags, of those that cost or hold something. */
const TAGGED = [
  "aws:apigateway/restApi:RestApi",
  "aws:apigateway/stage:Stage",
  "aws:athena/workgroup:Workgroup",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:codebuild/project:Project",
  "aws:codepipeline/pipeline:Pipeline",
  "aws:cognito/userPool:UserPool",
  "aws:dynamodb/table:Table",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ecr/repository:Repository",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:emrserverless/application:Application",
  "aws:iam/role:Role",
  "aws:iam/user:User",
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  "aws:kinesis/stream:Stream",
  "aws:kms/key:Key",
  "aws:lambda/function:Function",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:msk/cluster:Cluster",
  "aws:redshiftserverless/namespace:Namespace",
  "aws:redshiftserverless/workgroup:Workgroup",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:sfn/stateMachine:StateMachine",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
  "aws:wafv2/webAcl:WebAcl",
];

export const resourcesNameTheirStage: ResourceRule = {
  name: "tags-resources-name-their-stage",
  description: "What costs or holds something says which project and stage it belongs to, and who manages it.",
  severity: "low",
  fix: "make it with the stage's provider, whose defaultTags carry the three tags",
  url: "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
  types: TAGGED,
  check(resource, examination) {
    const tags = tagsOf(resource);
    if (tags === UNKNOWN) {
      const message = "its tags, or those of its provider, are not known before deployment";
      return examination.violate({ subject: "tags", verdict: "unproven", message });
    }
    const missing = TAGS.filter((tag) => (tags[tag] ?? "") === "");
    if (missing.length > 0) examination.violate({ subject: "tags", message: `tags must name ${missing.join(", ")}` });
  },
  remediate(resource) {
    const tags = tagsOf(resource);
    if (tags === UNKNOWN) return undefined;
    const own = resource.properties["tags"];
    const missing = Object.entries(expectedTags(resource)).filter(([tag]) => (tags[tag] ?? "") === "");
    if (missing.length === 0) return undefined;
    return { tags: { ...(isRecord(own) ? own : {}), ...Object.fromEntries(missing) } };
  },
};

/** Its own tags over those that its provider puts on everything. */
function tagsOf({ properties, provider }: Resource): Properties | typeof UNKNOWN {
  const own = properties["tags"];
  const defaults = readDefaultTags(provider?.["defaultTags"]);
  if (own === UNKNOWN || defaults === UNKNOWN) return UNKNOWN;
  return { ...(isRecord(defaults) ? defaults : {}), ...(isRecord(own) ? own : {}) };
}

/** A provider's properties travel as JSON. */
function readDefaultTags(defaultTags: Value | undefined): Value | undefined {
  const value = typeof defaultTags === "string" ? (JSON.parse(defaultTags) as Value) : defaultTags;
  return value === UNKNOWN ? UNKNOWN : isRecord(value) ? valueAt(value, "tags") : undefined;
}

/** `urn:pulumi:<stage>::<project>::...` */
function expectedTags({ urn }: Resource): Readonly<Record<(typeof TAGS)[number], string>> {
  const [stage = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { "clickstream:project": project, "clickstream:stage": stage, "clickstream:managed-by": "pulumi" };
}
