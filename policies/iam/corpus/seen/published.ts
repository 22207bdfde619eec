/** Shapes that guides publish again and again, written anew: right ones that naive rules accuse. */
import {
  allow,
  clean,
  deny,
  grants,
  identity,
  type Labelled,
  lets,
  refuses,
  resource,
  service,
  trust,
} from "../labelled";

const ACCOUNT = "123456789012";
const OWN = "arn:aws:iam::*:user/${aws:username}";

export const published: readonly Labelled[] = [
  clean(
    "the console of S3, and one's own home in it",
    identity(
      allow(["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "arn:aws:s3:::*"),
      allow("s3:ListBucket", "arn:aws:s3:::team", {
        StringLike: { "s3:prefix": ["", "home/", "home/${aws:username}/*"] },
      }),
      allow("s3:*", ["arn:aws:s3:::team/home/${aws:username}", "arn:aws:s3:::team/home/${aws:username}/*"]),
    ),
  ),
  clean(
    "looks at everything in EC2",
    identity(allow(["ec2:Describe*", "elasticloadbalancing:Describe*", "autoscaling:Describe*"], "*")),
  ),
  clean(
    "one's own credentials, and nothing else without MFA",
    identity(
      allow(["iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices", "iam:ListUsers"], "*"),
      allow(
        [
          "iam:ChangePassword",
          "iam:GetUser",
          "iam:CreateAccessKey",
          "iam:UpdateAccessKey",
          "iam:DeactivateMFADevice",
          "iam:EnableMFADevice",
        ],
        OWN,
      ),
      {
        Effect: "Deny",
        NotAction: ["iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices", "sts:GetSessionToken"],
        Resource: "*",
        Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
      },
    ),
  ),
  clean(
    "starts and stops what it owns by tag",
    identity(
      allow(["ec2:StartInstances", "ec2:StopInstances"], "arn:aws:ec2:*:*:instance/*", {
        StringEquals: { "aws:ResourceTag/Owner": "${aws:username}" },
      }),
      allow("ec2:DescribeInstances", "*"),
    ),
  ),
  clean(
    "a function with its table, stream and logs",
    identity(
      allow(
        ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        `arn:aws:dynamodb:*:*:table/Sample`,
      ),
      allow("dynamodb:GetRecords", "arn:aws:dynamodb:*:*:table/Sample/stream/*"),
      allow("logs:CreateLogGroup", `arn:aws:logs:us-east-1:${ACCOUNT}:*`),
      allow(
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/lambda/sample:*`,
      ),
    ),
  ),
  clean(
    "parameters of one path, decrypted through the store",
    identity(
      allow("ssm:GetParameters", `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/app/prod/*`),
      allow("kms:Decrypt", `arn:aws:kms:us-east-1:${ACCOUNT}:key/11112222-3333-4444-8555-666677778888`, {
        StringEquals: { "kms:ViaService": "ssm.us-east-1.amazonaws.com" },
      }),
    ),
  ),
  clean(
    "no bucket may be made public",
    identity(deny(["s3:PutBucketPublicAccessBlock", "s3:DeleteBucketPolicy", "s3:PutAccountPublicAccessBlock"], "*")),
  ),
  clean(
    "sessions of MFA users of another account",
    trust(lets({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, { Bool: { "aws:MultiFactorAuthPresent": "true" } })),
  ),
  clean("instances and functions alike", trust(lets({ Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"] }))),
  clean(
    "a trail's log bucket",
    resource(
      grants(service("cloudtrail"), "s3:GetBucketAcl", "arn:aws:s3:::trail", {
        StringEquals: { "aws:SourceArn": `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/main` },
      }),
      grants(service("cloudtrail"), "s3:PutObject", `arn:aws:s3:::trail/AWSLogs/${ACCOUNT}/*`, {
        StringEquals: {
          "s3:x-amz-acl": "bucket-owner-full-control",
          "aws:SourceArn": `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/main`,
        },
      }),
    ),
  ),
  clean(
    "a load balancer's log bucket",
    resource(
      grants({ AWS: "arn:aws:iam::127311923021:root" }, "s3:PutObject", `arn:aws:s3:::balancer/AWSLogs/${ACCOUNT}/*`),
    ),
  ),
  clean(
    "a distribution's old identity",
    resource(
      grants(
        { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE" },
        "s3:GetObject",
        "arn:aws:s3:::site/*",
      ),
    ),
  ),
  clean(
    "an API for one range of addresses",
    resource(
      grants("*", "execute-api:Invoke", `arn:aws:execute-api:us-east-1:${ACCOUNT}:a1b2c3/*`),
      refuses("*", "execute-api:Invoke", `arn:aws:execute-api:us-east-1:${ACCOUNT}:a1b2c3/*`, {
        NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" },
      }),
    ),
  ),
  clean(
    "a key with administrators, users and grants for services",
    resource(
      grants({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, "kms:*", "*"),
      grants(
        { AWS: `arn:aws:iam::${ACCOUNT}:role/keys` },
        ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:Put*", "kms:ScheduleKeyDeletion"],
        "*",
      ),
      grants({ AWS: `arn:aws:iam::${ACCOUNT}:role/app` }, ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"], "*"),
      grants({ AWS: `arn:aws:iam::${ACCOUNT}:role/app` }, ["kms:CreateGrant", "kms:ListGrants"], "*", {
        Bool: { "kms:GrantIsForAWSResource": "true" },
      }),
    ),
  ),
];
