/**
 * What `pulumi up` may do as its role: make, change and delete the kinds of resources that the platform consists of. Exact
 * actions, in this account and region; where a boundary is configured, no role is made without it.
 */
import * as pulumi from "@pulumi/pulumi";
import { ANY_RESOURCE, permits, type Action, type Capability, type Conditions, type Target } from "../core/capability";
import type { Foundation } from "../core/foundation";

interface Grant {
  readonly sid: string;
  /** `kinesis: CreateStream DeleteStream`. */
  readonly may: string;
  /** After partition, or whole where a service has no region or account in its ARNs. */
  readonly on: readonly string[] | "anything";
  readonly conditions?: Conditions;
}

/** `{here}` is region and account. Source: the resource documentation of each type in the provider, and the CRUD it calls. */
const GRANTS: readonly Grant[] = [
  {
    sid: "Streams",
    may: "kinesis: AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteStream DescribeStreamSummary IncreaseStreamRetentionPeriod ListTagsForStream RemoveTagsFromStream StartStreamEncryption StopStreamEncryption",
    on: ["kinesis:{here}:stream/*"],
  },
  {
    sid: "Deliveries",
    may: "firehose: CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream ListTagsForDeliveryStream StartDeliveryStreamEncryption TagDeliveryStream UntagDeliveryStream UpdateDestination",
    on: ["firehose:{here}:deliverystream/*"],
  },
  {
    sid: "Tables",
    may: "dynamodb: CreateTable DeleteTable DescribeContinuousBackups DescribeTable DescribeTimeToLive ListTagsOfResource TagResource UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive",
    on: ["dynamodb:{here}:table/*"],
  },
  {
    sid: "Queues",
    may: "sqs: CreateQueue DeleteQueue GetQueueAttributes ListQueueTags SetQueueAttributes TagQueue UntagQueue",
    on: ["sqs:{here}:*"],
  },
  {
    sid: "Topics",
    may: "sns: CreateTopic DeleteTopic GetSubscriptionAttributes GetTopicAttributes ListTagsForResource SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource Unsubscribe UntagResource",
    on: ["sns:{here}:*"],
  },
  {
    sid: "Mappings",
    may: "lambda: DeleteEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping",
    on: ["lambda:{here}:event-source-mapping:*"],
  },
  {
    sid: "LogGroups",
    may: "logs: AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy ListTagsForResource PutRetentionPolicy TagResource UntagResource",
    on: ["logs:{here}:log-group:*"],
  },
  {
    sid: "Rules",
    may: "events: DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets RemoveTargets TagResource UntagResource",
    on: ["events:{here}:rule/*"],
  },
  {
    sid: "Alarms",
    may: "cloudwatch: DeleteAlarms DeleteDashboards DescribeAlarms GetDashboard ListTagsForResource PutDashboard PutMetricAlarm TagResource UntagResource",
    on: ["cloudwatch:{here}:alarm:*", "cloudwatch::{account}:dashboard/*"],
  },
  {
    sid: "Apis",
    may: "apigateway: DELETE GET PATCH POST PUT",
    on: [
      "apigateway:{region}::/account",
      "apigateway:{region}::/restapis",
      "apigateway:{region}::/restapis/*",
      "apigateway:{region}::/tags/*",
    ],
  },
  {
    sid: "Firewalls",
    may: "wafv2: AssociateWebACL CreateWebACL DeleteWebACL DisassociateWebACL GetWebACL GetWebACLForResource ListTagsForResource TagResource UntagResource UpdateWebACL",
    on: ["wafv2:{here}:regional/webacl/*", "apigateway:{region}::/restapis/*"],
  },
  {
    sid: "Keys",
    may: "kms: CreateAlias DeleteAlias DescribeKey EnableKeyRotation GetKeyPolicy GetKeyRotationStatus ListResourceTags PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateAlias UpdateKeyDescription",
    on: ["kms:{here}:key/*", "kms:{here}:alias/clickstream-*"],
  },
  {
    sid: "Network",
    may: "ec2: DescribeVpcAttribute AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateRouteTable CreateSecurityGroup CreateSubnet CreateTags CreateVpc CreateVpcEndpoint DeleteRouteTable DeleteSecurityGroup DeleteSubnet DeleteVpc DeleteVpcEndpoints AssociateRouteTable DisassociateRouteTable ModifySubnetAttribute ModifyVpcAttribute ModifyVpcEndpoint RevokeSecurityGroupEgress RevokeSecurityGroupIngress",
    on: ["ec2:{here}:*/*"],
  },
  {
    sid: "Machines",
    may: "states: CreateStateMachine DeleteStateMachine DescribeStateMachine ListTagsForResource TagResource UntagResource UpdateStateMachine",
    on: ["states:{here}:stateMachine:*"],
  },
  {
    // AWS offers no resource-level permission for these.
    sid: "LookUp",
    may: "ec2: DescribeAvailabilityZones DescribeNetworkAcls DescribeNetworkInterfaces DescribePrefixLists DescribeRouteTables DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets DescribeVpcEndpoints DescribeVpcs",
    on: "anything",
  },
  {
    sid: "StreamSettings",
    may: "kinesis: DisableEnhancedMonitoring EnableEnhancedMonitoring UpdateShardCount UpdateStreamMode",
    on: "anything",
  },
  { sid: "MakeMappings", may: "lambda: CreateEventSourceMapping ListTags", on: "anything" },
  { sid: "MakeKeys", may: "kms: CreateKey ListAliases", on: "anything" },
  { sid: "LookUpLogs", may: "logs: DescribeLogGroups", on: "anything" },
];

const KEEP_BUCKETS =
  "s3: CreateBucket DeleteBucket DeleteBucketPolicy GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLogging GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration";
const KEEP_FUNCTIONS =
  "lambda: AddPermission CreateFunction DeleteFunction DeleteFunctionConcurrency GetFunction GetFunctionCodeSigningConfig GetPolicy ListVersionsByFunction PutFunctionConcurrency RemovePermission TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration";
const SEE_ROLES = "iam: GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies";
const MAKE_ROLES = "iam: CreateRole PutRolePolicy";
const CHANGE_ROLES =
  "iam: DeleteRole DeleteRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription";

/** Services that the platform hands its roles to. */
const PASSED_TO = [
  ...["apigateway", "cognito-identity", "events", "firehose", "lambda", "states"].map(
    (each) => `${each}.amazonaws.com`,
  ),
];

const WHY = "makes, changes and deletes what the platform consists of, and nothing else";
const IDLE = "used where a release changes that kind of resource";

/** The names by which a release knows what its stages consist of, so that it can touch nothing that bears others. */
export interface StageNames {
  /** What the name of every role of a stage begins with; the release's own roles begin otherwise. */
  readonly rolePrefix: string;
  /** Logical names of its buckets. */
  readonly buckets: readonly string[];
  /** Logical names of its functions. */
  readonly functions: readonly string[];
}

export function canApply(on: Foundation, names: StageNames): Capability {
  return permits(...[...GRANTS, ...namedGrants(names), ...rolesOf(on, names)].map((grant) => statementOf(grant, on)));
}

/** What a preview looks up; everything else it knows from the state. */
export function canPreview(): Capability {
  return permits({
    sid: "LookUp",
    reason: "the program looks zones up",
    actions: ["ec2:DescribeAvailabilityZones"],
    targets: [ANY_RESOURCE],
    idle: "the provider uses it, and nothing else",
  });
}

/** Auto-naming adds a dash and seven digits to the logical name. */
function namedGrants({ buckets, functions }: StageNames): Grant[] {
  return [
    { sid: "Buckets", may: KEEP_BUCKETS, on: buckets.map((name) => `s3:::${name}-*`) },
    { sid: "Functions", may: KEEP_FUNCTIONS, on: functions.map((name) => `lambda:{here}:function:${name}-*`) },
  ];
}

/** A role that is made must have the boundary, so that no release can make one that may do more than the boundary says. */
function rolesOf({ roles: { permissionsBoundary } }: Foundation, { rolePrefix }: StageNames): Grant[] {
  const roles = [`iam::{account}:role/${rolePrefix}*`];
  const bounded =
    permissionsBoundary === undefined
      ? {}
      : { conditions: { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } } };
  return [
    { sid: "SeeRoles", may: SEE_ROLES, on: roles },
    { sid: "MakeRoles", may: MAKE_ROLES, on: roles, ...bounded },
    { sid: "ChangeRoles", may: CHANGE_ROLES, on: roles },
    {
      sid: "PassRoles",
      may: "iam: PassRole",
      on: roles,
      conditions: { StringEquals: { "iam:PassedToService": PASSED_TO } },
    },
  ];
}

function statementOf({ sid, may, on: resources, conditions }: Grant, on: Foundation): Capability["statements"][number] {
  const [service = "", ...verbs] = may.split(/:? /);
  return {
    sid,
    reason: WHY,
    actions: verbs.map((verb): Action => `${service}:${verb}`),
    targets: resources === "anything" ? [ANY_RESOURCE] : resources.map((resource) => targetOf(resource, on)),
    ...(conditions === undefined ? {} : { conditions }),
    idle: IDLE,
  };
}

function targetOf(resource: string, { place: { partition, region, account } }: Foundation): Target {
  const written = resource.replace("{here}", "{region}:{account}").replace("{region}", region);
  const [before = "", after] = written.split("{account}");
  return {
    arn:
      after === undefined
        ? `arn:${partition}:${before}`
        : pulumi.interpolate`arn:${partition}:${before}${account}${after}`,
    pattern: `arn:${partition}:${written.replace("{account}", "*")}`,
  };
}
