/** Identity policies that are wrong. */
import { allow, bad, deny, identity, type Labelled, text } from "../labelled";

const ACCOUNT = "111122223333";

export const identityBad: readonly Labelled[] = [
  bad("everything on everything", identity(allow("*", "*"))),
  bad("everything, keys in another order", identity({ Resource: ["*"], Action: ["*"], Effect: "Allow" })),
  bad("everything by service and action stars", identity(allow("*:*", "*"))),
  bad("all of IAM", identity(allow("iam:*", "*"))),
  bad("all of S3 everywhere", identity(allow("s3:*", "arn:aws:s3:::*"))),
  bad("all of KMS", identity(allow("kms:*", "*"))),
  bad("all of a queue's actions", identity(allow("sqs:*", `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders`))),
  bad("a star that is spelled out part by part", identity(allow("sqs:SendMessage", "arn:*:*:*:*:*"))),
  bad("every queue of everybody", identity(allow("sqs:SendMessage", "arn:aws:sqs:*:*:*"))),
  bad("every table of everybody", identity(allow("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/*"))),
  bad(
    "one scopable action among those that need a star",
    identity(allow(["s3:ListAllMyBuckets", "s3:DeleteObject"], "*")),
  ),
  bad("deletes any function", identity(allow("lambda:DeleteFunction", "*"))),
  bad("stops any instance", identity(allow(["ec2:StopInstances", "ec2:TerminateInstances"], "*"))),
  bad("publishes to any topic", identity(allow("sns:Publish", "*"))),
  bad("writes any stream", identity(allow(["kinesis:PutRecord", "kinesis:PutRecords"], "*"))),
  bad("starts any state machine", identity(allow("states:StartExecution", "*"))),
  bad(
    "writes logs of any group",
    identity(allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "*")),
  ),
  bad(
    "logs of any group, by an ARN of stars",
    identity(allow(["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:*:*:*")),
  ),
  bad("opens any security group", identity(allow("ec2:AuthorizeSecurityGroupIngress", "*"))),
  bad("changes any bucket's policy", identity(allow(["s3:PutBucketPolicy", "s3:PutBucketAcl"], "*"))),
  bad("shares any snapshot", identity(allow("ec2:ModifySnapshotAttribute", "*"))),
  bad("grants on any key", identity(allow("kms:CreateGrant", "*"))),
  bad("passes every role of the account", identity(allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/*`))),
  bad(
    "passes any role to any service by a star in the condition",
    identity(allow("iam:PassRole", "*", { StringLike: { "iam:PassedToService": "*" } })),
  ),
  bad("a service-linked role for any service", identity(allow("iam:CreateServiceLinkedRole", "*"))),
  bad("joins any group", identity(allow("iam:AddUserToGroup", "*"))),
  bad(
    "rewrites any trust policy and assumes the role",
    identity(allow(["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"], "*")),
  ),
  bad("writes a policy into itself", identity(allow("iam:PutUserPolicy", "arn:aws:iam::*:user/${aws:username}"))),
  bad("new versions of any policy", identity(allow("iam:CreatePolicyVersion", `arn:aws:iam::${ACCOUNT}:policy/*`))),
  bad(
    "a stack with any role",
    identity(
      allow("cloudformation:CreateStack", `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/app-*/*`),
      allow("iam:PassRole", "*"),
    ),
  ),
  bad(
    "starts instances with any role, split over statements",
    identity(
      allow("ec2:RunInstances", [
        `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/*`,
        `arn:aws:ec2:eu-west-1:${ACCOUNT}:subnet/subnet-1`,
        "arn:aws:ec2:eu-west-1::image/ami-1",
      ]),
      allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/*`),
    ),
  ),
  bad(
    "puts code into any function",
    identity(allow("lambda:UpdateFunctionCode", `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:*`)),
  ),
  bad("runs commands on any instance", identity(allow("ssm:SendCommand", "*"))),
  bad("everything but billing", identity({ Effect: "Allow", NotAction: ["aws-portal:*", "budgets:*"], Resource: "*" })),
  bad(
    "everything but deletion, on one bucket",
    identity({ Effect: "Allow", NotAction: "s3:DeleteBucket", Resource: "arn:aws:s3:::lake" }),
  ),
  bad(
    "all keys but one",
    identity({ Effect: "Allow", Action: "kms:Decrypt", NotResource: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1` }),
  ),
  bad(
    "put actions that reach the bucket's policy",
    identity(allow("s3:Put*", ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"])),
  ),
  bad(
    "reads every secret of the account",
    identity(allow("secretsmanager:GetSecretValue", `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:*`)),
  ),
  bad("scans every table", identity(allow(["dynamodb:Scan", "dynamodb:Query"], "*"))),
  bad("a misspelled action", identity(allow("dynamodb:GetItems", `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/a`))),
  bad("a misspelled action in a Deny", identity(deny("s3:DeleteBuckets", "*"))),
  bad("a wildcard that stands for nothing", identity(allow("sqs:Publish*", `arn:aws:sqs:eu-west-1:${ACCOUNT}:a`))),
  bad("queue actions on a topic", identity(allow("sqs:SendMessage", `arn:aws:sns:eu-west-1:${ACCOUNT}:t`))),
  bad(
    "a function's ARN without its kind",
    identity(allow("lambda:InvokeFunction", `arn:aws:lambda:eu-west-1:${ACCOUNT}:resize`)),
  ),
  bad(
    "an operator that does not exist",
    identity(allow("s3:ListBucket", "arn:aws:s3:::lake", { StringMatches: { "s3:prefix": "a/" } })),
  ),
  bad(
    "a wildcard compared letter by letter",
    identity(allow("s3:ListBucket", "arn:aws:s3:::lake", { StringEquals: { "s3:prefix": "home/*" } })),
  ),
  bad("an address that is none", identity(deny("*", "*", { NotIpAddress: { "aws:SourceIp": "10.0.0.300/8" } }))),
  bad(
    "MFA denied without IfExists",
    identity(deny("ec2:TerminateInstances", "*", { Bool: { "aws:MultiFactorAuthPresent": "false" } })),
  ),
  bad(
    "MFA by the mere presence of the key",
    identity(
      allow("ec2:StopInstances", `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-1`, {
        Null: { "aws:MultiFactorAuthPresent": "false" },
      }),
    ),
  ),
  bad(
    "a key of another service",
    identity(allow("sqs:SendMessage", `arn:aws:sqs:eu-west-1:${ACCOUNT}:a`, { StringEquals: { "s3:prefix": "a" } })),
  ),
  bad("a variable nobody fills", identity(allow("s3:GetObject", "arn:aws:s3:::home/${aws:user}/*"))),
  bad(
    "no resource",
    text("identity", '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject"}]}'),
  ),
  bad(
    "two Sids alike",
    identity(
      { Sid: "A", ...allow("s3:GetObject", "arn:aws:s3:::a/*") },
      { Sid: "A", ...allow("s3:GetObject", "arn:aws:s3:::b/*") },
    ),
  ),
  bad(
    "an element that does not exist",
    identity({ ...allow("s3:GetObject", "arn:aws:s3:::a/*"), Conditions: { Bool: { "aws:SecureTransport": "true" } } }),
  ),
  bad(
    "a variable in the old version",
    text(
      "identity",
      '{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::home/${aws:username}/*"}}',
    ),
  ),
  bad(
    "allowed only without MFA",
    identity(
      allow("ec2:StopInstances", `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-1`, {
        Bool: { "aws:MultiFactorAuthPresent": "false" },
      }),
    ),
  ),
];
