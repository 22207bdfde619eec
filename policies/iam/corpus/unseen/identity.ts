/** Identity policies that were written before the rules, and looked at only in the end. */
import { allow, bad, clean, deny, identity, type Labelled } from "../labelled";

const ACCOUNT = "444455556666";

export const identityUnseen: readonly Labelled[] = [
  bad("reads and writes any object of any bucket", identity(allow(["s3:GetObject", "s3:PutObject"], "*"))),
  bad(
    "an ETL job that may use every Glue table everywhere",
    identity(allow(["glue:GetTable", "glue:UpdateTable"], "*")),
  ),
  bad(
    "a deployer that passes any role to Lambda functions it makes",
    identity(
      allow(["lambda:CreateFunction", "lambda:InvokeFunction"], `arn:aws:lambda:us-east-1:${ACCOUNT}:function:app-*`),
      allow("iam:PassRole", "*"),
    ),
  ),
  bad("everything but IAM", identity({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })),
  bad(
    "every object but one bucket's",
    identity({ Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:aws:s3:::private/*" }),
  ),
  bad("full access to DynamoDB", identity(allow("dynamodb:*", "*"))),
  bad("all powers, hidden among lists", identity(allow(["logs:PutLogEvents", "*"], ["*"]))),
  bad("resets any user's password", identity(allow(["iam:UpdateLoginProfile", "iam:CreateLoginProfile"], "*"))),
  bad("makes access keys for anybody", identity(allow("iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/*`))),
  bad("assumes any role", identity(allow("sts:AssumeRole", "*"))),
  bad("reads every secret", identity(allow("secretsmanager:GetSecretValue", "*"))),
  bad(
    "reads every parameter",
    identity(allow(["ssm:GetParameter", "ssm:GetParametersByPath"], "arn:aws:ssm:*:*:parameter/*")),
  ),
  bad("decrypts with every key", identity(allow("kms:Decrypt", "*"))),
  bad("asks for objects on the bucket's ARN", identity(allow("s3:GetObject", "arn:aws:s3:::reports"))),
  bad("lists a bucket by its objects' ARN", identity(allow("s3:ListBucket", "arn:aws:s3:::reports/*"))),
  bad("an action that does not exist", identity(allow("s3:ReadObject", "arn:aws:s3:::reports/*"))),
  bad(
    "a service that does not exist",
    identity(allow("cloudwatchlogs:PutLogEvents", `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:a:*`)),
  ),
  bad(
    "a condition that is always true",
    identity(allow("sqs:SendMessage", "*", { StringLike: { "aws:SourceArn": "*" } })),
  ),
  bad(
    "MFA asked for with IfExists, so that sessions without it pass",
    identity(
      allow("ec2:TerminateInstances", `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/*`, {
        BoolIfExists: { "aws:MultiFactorAuthPresent": "true" },
      }),
    ),
  ),
  bad(
    "tag keys held with ForAllValues alone",
    identity(allow("ec2:CreateTags", "*", { "ForAllValues:StringEquals": { "aws:TagKeys": ["team", "stage"] } })),
  ),
  bad(
    "a condition key nobody knows",
    identity(allow("s3:ListBucket", "arn:aws:s3:::reports", { StringEquals: { "s3:folder": "a" } })),
  ),
  bad(
    "a number compared as text",
    identity(
      allow("s3:ListBucket", "arn:aws:s3:::reports", {
        StringEquals: { "s3:max-keys": "10" },
        DateLessThan: { "aws:SourceIp": "10.0.0.0/8" },
      }),
    ),
  ),
  bad("attaches any policy to itself", identity(allow("iam:AttachRolePolicy", "*"))),
  bad(
    "sets a default version of any policy",
    identity(allow(["iam:SetDefaultPolicyVersion", "iam:ListPolicyVersions"], "*")),
  ),
  clean(
    "a function's logs",
    identity(
      allow(
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/lambda/orders:*`,
      ),
    ),
  ),
  clean(
    "lists all buckets for a console",
    identity(allow(["s3:ListAllMyBuckets", "s3:GetAccountPublicAccessBlock"], "*")),
  ),
  clean(
    "one bucket and its objects",
    identity(
      allow("s3:ListBucket", "arn:aws:s3:::reports"),
      allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::reports/*"),
    ),
  ),
  clean(
    "each user's own folder",
    identity(
      allow("s3:ListBucket", "arn:aws:s3:::home", { StringLike: { "s3:prefix": ["${aws:username}/*"] } }),
      allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "arn:aws:s3:::home/${aws:username}/*"),
    ),
  ),
  clean(
    "own password and own access keys",
    identity(
      allow(
        ["iam:ChangePassword", "iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys"],
        "arn:aws:iam::*:user/${aws:username}",
      ),
      allow("iam:GetAccountPasswordPolicy", "*"),
    ),
  ),
  clean(
    "passes one role to ECS alone",
    identity(
      allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/orders-task`, {
        StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
      }),
      allow(["ecs:UpdateService", "ecs:DescribeServices"], `arn:aws:ecs:eu-west-1:${ACCOUNT}:service/main/orders`),
    ),
  ),
  clean(
    "items of one's own partition only",
    identity(
      allow(["dynamodb:GetItem", "dynamodb:Query"], `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/Profiles`, {
        "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["${www.amazon.com:user_id}"] },
        Null: { "dynamodb:LeadingKeys": "false" },
      }),
    ),
  ),
  clean(
    "no regions but two",
    identity(deny("*", "*", { StringNotEquals: { "aws:RequestedRegion": ["eu-west-1", "eu-central-1"] } })),
  ),
  clean(
    "nobody leaves the organisation",
    identity(deny(["organizations:LeaveOrganization", "cloudtrail:StopLogging"], "*")),
  ),
  clean(
    "instances of one team by tag",
    identity(
      allow(["ec2:StartInstances", "ec2:StopInstances"], "*", { StringEquals: { "aws:ResourceTag/team": "clicks" } }),
      allow("ec2:DescribeInstances", "*"),
    ),
  ),
  clean(
    "encrypts through S3 in one account",
    identity(
      allow(
        ["kms:Decrypt", "kms:GenerateDataKey"],
        `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1f2e3d4c-0000-4000-8000-123456789abc`,
        {
          StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
        },
      ),
    ),
  ),
  clean(
    "writes metrics of one namespace",
    identity(allow("cloudwatch:PutMetricData", "*", { StringEquals: { "cloudwatch:namespace": "Orders" } })),
  ),
  clean(
    "consumes a stream",
    identity(
      allow(
        ["kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"],
        `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/clicks`,
      ),
      allow("kinesis:ListStreams", "*"),
    ),
  ),
  clean(
    "pulls images of one repository",
    identity(
      allow("ecr:GetAuthorizationToken", "*"),
      allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/orders`),
    ),
  ),
  clean(
    "a trace and a queue",
    identity(
      allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
      allow(
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders`,
      ),
    ),
  ),
  clean(
    "assumes one role of another account",
    identity(allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/reader")),
  ),
  clean(
    "one secret, with the suffix AWS adds",
    identity(
      allow(
        ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:db-??????`,
      ),
    ),
  ),
];
