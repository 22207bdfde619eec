/** For tests only: for each rule the smallest document it accuses, and the neighbour it leaves alone. */
import {
  allow,
  deny,
  grants,
  identity,
  type Json,
  lets,
  refuses,
  resource,
  service,
  text,
  trust,
} from "../corpus/labelled";
import { Unknown } from "../leaf";
import type { DocumentSubject } from "../subject";

export type Document = ReturnType<typeof identity>;

const ACCOUNT = "111122223333";
const OTHER = "999988887777";
const on = (service_: string, rest: string): string => `arn:aws:${service_}:eu-west-1:${ACCOUNT}:${rest}`;
const QUEUE = on("sqs", "orders");
const GITHUB = { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` };
const WEB = "sts:AssumeRoleWithWebIdentity";
const sends = (condition?: Json): Document => identity(allow("sqs:SendMessage", QUEUE, condition));
const lists = (condition: Json): Document => identity(allow("s3:ListBucket", "arn:aws:s3:::lake", condition));

export interface Case {
  readonly rule: string;
  readonly wrong: Document;
  readonly place: string;
  readonly right: Document;
  readonly subject?: Partial<DocumentSubject>;
  /** Other rules that the same document breaks. */
  readonly also?: readonly string[];
}

export const CASES: readonly Case[] = [
  { rule: "full-access", wrong: identity(allow("*", QUEUE)), place: "Statement[0].Action", right: sends() },
  {
    rule: "service-wildcard",
    wrong: identity(allow("sqs:*", QUEUE)),
    place: "Statement[0].Action",
    right: identity(allow("sqs:Send*", QUEUE)),
  },
  {
    rule: "wildcard-reaches-permissions",
    wrong: identity(allow("sqs:*Permission", QUEUE)),
    place: "Statement[0].Action",
    right: identity(allow("s3:Put*", "arn:aws:s3:::home/${aws:username}/*")),
  },
  {
    rule: "not-action-allow",
    wrong: identity({ Effect: "Allow", NotAction: "sqs:DeleteQueue", Resource: QUEUE }),
    place: "Statement[0].NotAction",
    right: identity({ Effect: "Deny", NotAction: "sqs:SendMessage", Resource: QUEUE }),
  },
  {
    rule: "not-resource-allow",
    wrong: identity({ Effect: "Allow", Action: "sqs:SendMessage", NotResource: QUEUE }),
    place: "Statement[0].NotResource",
    right: identity({ Effect: "Deny", Action: "sqs:SendMessage", NotResource: QUEUE }),
  },
  {
    rule: "pass-role-unscoped",
    wrong: identity(allow("iam:PassRole", "*")),
    place: "Statement[0].Resource",
    right: identity(allow("iam:PassRole", "*", { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } })),
  },
  {
    rule: "service-linked-role-unscoped",
    wrong: identity(allow("iam:CreateServiceLinkedRole", "*")),
    place: "Statement[0].Resource",
    right: identity(
      allow("iam:CreateServiceLinkedRole", "*", { StringEquals: { "iam:AWSServiceName": "ecs.amazonaws.com" } }),
    ),
  },
  {
    rule: "permissions-unscoped",
    wrong: identity(allow("s3:PutBucketPolicy", "*")),
    place: "Statement[0].Resource",
    right: identity(allow("s3:PutBucketPolicy", "arn:aws:s3:::lake")),
  },
  {
    rule: "credentials-unscoped",
    wrong: identity(allow("rds-db:connect", "*")),
    place: "Statement[0].Resource",
    right: identity(allow("rds-db:connect", on("rds-db", "dbuser:db-ABC/app"))),
  },
  {
    rule: "data-unscoped",
    wrong: identity(allow("s3:GetObject", ["arn:aws:s3:::lake/*", "arn:aws:s3:::*/*"])),
    place: "Statement[0].Resource[1]",
    right: identity(allow("s3:GetObject", "arn:aws:s3:::lake-*/raw/*")),
  },
  {
    rule: "write-unscoped",
    wrong: identity(allow("sqs:SendMessage", "arn:aws:sqs:*:*:*")),
    place: "Statement[0].Resource",
    right: identity(allow("sqs:SendMessage", on("sqs", "*"))),
  },
  {
    rule: "read-unscoped",
    wrong: identity(allow("kinesis:DescribeStreamSummary", "*")),
    place: "Statement[0].Resource",
    right: identity(allow("kinesis:ListStreams", "*")),
  },
  {
    rule: "privilege-escalation",
    wrong: identity(allow("lambda:UpdateFunctionCode", on("lambda", "function:*"))),
    place: "Statement[0].Action",
    right: identity(allow("lambda:UpdateFunctionCode", on("lambda", "function:resize"))),
  },
  {
    rule: "trust-anyone",
    wrong: trust(lets({ AWS: "*" })),
    place: "Statement[0].Principal.AWS",
    right: trust(lets({ AWS: "*" }, { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } })),
  },
  {
    rule: "trust-whole-account",
    wrong: trust(lets({ AWS: OTHER })),
    place: "Statement[0].Principal.AWS",
    right: trust(lets({ AWS: OTHER }, { StringEquals: { "sts:ExternalId": "d3b07384" } })),
  },
  {
    rule: "trust-foreign-account",
    wrong: trust(lets({ AWS: `arn:aws:iam::${OTHER}:role/reader` })),
    place: "Statement[0].Principal.AWS",
    right: trust(lets({ AWS: `arn:aws:iam::${ACCOUNT}:role/reader` })),
    subject: { account: ACCOUNT },
  },
  {
    rule: "trust-confused-deputy",
    wrong: trust(lets(service("states"))),
    place: "Statement[0].Principal.Service",
    right: trust(lets(service("lambda"))),
  },
  {
    rule: "oidc-subject-loose",
    wrong: trust(
      lets(
        GITHUB,
        { StringLike: { "token.actions.githubusercontent.com:sub": ["repo:acme/clicks:*", "repo:acme*"] } },
        WEB,
      ),
    ),
    place: "Statement[0].Principal.Federated",
    right: trust(
      lets(
        GITHUB,
        { StringLike: { "token.actions.githubusercontent.com:sub": ["repo:acme/clicks:*", "repo:acme/*"] } },
        WEB,
      ),
    ),
  },
  {
    rule: "trust-action-mismatch",
    wrong: trust(lets({ Service: "lambda.amazonaws.com" }, undefined, [WEB, "sts:TagSession"])),
    place: "Statement[0].Principal.Service",
    right: trust(
      lets({ Service: "lambda.amazonaws.com" }),
      lets({ Service: "lambda.amazonaws.com" }, undefined, "sts:TagSession"),
    ),
  },
  {
    rule: "not-principal-allow",
    wrong: resource({ Effect: "Allow", NotPrincipal: { AWS: OTHER }, Action: "sqs:SendMessage", Resource: QUEUE }),
    place: "Statement[0].NotPrincipal",
    right: resource({ Effect: "Deny", NotPrincipal: { AWS: OTHER }, Action: "sqs:SendMessage", Resource: QUEUE }),
  },
  {
    rule: "resource-public",
    wrong: resource(grants("*", "sqs:SendMessage", QUEUE)),
    place: "Statement[0].Principal",
    right: resource(
      grants("*", "sqs:SendMessage", QUEUE),
      refuses("*", "sqs:*", QUEUE, { StringNotEquals: { "aws:PrincipalAccount": ACCOUNT } }),
    ),
  },
  {
    rule: "resource-confused-deputy",
    wrong: resource(grants(service("events"), "sqs:SendMessage", QUEUE)),
    place: "Statement[0].Principal.Service",
    right: resource(
      grants(service("events"), "sqs:SendMessage", QUEUE, {
        ArnEquals: { "aws:SourceArn": on("events", "rule/tick") },
      }),
    ),
  },
  {
    rule: "resource-foreign-account",
    wrong: resource(grants({ AWS: OTHER }, "sqs:SendMessage", QUEUE)),
    place: "Statement[0].Principal.AWS",
    right: resource(grants({ AWS: ACCOUNT }, "sqs:SendMessage", QUEUE)),
    subject: { account: ACCOUNT },
  },
  {
    rule: "resource-handed-over",
    wrong: resource(grants({ AWS: OTHER }, "sqs:*", QUEUE)),
    place: "Statement[0].Principal.AWS",
    right: resource(grants({ AWS: OTHER }, "sqs:SendMessage", QUEUE)),
    subject: { account: ACCOUNT, knownAccounts: [OTHER] },
  },
  {
    rule: "condition-operator-unknown",
    wrong: sends({ StringIs: { "aws:RequestedRegion": "eu-west-1" } }),
    place: "Statement[0].Condition.StringIs.aws:RequestedRegion",
    right: sends({ StringEquals: { "aws:RequestedRegion": "eu-west-1" } }),
  },
  {
    rule: "condition-key-unknown",
    wrong: sends({ StringEquals: { "aws:Region": "eu-west-1" } }),
    place: "Statement[0].Condition.StringEquals.aws:Region",
    right: sends({ StringEquals: { "AWS:requestedregion": "eu-west-1" } }),
  },
  {
    rule: "condition-key-inapplicable",
    wrong: sends({ StringEquals: { "s3:prefix": "a" } }),
    place: "Statement[0].Condition.StringEquals.s3:prefix",
    right: lists({ StringEquals: { "s3:prefix": "a" } }),
  },
  {
    rule: "condition-type-mismatch",
    wrong: lists({ StringEquals: { "s3:max-keys": "10" } }),
    place: "Statement[0].Condition.StringEquals.s3:max-keys",
    right: lists({ NumericEquals: { "s3:max-keys": 10 } }),
  },
  {
    rule: "condition-value-invalid",
    wrong: lists({ NumericEquals: { "s3:max-keys": "ten" } }),
    place: "Statement[0].Condition.NumericEquals.s3:max-keys",
    right: lists({ NumericEquals: { "s3:max-keys": "10" } }),
  },
  {
    rule: "condition-literal-wildcard",
    wrong: lists({ StringEquals: { "s3:prefix": "raw/*" } }),
    place: "Statement[0].Condition.StringEquals.s3:prefix",
    right: lists({ StringLike: { "s3:prefix": "raw/*" } }),
  },
  {
    rule: "condition-vacuous",
    wrong: identity(
      allow("dynamodb:TagResource", on("dynamodb", "table/a"), {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] },
      }),
    ),
    place: "Statement[0].Condition.ForAllValues:StringEquals.aws:TagKeys",
    right: identity(
      allow("dynamodb:TagResource", on("dynamodb", "table/a"), {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] },
        Null: { "aws:TagKeys": "false" },
      }),
    ),
  },
  {
    rule: "condition-set-single-valued",
    wrong: sends({
      "ForAllValues:StringEquals": { "aws:RequestedRegion": "eu-west-1" },
      Bool: { "aws:ViaAWSService": "true" },
    }),
    place: "Statement[0].Condition.ForAllValues:StringEquals.aws:RequestedRegion",
    right: sends({ "ForAnyValue:StringEquals": { "aws:CalledVia": "cloudformation.amazonaws.com" } }),
  },
  {
    rule: "condition-mfa-broken",
    wrong: sends({ BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } }),
    place: "Statement[0].Condition.BoolIfExists.aws:MultiFactorAuthPresent",
    right: sends({ Bool: { "aws:MultiFactorAuthPresent": "true" } }),
  },
  {
    rule: "condition-void",
    wrong: sends({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }),
    place: "Statement[0].Condition.IpAddress.aws:SourceIp",
    right: sends({ IpAddress: { "aws:SourceIp": "192.0.2.0/24" } }),
  },
  {
    rule: "condition-contradictory",
    wrong: lists({ Null: { "s3:prefix": "true" }, StringEquals: { "s3:prefix": "a" } }),
    place: "Statement[0].Condition.Null.s3:prefix",
    right: lists({ Null: { "s3:prefix": "false" }, StringEquals: { "s3:prefix": "a" } }),
  },
  {
    rule: "action-unknown",
    wrong: identity(deny("sqs:SendMesage", "*")),
    place: "Statement[0].Action",
    right: identity(deny("SQS:sendmessage", "*")),
  },
  {
    rule: "resource-mismatch",
    wrong: identity(allow("sqs:SendMessage", on("sns", "orders"))),
    place: "Statement[0].Action",
    right: identity(allow("sqs:SendMessage", [on("sns", "orders"), QUEUE])),
  },
  { rule: "document-unreadable", wrong: text("identity", "{"), place: "", right: sends() },
  {
    rule: "duplicate-key",
    wrong: text(
      "identity",
      '{"Version":"2012-10-17","Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}',
    ),
    place: "Version",
    right: sends(),
  },
  {
    rule: "element-unknown",
    wrong: trust({ ...lets(service("lambda")), Resource: "*" }),
    place: "Statement[0].Resource",
    right: trust(lets(service("lambda"))),
  },
  {
    rule: "element-missing",
    wrong: resource(allow("sqs:SendMessage", QUEUE)),
    place: "Statement[0].Principal",
    right: resource(grants({ AWS: ACCOUNT }, "sqs:SendMessage", QUEUE)),
  },
  {
    rule: "element-malformed",
    wrong: trust(lets({ AWS: `arn:aws:iam::${ACCOUNT}:role/*` })),
    place: "Statement[0].Principal.AWS",
    right: trust(lets({ AWS: `arn:aws:iam::${ACCOUNT}:role/a` })),
  },
  {
    rule: "sid-repeated",
    wrong: identity(
      { Sid: "A", ...allow("sqs:SendMessage", QUEUE) },
      { Sid: "A", ...allow("sqs:ReceiveMessage", QUEUE) },
    ),
    place: "Statement[1].Sid",
    right: identity(
      { Sid: "A", ...allow("sqs:SendMessage", QUEUE) },
      { Sid: "B", ...allow("sqs:ReceiveMessage", QUEUE) },
    ),
  },
  {
    rule: "value-repeated",
    wrong: identity(allow(["sqs:SendMessage", "sqs:SendMessage"], QUEUE)),
    place: "Statement[0].Action[1]",
    right: identity(allow(["sqs:SendMessage", "sqs:ReceiveMessage"], QUEUE)),
  },
  {
    rule: "document-oversized",
    wrong: identity(
      allow(
        "sqs:SendMessage",
        Array.from({ length: 150 }, (_, n) => `${QUEUE}-${n}`),
      ),
    ),
    place: "",
    right: identity(
      allow(
        "sqs:SendMessage",
        Array.from({ length: 100 }, (_, n) => `${QUEUE}-${n}`),
      ),
    ),
  },
  {
    rule: "variable-broken",
    wrong: identity(allow("s3:GetObject", "arn:aws:s3:::home/${aws:name}/*")),
    place: "Statement[0].Resource",
    right: identity(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username, 'nobody'}/${*}")),
  },
  {
    rule: "version-missing",
    wrong: text("identity", `{"Statement":{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"${QUEUE}"}}`),
    place: "Version",
    right: sends(),
  },
  {
    rule: "unproven",
    wrong: {
      kind: "identity",
      document: {
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: new Unknown() },
      },
    },
    place: "Statement.Resource",
    right: {
      kind: "identity",
      document: {
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: new Unknown(on("sqs", "orders-*")) },
      },
    },
  },
  {
    rule: "policy-on-user",
    wrong: sends(),
    place: "",
    right: resource(grants({ AWS: ACCOUNT }, "sqs:SendMessage", QUEUE)),
    subject: { attachment: "user-inline" },
  },
];
