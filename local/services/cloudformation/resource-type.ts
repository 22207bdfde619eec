/**
 * The resource types that templates may have here: what an update of each property does, what `Ref` and `Fn::GetAtt`
 * yield, and which permissions CloudFormation needs. A type that is not listed is refused.
 *
 * Source: the "Update requires" of each property and "Return values" of each type in the CloudFormation template
 * reference (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html);
 * what `Conditionally` stands for is "Some interruptions" and "Replacement" that depend on other properties.
 */
import type { AccountFacts } from "../model";
import { invalid } from "./refusal";
import { type JsonObject, textOf } from "./template/json";

export type Recreation = "Never" | "Conditionally" | "Always";

/** A resource as it is named. */
export interface Named {
  /** The name given by a property, or made up. */
  readonly name: string;
  readonly facts: AccountFacts;
  readonly properties: JsonObject;
}

export interface ResourceType {
  /** Property that gives the resource a name of its own. */
  readonly nameProperty?: string;
  /** Properties whose change makes a new resource, for sure or depending on others. */
  readonly always: readonly string[];
  readonly conditionally: readonly string[];
  /** What identifies it, and what `Ref` yields. */
  readonly physicalId: (named: Named) => string;
  readonly attributes: Readonly<Record<string, (named: Named) => string>>;
  /** IAM actions to make, change and delete it, and the ARN they are checked on. */
  readonly actions: Readonly<Record<"create" | "update" | "delete", string>>;
  readonly arn: (named: Named) => string;
  /** Whether a template with it must be acknowledged. */
  readonly isIdentity: boolean;
}

const arn =
  (service: string, of: (named: Named) => string) =>
  (named: Named): string => {
    const { partition, region, account } = named.facts;
    return `arn:${partition}:${service}:${region}:${account}:${of(named)}`;
  };
const byName = ({ name }: Named): string => name;
const text =
  (property: string) =>
  ({ properties }: Named): string =>
    textOf(properties[property]);

interface Declared {
  readonly name?: string;
  readonly always?: string;
  readonly conditionally?: string;
  readonly ref?: (named: Named) => string;
  readonly arn: (named: Named) => string;
  readonly attributes?: Readonly<Record<string, (named: Named) => string>>;
  /** Verbs after the service's prefix, to make, change and delete. */
  readonly may: string;
  readonly isIdentity?: boolean;
}

function declare({
  name,
  always,
  conditionally,
  ref,
  attributes,
  may,
  isIdentity = false,
  ...rest
}: Declared): ResourceType {
  const [prefix = "", verbs = ""] = may.split(":");
  const [create = "", update = create, remove = update] = verbs.split(" ");
  return {
    ...(name === undefined ? {} : { nameProperty: name }),
    always: [...(name === undefined ? [] : [name]), ...words(always)],
    conditionally: words(conditionally),
    physicalId: ref ?? byName,
    attributes: { Arn: rest.arn, ...attributes },
    actions: { create: `${prefix}:${create}`, update: `${prefix}:${update}`, delete: `${prefix}:${remove}` },
    arn: rest.arn,
    isIdentity,
  };
}

function words(list = ""): string[] {
  return list.split(" ").filter((word) => word !== "");
}

const iamArn =
  (kind: string) =>
  ({ name, facts, properties }: Named): string =>
    `arn:${facts.partition}:iam::${facts.account}:${kind}${textOf(properties["Path"] ?? "/")}${name}`;
const s3Arn = ({ name, facts }: Named): string => `arn:${facts.partition}:s3:::${name}`;
const apiArn =
  (of: (named: Named) => string) =>
  (named: Named): string =>
    `arn:${named.facts.partition}:apigateway:${named.facts.region}::/restapis/${of(named)}`;
const functionOf = ({ properties }: Named): string => textOf(properties["FunctionName"]).replace(/^.*:function:/, "");
const queueUrl = ({ name, facts }: Named): string =>
  `https://sqs.${facts.region}.amazonaws.com/${facts.account}/${name}`;

const TYPES: Readonly<Record<string, ResourceType>> = {
  "AWS::Lambda::Function": declare({
    name: "FunctionName",
    always: "PackageType",
    arn: arn("lambda", ({ name }) => `function:${name}`),
    may: "lambda:CreateFunction UpdateFunctionConfiguration DeleteFunction",
  }),
  "AWS::Lambda::Version": declare({
    always: "FunctionName CodeSha256 Description",
    ref: arn("lambda", (named) => `function:${functionOf(named)}:1`),
    arn: arn("lambda", (named) => `function:${functionOf(named)}:1`),
    attributes: { Version: () => "1", FunctionArn: arn("lambda", (named) => `function:${functionOf(named)}:1`) },
    may: "lambda:PublishVersion PublishVersion DeleteFunction",
  }),
  "AWS::Lambda::Alias": declare({
    name: "Name",
    always: "FunctionName",
    ref: arn("lambda", (named) => `function:${functionOf(named)}:${named.name}`),
    arn: arn("lambda", (named) => `function:${functionOf(named)}:${named.name}`),
    attributes: { AliasArn: arn("lambda", (named) => `function:${functionOf(named)}:${named.name}`) },
    may: "lambda:CreateAlias UpdateAlias DeleteAlias",
  }),
  "AWS::Lambda::Permission": declare({
    always: "Action EventSourceToken FunctionName FunctionUrlAuthType Principal PrincipalOrgID SourceAccount SourceArn",
    arn: arn("lambda", (named) => `function:${functionOf(named)}`),
    may: "lambda:AddPermission AddPermission RemovePermission",
  }),
  "AWS::Lambda::EventSourceMapping": declare({
    always: "EventSourceArn StartingPosition StartingPositionTimestamp SelfManagedEventSource",
    arn: arn("lambda", ({ name }) => `event-source-mapping:${name}`),
    attributes: { Id: byName },
    may: "lambda:CreateEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping",
  }),
  "AWS::IAM::Role": declare({
    name: "RoleName",
    always: "Path",
    arn: iamArn("role"),
    attributes: {
      RoleId: ({ name }) =>
        `AROA${name
          .toUpperCase()
          .replace(/[^A-Z0-9]/g, "")
          .slice(-17)}`,
    },
    may: "iam:CreateRole UpdateRole DeleteRole",
    isIdentity: true,
  }),
  "AWS::IAM::Policy": declare({
    name: "PolicyName",
    arn: iamArn("policy"),
    may: "iam:PutRolePolicy PutRolePolicy DeleteRolePolicy",
    isIdentity: true,
  }),
  "AWS::IAM::ManagedPolicy": declare({
    name: "ManagedPolicyName",
    always: "Description Path",
    ref: iamArn("policy"),
    arn: iamArn("policy"),
    attributes: { PolicyArn: iamArn("policy") },
    may: "iam:CreatePolicy CreatePolicyVersion DeletePolicy",
    isIdentity: true,
  }),
  "AWS::S3::Bucket": declare({
    name: "BucketName",
    always: "ObjectLockEnabled",
    arn: s3Arn,
    attributes: {
      DomainName: ({ name }) => `${name}.s3.amazonaws.com`,
      RegionalDomainName: ({ name, facts }) => `${name}.s3.${facts.region}.amazonaws.com`,
      WebsiteURL: ({ name, facts }) => `http://${name}.s3-website-${facts.region}.amazonaws.com`,
    },
    may: "s3:CreateBucket PutBucketTagging DeleteBucket",
  }),
  "AWS::S3::BucketPolicy": declare({
    always: "Bucket",
    ref: text("Bucket"),
    arn: ({ properties, facts }) => `arn:${facts.partition}:s3:::${textOf(properties["Bucket"])}`,
    may: "s3:PutBucketPolicy PutBucketPolicy DeleteBucketPolicy",
  }),
  "AWS::DynamoDB::Table": declare({
    name: "TableName",
    always: "KeySchema LocalSecondaryIndexes ImportSourceSpecification",
    conditionally: "AttributeDefinitions",
    arn: arn("dynamodb", ({ name }) => `table/${name}`),
    attributes: { StreamArn: arn("dynamodb", ({ name }) => `table/${name}/stream/2026-01-01T00:00:00.000`) },
    may: "dynamodb:CreateTable UpdateTable DeleteTable",
  }),
  "AWS::SQS::Queue": declare({
    name: "QueueName",
    always: "FifoQueue",
    ref: queueUrl,
    arn: arn("sqs", byName),
    attributes: { QueueName: byName, QueueUrl: queueUrl },
    may: "sqs:CreateQueue SetQueueAttributes DeleteQueue",
  }),
  "AWS::SQS::QueuePolicy": declare({ arn: arn("sqs", () => "*"), may: "sqs:SetQueueAttributes" }),
  "AWS::SNS::Topic": declare({
    name: "TopicName",
    always: "FifoTopic",
    ref: arn("sns", byName),
    arn: arn("sns", byName),
    attributes: { TopicName: byName, TopicArn: arn("sns", byName) },
    may: "sns:CreateTopic SetTopicAttributes DeleteTopic",
  }),
  "AWS::SNS::Subscription": declare({
    always: "Endpoint Protocol TopicArn",
    ref: (named) => `${text("TopicArn")(named)}:${named.name}`,
    arn: text("TopicArn"),
    may: "sns:Subscribe SetSubscriptionAttributes Unsubscribe",
  }),
  "AWS::SNS::TopicPolicy": declare({ arn: arn("sns", () => "*"), may: "sns:SetTopicAttributes" }),
  "AWS::Kinesis::Stream": declare({
    name: "Name",
    arn: arn("kinesis", ({ name }) => `stream/${name}`),
    may: "kinesis:CreateStream UpdateShardCount DeleteStream",
  }),
  "AWS::KinesisFirehose::DeliveryStream": declare({
    name: "DeliveryStreamName",
    always: "DeliveryStreamType KinesisStreamSourceConfiguration MSKSourceConfiguration",
    arn: arn("firehose", ({ name }) => `deliverystream/${name}`),
    may: "firehose:CreateDeliveryStream UpdateDestination DeleteDeliveryStream",
  }),
  "AWS::Logs::LogGroup": declare({
    name: "LogGroupName",
    always: "LogGroupClass",
    arn: arn("logs", ({ name }) => `log-group:${name}:*`),
    may: "logs:CreateLogGroup PutRetentionPolicy DeleteLogGroup",
  }),
  "AWS::ApiGateway::RestApi": declare({
    arn: apiArn(byName),
    attributes: { RestApiId: byName, RootResourceId: ({ name }) => `root${name.slice(-6).toLowerCase()}` },
    may: "apigateway:POST PATCH DELETE",
  }),
  "AWS::ApiGateway::Resource": declare({
    always: "ParentId PathPart RestApiId",
    arn: apiArn((named) => `${text("RestApiId")(named)}/resources/${named.name}`),
    attributes: { ResourceId: byName },
    may: "apigateway:POST PATCH DELETE",
  }),
  "AWS::ApiGateway::Method": declare({
    always: "HttpMethod ResourceId RestApiId",
    arn: apiArn(
      (named) =>
        `${text("RestApiId")(named)}/resources/${text("ResourceId")(named)}/methods/${text("HttpMethod")(named)}`,
    ),
    may: "apigateway:PUT PATCH DELETE",
  }),
  "AWS::ApiGateway::Deployment": declare({
    always: "RestApiId DeploymentCanarySettings",
    arn: apiArn((named) => `${text("RestApiId")(named)}/deployments/${named.name}`),
    attributes: { DeploymentId: byName },
    may: "apigateway:POST PATCH DELETE",
  }),
  "AWS::ApiGateway::Stage": declare({
    name: "StageName",
    always: "RestApiId",
    arn: apiArn((named) => `${text("RestApiId")(named)}/stages/${named.name}`),
    may: "apigateway:POST PATCH DELETE",
  }),
  "AWS::Events::Rule": declare({
    name: "Name",
    always: "EventBusName",
    arn: arn("events", ({ name }) => `rule/${name}`),
    may: "events:PutRule PutRule DeleteRule",
  }),
  "AWS::CloudWatch::Alarm": declare({
    name: "AlarmName",
    arn: arn("cloudwatch", ({ name }) => `alarm:${name}`),
    may: "cloudwatch:PutMetricAlarm PutMetricAlarm DeleteAlarms",
  }),
  "AWS::KMS::Key": declare({
    always: "KeySpec KeyUsage Origin",
    conditionally: "MultiRegion",
    arn: arn("kms", ({ name }) => `key/${name}`),
    attributes: { KeyId: byName },
    may: "kms:CreateKey UpdateKeyDescription ScheduleKeyDeletion",
  }),
  "AWS::KMS::Alias": declare({
    name: "AliasName",
    arn: arn("kms", byName),
    may: "kms:CreateAlias UpdateAlias DeleteAlias",
  }),
  "AWS::SSM::Parameter": declare({
    name: "Name",
    always: "DataType",
    arn: arn("ssm", ({ name }) => `parameter/${name.replace(/^\//, "")}`),
    attributes: { Type: text("Type"), Value: text("Value") },
    may: "ssm:PutParameter PutParameter DeleteParameter",
  }),
  "AWS::StepFunctions::StateMachine": declare({
    name: "StateMachineName",
    always: "StateMachineType",
    ref: arn("states", ({ name }) => `stateMachine:${name}`),
    arn: arn("states", ({ name }) => `stateMachine:${name}`),
    attributes: { Name: byName },
    may: "states:CreateStateMachine UpdateStateMachine DeleteStateMachine",
  }),
  "AWS::CloudFormation::Stack": declare({
    arn: arn("cloudformation", ({ name }) => `stack/${name}/*`),
    may: "cloudformation:CreateStack UpdateStack DeleteStack",
  }),
  "AWS::CloudFormation::WaitConditionHandle": declare({
    ref: ({ name, facts }) => `https://cloudformation-waitcondition-${facts.region}.s3.amazonaws.com/${name}`,
    arn: arn("cloudformation", ({ name }) => `waitConditionHandle/${name}`),
    may: "",
  }),
  "AWS::CDK::Metadata": declare({ arn: arn("cloudformation", ({ name }) => `metadata/${name}`), may: "" }),
};

export const NESTED_STACK = "AWS::CloudFormation::Stack";

/** @throws AwsError `ValidationError` */
export function typeOf(type: string): ResourceType {
  const found = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (found !== undefined) return found;
  throw invalid(
    `Template format error: the local stage does not model the resource type ${type}: add it to local/services/cloudformation/resource-type.ts`,
  );
}

export function recreationOf(type: string, property: string): Recreation {
  const { always, conditionally } = typeOf(type);
  if (always.includes(property)) return "Always";
  return conditionally.includes(property) ? "Conditionally" : "Never";
}

/** Types of which CloudFormation takes a snapshot; none of those modelled here. */
export const KNOWN_TYPES: readonly string[] = Object.keys(TYPES);
