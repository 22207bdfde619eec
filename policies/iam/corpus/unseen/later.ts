/** Written when the rules stood, of services and shapes that no rule was written beside, and run once. */
import {
  allow,
  bad,
  clean,
  deny,
  grants,
  identity,
  type Labelled,
  lets,
  refuses,
  resource,
  service,
  text,
  trust,
} from "../labelled";

const ACCOUNT = "222233334444";
const on = (prefix: string, rest: string): string => `arn:aws:${prefix}:ap-southeast-2:${ACCOUNT}:${rest}`;

export const later: readonly Labelled[] = [
  bad("starts any Glue job and changes any crawler", identity(allow(["glue:StartJobRun", "glue:UpdateCrawler"], "*"))),
  bad(
    "any user pool's users",
    identity(
      allow(["cognito-idp:AdminSetUserPassword", "cognito-idp:AdminCreateUser"], "arn:aws:cognito-idp:*:*:userpool/*"),
    ),
  ),
  bad("restores any table", identity(allow("dynamodb:RestoreTableFromBackup", "*"))),
  bad(
    "a scheduler that passes every role",
    identity(
      allow("scheduler:CreateSchedule", on("scheduler", "schedule/default/*")),
      allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/*`),
    ),
  ),
  bad(
    "all of Lambda in one region",
    identity(allow("lambda:*", "*", { StringEquals: { "aws:RequestedRegion": "ap-southeast-2" } })),
  ),
  bad("one's own groups", identity(allow(["iam:AddUserToGroup", "iam:RemoveUserFromGroup"], "*"))),
  bad("a firehose that is a stream", identity(allow("firehose:PutRecord", on("kinesis", "stream/clicks")))),
  bad("an alarm action in the wrong service", identity(allow("sns:PutMetricAlarm", on("sns", "alerts")))),
  bad("a Deny of a misspelled service", identity(deny("cloud-trail:StopLogging", "*"))),
  bad(
    "two elements that exclude each other",
    identity({ Effect: "Allow", Action: "sqs:SendMessage", Resource: on("sqs", "a"), NotResource: on("sqs", "b") }),
  ),
  bad("a number for a statement", text("trust", '{"Version":"2012-10-17","Statement":[7]}')),
  bad(
    "a directory of statements by name",
    text("identity", '{"Version":"2012-10-17","Statement":{"First":{"Effect":"Allow","Action":"*","Resource":"*"}}}'),
  ),
  bad("everybody who claims a source", trust(lets("*", { StringLike: { "aws:SourceIdentity": "*" } }))),
  bad("backups of any account's service", trust(lets(service("kinesisanalytics")))),
  bad(
    "an image builder for every account",
    resource(
      grants(service("sns"), "sqs:SendMessage", on("sqs", "in"), {
        StringEquals: { "aws:RequestedRegion": "ap-southeast-2" },
      }),
    ),
  ),
  bad(
    "a stream that everybody may read",
    resource(grants({ AWS: "*" }, ["kinesis:GetRecords", "kinesis:GetShardIterator"], on("kinesis", "stream/clicks"))),
  ),
  clean(
    "one crawler and its job",
    identity(allow("glue:StartCrawler", on("glue", "crawler/raw")), allow("glue:StartJobRun", on("glue", "job/clean"))),
  ),
  clean(
    "users of one pool",
    identity(
      allow(["cognito-idp:AdminGetUser", "cognito-idp:ListUsers"], on("cognito-idp", "userpool/ap-southeast-2_AbCdEf")),
    ),
  ),
  clean(
    "signs with one key, and asks what it is",
    identity(allow(["kms:Sign", "kms:GetPublicKey"], on("kms", "key/0f0e0d0c-0000-4000-8000-000000000000"))),
  ),
  clean(
    "mounts one file system",
    identity(
      allow(
        ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        on("elasticfilesystem", "file-system/fs-0a1b2c3d"),
      ),
    ),
  ),
  clean(
    "one schedule with one role",
    identity(
      allow("scheduler:CreateSchedule", on("scheduler", "schedule/default/tick")),
      allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/tick`, {
        StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" },
      }),
    ),
  ),
  clean(
    "one cluster's credentials for one user",
    identity(
      allow("redshift:GetClusterCredentials", [
        on("redshift", "dbuser:main/loader"),
        on("redshift", "dbname:main/events"),
      ]),
    ),
  ),
  clean(
    "statements on one work group, and their results",
    identity(
      allow("redshift-data:ExecuteStatement", on("redshift-serverless", "workgroup/0a1b2c3d")),
      allow(["redshift-data:DescribeStatement", "redshift-data:GetStatementResult"], "*"),
    ),
  ),
  clean(
    "records of one hosted zone",
    identity(
      allow("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z0123456789ABC"),
      allow("route53:ListHostedZones", "*"),
    ),
  ),
  clean(
    "nobody turns the trail off but the auditor",
    identity(
      deny(["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"], "*", {
        ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/auditor` },
      }),
    ),
  ),
  clean(
    "pods of a cluster",
    trust(lets({ Service: "pods.eks.amazonaws.com" }, undefined, ["sts:AssumeRole", "sts:TagSession"])),
  ),
  clean("Glue for this account", trust(lets(service("glue"), { StringEquals: { "aws:SourceAccount": ACCOUNT } }))),
  clean(
    "two accounts of one organisation write logs",
    resource(
      grants({ AWS: [ACCOUNT, "333344445555"] }, "s3:PutObject", "arn:aws:s3:::central/*"),
      refuses("*", "s3:*", ["arn:aws:s3:::central", "arn:aws:s3:::central/*"], {
        Bool: { "aws:SecureTransport": "false" },
      }),
    ),
  ),
  clean(
    "a bucket's inventory",
    resource(
      grants(service("s3"), "s3:PutObject", "arn:aws:s3:::inventory/*", {
        ArnLike: { "aws:SourceArn": "arn:aws:s3:::lake" },
        StringEquals: { "aws:SourceAccount": ACCOUNT, "s3:x-amz-acl": "bucket-owner-full-control" },
      }),
    ),
  ),
  clean(
    "alarms publish",
    resource(
      grants(service("cloudwatch"), "sns:Publish", on("sns", "alarms"), {
        ArnLike: { "aws:SourceArn": on("cloudwatch", "alarm:*") },
      }),
    ),
  ),
];
