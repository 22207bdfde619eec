/** Buckets and tables. */
import {
  becomes,
  changed,
  elementsGone,
  leaves,
  lowered,
  removed,
  shortened,
  swapped,
  switchedOff,
  switchedOn,
} from "./comparison";
import { expiresMore } from "./lifecycle";
import { loses, type LossyTable, opens, unshields } from "./rule";

const BUCKET = "AWS::S3::Bucket";
const PULUMI_BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

const PUBLIC_ACCESS = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"].map(
  (name) =>
    opens(
      [`${BUCKET} PublicAccessBlockConfiguration.${name}`, `${BLOCK} ${name.charAt(0).toLowerCase()}${name.slice(1)}`],
      switchedOff(),
      "the bucket can be opened to the public",
    ),
);

const PUBLIC_ACL = ["PublicRead", "PublicReadWrite", "AuthenticatedRead"].map((acl) =>
  opens([`${BUCKET} AccessControl`], becomes(acl), "everyone may read it"),
);
const PULUMI_ACL = ["public-read", "public-read-write", "authenticated-read"].map((acl) =>
  opens([`${PULUMI_BUCKET} acl`, "aws:s3/bucketAcl:BucketAcl acl"], becomes(acl), "everyone may read it"),
);

export const S3: LossyTable = {
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
  rules: [
    {
      ...loses(
        [
          `${BUCKET} LifecycleConfiguration.Rules`,
          `${PULUMI_BUCKET} lifecycleRules`,
          "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration rules",
        ],
        expiresMore(),
        "objects are deleted that would have stayed",
        "keep the old expiry, or copy what must stay first",
      ),
      onCreate: true,
    },
    loses(
      [
        `${BUCKET} VersioningConfiguration.Status`,
        "aws:s3/bucketVersioning:BucketVersioning versioningConfiguration.status",
      ],
      leaves("Enabled"),
      "what is overwritten or deleted cannot be brought back",
      "keep versioning on",
    ),
    loses(
      [`${PULUMI_BUCKET} versioning.enabled`],
      switchedOff(),
      "what is overwritten or deleted cannot be brought back",
      "keep versioning on",
    ),
    loses(
      [
        `${BUCKET} ReplicationConfiguration`,
        `${PULUMI_BUCKET} replicationConfiguration`,
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig rules",
      ],
      removed(),
      "new objects are no longer copied",
      "keep the replication",
    ),
    loses(
      [`${BUCKET} LoggingConfiguration`, `${PULUMI_BUCKET} logging`],
      removed(),
      "nobody sees any more who read what",
      "keep the access log",
    ),
    loses(
      [`${BUCKET} NotificationConfiguration`],
      removed(),
      "what waits for new objects no longer hears of them",
      "keep the notifications",
    ),
    unshields(
      [
        `${BUCKET} BucketEncryption`,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration rules",
      ],
      swapped(),
      "objects are encrypted otherwise, or by a key that others hold",
    ),
    unshields(
      [
        `${BUCKET} ObjectLockConfiguration.Rule`,
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration rule",
      ],
      swapped(),
      "new objects are locked otherwise, or not at all",
    ),
    unshields([`${PULUMI_BUCKET} forceDestroy`], switchedOn(), "the bucket can be deleted with everything in it"),
    opens(
      ["aws:s3/bucketOwnershipControls:BucketOwnershipControls rule.objectOwnership"],
      leaves("BucketOwnerEnforced"),
      "access lists count again, and other accounts may own objects",
    ),
    ...PUBLIC_ACCESS,
    ...PUBLIC_ACL,
    ...PULUMI_ACL,
  ],
};

const TABLE = "AWS::DynamoDB::Table";
const GLOBAL = "AWS::DynamoDB::GlobalTable";
const PULUMI_TABLE = "aws:dynamodb/table:Table";

export const DYNAMODB: LossyTable = {
  source: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html",
  rules: [
    loses(
      [
        `${TABLE} TimeToLiveSpecification.Enabled`,
        `${GLOBAL} TimeToLiveSpecification.Enabled`,
        `${PULUMI_TABLE} ttl.enabled`,
      ],
      switchedOn(),
      "items whose time is past are deleted",
      "count the items it would delete first",
    ),
    loses(
      [
        `${TABLE} TimeToLiveSpecification.AttributeName`,
        `${GLOBAL} TimeToLiveSpecification.AttributeName`,
        `${PULUMI_TABLE} ttl.attributeName`,
      ],
      swapped(),
      "items whose new attribute lies in the past are deleted",
      "count the items it would delete first",
    ),
    loses(
      [`${TABLE} KeySchema`, `${GLOBAL} KeySchema`, `${PULUMI_TABLE} hashKey`, `${PULUMI_TABLE} rangeKey`],
      changed(),
      "a table with other keys is another table",
      "make a second table, and move the items over",
    ),
    loses(
      [`${TABLE} StreamSpecification`, `${GLOBAL} StreamSpecification`],
      swapped(),
      "changes not read yet are lost with the old stream, and readers hold its ARN",
      "let readers finish first, and tell them the new stream",
    ),
    loses(
      [`${PULUMI_TABLE} streamEnabled`],
      switchedOff(),
      "changes not read yet are lost",
      "let readers finish first",
    ),
    loses(
      [`${PULUMI_TABLE} streamViewType`],
      swapped(),
      "changes not read yet are lost with the old stream",
      "let readers finish first",
    ),
    loses(
      [`${TABLE} GlobalSecondaryIndexes`, `${GLOBAL} GlobalSecondaryIndexes`, `${PULUMI_TABLE} globalSecondaryIndexes`],
      elementsGone("IndexName", "name"),
      "queries by this index fail",
      "remove it only after nothing queries it",
    ),
    loses(
      [`${GLOBAL} Replicas`, `${PULUMI_TABLE} replicas`],
      elementsGone("Region", "regionName"),
      "the copy in this region is deleted",
      "move its readers first",
    ),
    loses(
      [`${TABLE} KinesisStreamSpecification`],
      removed(),
      "changes no longer reach the stream",
      "keep the stream of changes",
    ),
    loses(
      [`${TABLE} BillingMode`, `${GLOBAL} BillingMode`, `${PULUMI_TABLE} billingMode`],
      leaves("PAY_PER_REQUEST"),
      "requests beyond the capacity are refused",
      "set a capacity that holds the highest load",
    ),
    loses(
      [
        `${TABLE} ProvisionedThroughput.ReadCapacityUnits`,
        `${TABLE} ProvisionedThroughput.WriteCapacityUnits`,
        `${PULUMI_TABLE} readCapacity`,
        `${PULUMI_TABLE} writeCapacity`,
      ],
      lowered(),
      "requests beyond the capacity are refused",
      "lower it below the highest load of the last weeks only",
    ),
    loses(
      [
        `${TABLE} OnDemandThroughput.MaxReadRequestUnits`,
        `${TABLE} OnDemandThroughput.MaxWriteRequestUnits`,
        `${PULUMI_TABLE} onDemandThroughput.maxReadRequestUnits`,
        `${PULUMI_TABLE} onDemandThroughput.maxWriteRequestUnits`,
      ],
      shortened(-1),
      "requests beyond the bound are refused",
      "keep the bound above the highest load",
    ),
    unshields(
      [
        `${TABLE} PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled`,
        `${PULUMI_TABLE} pointInTimeRecovery.enabled`,
      ],
      switchedOff(),
      "the backups of the last days are gone at once",
    ),
    unshields(
      [
        `${TABLE} PointInTimeRecoverySpecification.RecoveryPeriodInDays`,
        `${PULUMI_TABLE} pointInTimeRecovery.recoveryPeriodInDays`,
      ],
      lowered(35),
      "older backups are gone at once",
    ),
    unshields(
      [`${TABLE} DeletionProtectionEnabled`, `${PULUMI_TABLE} deletionProtectionEnabled`],
      switchedOff(),
      "the table can be deleted",
    ),
    unshields(
      [`${TABLE} SSESpecification.SSEEnabled`, `${PULUMI_TABLE} serverSideEncryption.enabled`],
      switchedOff(),
      "the table falls back to a key that AWS owns",
    ),
  ],
};
