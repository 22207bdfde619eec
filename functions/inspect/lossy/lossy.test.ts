/**
 * Every setting that loses something, in every spelling it has: the loss is found, and the way back is not (where going
 * back loses nothing).
 * Does not prove that the services lose what the rules say; each table names its source.
 */
import assert from "node:assert/strict";
import type { Fields } from "../corpus/corpus";
import { detail, findingsOf, inspectPreview, inspectSet, modified, reasonOf, state, step } from "../corpus/factories";
import { LOSSY_TABLES } from ".";

/** [setting, a value, what it may not become]; `both` where the way back loses as well. */
type Sample = readonly [setting: string, before: unknown, after: unknown, both?: "both"];

const ABSENT = undefined;
const FIREHOSE = "AWS::KinesisFirehose::DeliveryStream";
const P_FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const MAPPING = "AWS::Lambda::EventSourceMapping";
const named = (...names: string[]): object[] =>
  names.map((name) => ({ IndexName: name, name, Name: name, Type: "string" }));

const SAMPLES: readonly Sample[] = [
  ["AWS::Kinesis::Stream RetentionPeriodHours", 48, ABSENT],
  ["AWS::Kinesis::Stream ShardCount", 3, 2],
  ["AWS::Kinesis::Stream StreamModeDetails.StreamMode", "ON_DEMAND", "PROVISIONED"],
  ["AWS::Kinesis::Stream MaxRecordSizeInKiB", 2048, ABSENT],
  ["AWS::Kinesis::Stream StreamEncryption.EncryptionType", "KMS", ABSENT],
  ["aws:kinesis/stream:Stream enforceConsumerDeletion", ABSENT, true],
  [`${FIREHOSE} AmazonOpenSearchServerlessDestinationConfiguration`, { RoleARN: "r" }, ABSENT],
  [`${P_FIREHOSE} destination`, "extended_s3", "http_endpoint", "both"],
  [`${FIREHOSE} ExtendedS3DestinationConfiguration.BucketARN`, "arn:aws:s3:::a", "arn:aws:s3:::b", "both"],
  [`${FIREHOSE} KinesisStreamSourceConfiguration`, { KinesisStreamARN: "a" }, { KinesisStreamARN: "b" }, "both"],
  [`${FIREHOSE} ExtendedS3DestinationConfiguration.S3BackupMode`, "Enabled", "Disabled"],
  [`${FIREHOSE} ExtendedS3DestinationConfiguration.ProcessingConfiguration.Processors`, [{ Type: "Lambda" }], []],
  [`${FIREHOSE} ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.Enabled`, true, false],
  [`${FIREHOSE} DeliveryStreamEncryptionConfigurationInput`, { KeyType: "AWS_OWNED_CMK" }, ABSENT],
  [`${P_FIREHOSE} serverSideEncryption.enabled`, true, false],
  [`${MAPPING} Enabled`, ABSENT, false],
  [`${MAPPING} MaximumRecordAgeInSeconds`, -1, 3600],
  [`${MAPPING} MaximumRetryAttempts`, ABSENT, 3],
  [`${MAPPING} FilterCriteria`, ABSENT, { Filters: [{ Pattern: "{}" }] }],
  [`${MAPPING} DestinationConfig`, { OnFailure: { Destination: "d" } }, ABSENT],
  [`${MAPPING} FunctionResponseTypes`, ["ReportBatchItemFailures"], []],
  [`${MAPPING} StartingPosition`, "TRIM_HORIZON", "LATEST", "both"],
  [`${MAPPING} TumblingWindowInSeconds`, 10, 60, "both"],
  ["AWS::Lambda::EventInvokeConfig MaximumEventAgeInSeconds", ABSENT, 60],
  ["AWS::Events::Rule State", ABSENT, "DISABLED"],
  [
    "AWS::S3::Bucket LifecycleConfiguration.Rules",
    [],
    [{ Status: "Enabled", ExpirationInDays: 7, expiration: { days: 7 } }],
  ],
  ["AWS::S3::Bucket VersioningConfiguration.Status", "Enabled", "Suspended"],
  ["aws:s3/bucket:Bucket versioning.enabled", true, false],
  ["AWS::S3::Bucket ReplicationConfiguration", { Role: "r", Rules: [] }, ABSENT],
  ["AWS::S3::Bucket LoggingConfiguration", { LogFilePrefix: "x" }, ABSENT],
  ["AWS::S3::Bucket NotificationConfiguration", { LambdaConfigurations: [{}] }, ABSENT],
  ["AWS::S3::Bucket BucketEncryption", [{ SSEAlgorithm: "aws:kms" }], [{ SSEAlgorithm: "AES256" }], "both"],
  ["AWS::S3::Bucket ObjectLockConfiguration.Rule", { Days: 30 }, { Days: 1 }, "both"],
  ["aws:s3/bucket:Bucket forceDestroy", false, true],
  [
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls rule.objectOwnership",
    "BucketOwnerEnforced",
    "ObjectWriter",
  ],
  ["AWS::S3::Bucket PublicAccessBlockConfiguration.BlockPublicAcls", true, ABSENT],
  ["AWS::S3::Bucket PublicAccessBlockConfiguration.BlockPublicPolicy", true, false],
  ["AWS::S3::Bucket PublicAccessBlockConfiguration.IgnorePublicAcls", "true", "false"],
  ["AWS::S3::Bucket PublicAccessBlockConfiguration.RestrictPublicBuckets", true, false],
  ["AWS::S3::Bucket AccessControl", "Private", "PublicRead"],
  ["AWS::S3::Bucket AccessControl", "Private", "PublicReadWrite"],
  ["AWS::S3::Bucket AccessControl", ABSENT, "AuthenticatedRead"],
  ["aws:s3/bucket:Bucket acl", "private", "public-read"],
  ["aws:s3/bucket:Bucket acl", "private", "public-read-write"],
  ["aws:s3/bucket:Bucket acl", ABSENT, "authenticated-read"],
  ["AWS::DynamoDB::Table TimeToLiveSpecification.Enabled", ABSENT, true],
  ["AWS::DynamoDB::Table TimeToLiveSpecification.AttributeName", "expires", "created", "both"],
  ["AWS::DynamoDB::Table KeySchema", "id", "key", "both"],
  ["AWS::DynamoDB::Table StreamSpecification", { StreamViewType: "NEW_IMAGE" }, ABSENT],
  ["aws:dynamodb/table:Table streamEnabled", true, false],
  ["aws:dynamodb/table:Table streamViewType", "NEW_IMAGE", "KEYS_ONLY", "both"],
  ["AWS::DynamoDB::Table GlobalSecondaryIndexes", named("a", "b"), named("b")],
  [
    "AWS::DynamoDB::GlobalTable Replicas",
    [{ Region: "eu-west-1" }, { Region: "eu-north-1" }],
    [{ Region: "eu-west-1" }],
  ],
  ["AWS::DynamoDB::Table KinesisStreamSpecification", { StreamArn: "a" }, ABSENT],
  ["AWS::DynamoDB::Table BillingMode", "PAY_PER_REQUEST", "PROVISIONED"],
  ["AWS::DynamoDB::Table ProvisionedThroughput.ReadCapacityUnits", 10, 5],
  ["AWS::DynamoDB::Table OnDemandThroughput.MaxReadRequestUnits", -1, 100],
  ["AWS::DynamoDB::Table PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", true, ABSENT],
  ["AWS::DynamoDB::Table PointInTimeRecoverySpecification.RecoveryPeriodInDays", ABSENT, 7],
  ["AWS::DynamoDB::Table DeletionProtectionEnabled", true, ABSENT],
  ["AWS::DynamoDB::Table SSESpecification.SSEEnabled", true, false],
  ["AWS::Redshift::Cluster NumberOfNodes", 4, 2],
  ["AWS::Redshift::Cluster NodeType", "ra3.4xlarge", "ra3.xlplus", "both"],
  ["AWS::Redshift::Cluster ClusterType", "multi-node", "single-node"],
  ["AWS::RedshiftServerless::Workgroup BaseCapacity", 64, 8],
  ["AWS::Redshift::Cluster AutomatedSnapshotRetentionPeriod", 7, 0],
  ["AWS::Redshift::Cluster ManualSnapshotRetentionPeriod", ABSENT, 30],
  ["AWS::Redshift::Cluster SnapshotCopyConfiguration", { DestinationRegion: "eu-north-1" }, ABSENT],
  ["AWS::Redshift::Cluster Encrypted", true, false],
  ["aws:redshift/cluster:Cluster skipFinalSnapshot", false, true],
  ["AWS::RedshiftServerless::Namespace FinalSnapshotName", "last", ABSENT],
  ["AWS::Redshift::Cluster PubliclyAccessible", false, true],
  ["AWS::RDS::DBInstance AllocatedStorage", "100", "50"],
  ["AWS::RDS::DBInstance DBInstanceClass", "db.r6g.large", "db.t4g.micro", "both"],
  ["AWS::RDS::DBInstance MultiAZ", true, false],
  ["AWS::RDS::DBInstance BackupRetentionPeriod", 7, 0],
  ["AWS::RDS::DBInstance DeletionProtection", true, false],
  ["aws:rds/instance:Instance skipFinalSnapshot", ABSENT, true],
  ["AWS::RDS::DBInstance DeleteAutomatedBackups", false, true],
  ["AWS::RDS::DBInstance StorageEncrypted", true, false],
  ["AWS::RDS::DBInstance PubliclyAccessible", ABSENT, true],
  ["AWS::Glue::Table TableInput.StorageDescriptor.Columns", named("a", "b"), named("a")],
  ["AWS::Glue::Table TableInput.PartitionKeys", named("day"), named("hour"), "both"],
  ["AWS::Glue::Table TableInput.StorageDescriptor.Location", "s3://a", "s3://b", "both"],
  ["AWS::Glue::Crawler SchemaChangePolicy.DeleteBehavior", ABSENT, "DELETE_FROM_DATABASE"],
  ["AWS::Glue::Schema Compatibility", "BACKWARD", "NONE"],
  ["AWS::KMS::Key Enabled", ABSENT, false],
  ["AWS::KMS::Key EnableKeyRotation", true, ABSENT],
  ["AWS::KMS::Key RotationPeriodInDays", 90, ABSENT],
  ["AWS::KMS::Key PendingWindowInDays", ABSENT, 7],
  ["AWS::KMS::Key BypassPolicyLockoutSafetyCheck", false, true],
  ["AWS::Logs::LogGroup RetentionInDays", 0, 365],
  ["AWS::Logs::LogGroup KmsKeyId", "arn:aws:kms:x", ABSENT],
  ["AWS::Logs::LogGroup DeletionProtectionEnabled", true, false],
  ["AWS::Logs::LogGroup DataProtectionPolicy", { Name: "mask" }, ABSENT],
  ["aws:cloudwatch/logGroup:LogGroup skipDestroy", true, false],
  ["AWS::SQS::Queue MessageRetentionPeriod", ABSENT, 60],
  ["AWS::SQS::Queue RedrivePolicy", '{"maxReceiveCount":3}', ABSENT],
  ["AWS::SQS::Queue MaximumMessageSize", ABSENT, 1024],
  ["AWS::SQS::Queue SqsManagedSseEnabled", true, false],
  ["AWS::SQS::Queue KmsMasterKeyId", "alias/key", ABSENT],
  ["AWS::SNS::Topic Subscription", [{ Endpoint: "a@b", Protocol: "email" }], []],
  ["AWS::SNS::Topic ArchivePolicy", { MessageRetentionPeriod: 30 }, ABSENT],
  ["AWS::SNS::Subscription FilterPolicy", ABSENT, '{"site":["a"]}'],
  ["AWS::SNS::Subscription RedrivePolicy", { deadLetterTargetArn: "a" }, ABSENT],
  ["AWS::SNS::Subscription RawMessageDelivery", false, true, "both"],
  ["AWS::AutoScaling::AutoScalingGroup MinSize", 1, 0],
  ["AWS::MSK::Cluster NumberOfBrokerNodes", 6, 3],
  ["AWS::Events::Archive RetentionDays", 0, 30],
  ["AWS::CloudWatch::Alarm ActionsEnabled", ABSENT, false],
  ["AWS::Cognito::UserPool DeletionProtection", "ACTIVE", "INACTIVE"],
  ["aws:secretsmanager/secret:Secret recoveryWindowInDays", ABSENT, 0],
  ["aws:ecr/repository:Repository forceDelete", false, true],
  ["AWS::Lambda::Url AuthType", "AWS_IAM", "NONE"],
  ["AWS::ApiGateway::Method AuthorizationType", "AWS_IAM", "NONE"],
  ["AWS::ApiGateway::Method ApiKeyRequired", true, false],
  ["AWS::WAFv2::WebACL Rules", named("rate", "size"), named("rate")],
  ["AWS::WAFv2::WebACL DefaultAction", { Block: {} }, { Allow: {} }, "both"],
];

/** Properties in which only the setting at the path has a value. */
function nested(path: string, value: unknown): Fields {
  return path
    .split(".")
    .reduceRight<unknown>((inner, name) => (inner === undefined ? {} : { [name]: inner }), value) as Fields;
}

function update(setting: string, before: unknown, after: unknown): string[] {
  const [type = "", path = ""] = setting.split(" ");
  const [was, is] = [nested(path, before), nested(path, after)];
  const change = type.startsWith("aws:")
    ? inspectPreview([step("update", state(type, "it", was), state(type, "it", is))])
    : inspectSet([modified("It", type, was, is)]);
  return findingsOf(change).map((finding) => finding.split(" ")[0] ?? "");
}

describe("settings whose change loses something", () => {
  for (const rule of LOSSY_TABLES.flatMap(({ rules }) => rules)) {
    const samples = SAMPLES.filter(([setting]) => setting === rule.settings[0]);
    const sample = samples.find(([, before, after]) => rule.loses(before, after) !== undefined);
    for (const setting of rule.settings) {
      it(`${setting}: ${rule.says}`, () => {
        assert.ok(sample !== undefined, "no sample loses anything");
        const [, before, after, both] = sample;
        assert.ok(update(setting, before, after).includes(rule.change));
        const back = update(setting, after, before);
        assert.equal(back.includes(rule.change), both === "both", back.join(", "));
        assert.deepEqual(update(setting, before, before), []);
      });
    }
  }

  it("have a sample each, and no sample is without a rule", () => {
    const first = new Set(LOSSY_TABLES.flatMap(({ rules }) => rules.map(({ settings }) => settings[0])));
    assert.deepEqual(
      SAMPLES.filter(([setting]) => !first.has(setting)),
      [],
    );
  });

  it("are compared as text where CloudFormation writes text", () => {
    const change = modified(
      "It",
      "AWS::Kinesis::Stream",
      { RetentionPeriodHours: "168" },
      { RetentionPeriodHours: "24" },
    );
    assert.match(reasonOf(inspectSet([change])).reason, /from "168" to "24"/);
    const text = modified("It", "AWS::Kinesis::Stream", { RetentionPeriodHours: "9" }, { RetentionPeriodHours: "10" });
    assert.deepEqual(findingsOf(inspectSet([text])), []);
  });

  it("are refused where their values cannot be compared", () => {
    const change = modified("It", "AWS::Kinesis::Stream", { ShardCount: "two" }, { ShardCount: "three" });
    assert.deepEqual(findingsOf(inspectSet([change])), ["lossy-update It"]);
  });

  it("are unknown where a description could show them, and a risk where nobody can see them yet", () => {
    const plain = { BeforeContext: null, AfterContext: null, Details: [detail("ShardCount")] };
    assert.deepEqual(findingsOf(inspectSet([modified("It", "AWS::Kinesis::Stream", {}, {}, plain)])), ["unknown It"]);
    const later = { ShardCount: "{{changeSet:KNOWN_AFTER_APPLY}}" };
    const change = modified("It", "AWS::Kinesis::Stream", { ShardCount: "2" }, later);
    assert.deepEqual(findingsOf(inspectSet([change])), ["lossy-update It"]);
    const other = { ...plain, Details: [detail("Tags", { Attribute: "Tags", Name: undefined })] };
    assert.deepEqual(findingsOf(inspectSet([modified("It", "AWS::Kinesis::Stream", {}, {}, other)])), []);
    const one = modified("It", "AWS::Kinesis::Stream", {}, { ShardCount: 1 }, { BeforeContext: null });
    assert.deepEqual(findingsOf(inspectSet([one])), ["unknown It"]);
  });
});
