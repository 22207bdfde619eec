/** Trust and resource policies, and broken texts, that were written before the rules and looked at only in the end. */
import { bad, clean, grants, type Labelled, lets, refuses, resource, service, text, trust } from "../labelled";

const ACCOUNT = "444455556666";
const PARTNER = "arn:aws:iam::777788889999:root";

export const othersUnseen: readonly Labelled[] = [
  bad("anybody may become the role", trust(lets({ AWS: "*" }))),
  bad("a whole foreign account without external id", trust(lets({ AWS: PARTNER }))),
  bad(
    "any GitHub repository",
    trust(
      lets(
        { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
        { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
        "sts:AssumeRoleWithWebIdentity",
      ),
    ),
  ),
  bad(
    "every repository of everybody by a wide subject",
    trust(
      lets(
        { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
        { StringLike: { "token.actions.githubusercontent.com:sub": "repo:*" } },
        "sts:AssumeRoleWithWebIdentity",
      ),
    ),
  ),
  bad(
    "a service that says for whom it calls, unasked",
    trust(lets(service("cloudformation")), lets(service("states"))),
  ),
  bad("a trust policy with a resource", trust({ ...lets(service("lambda")), Resource: "*" })),
  bad("a bucket that anybody may read", resource(grants("*", "s3:GetObject", "arn:aws:s3:::site/*"))),
  bad(
    "a queue for everybody",
    resource(grants({ AWS: "*" }, "sqs:SendMessage", `arn:aws:sqs:us-east-1:${ACCOUNT}:in`)),
  ),
  bad(
    "a topic held by a header that anybody can send",
    resource(
      grants("*", "sns:Publish", `arn:aws:sns:us-east-1:${ACCOUNT}:t`, {
        StringLike: { "aws:Referer": "example.com*" },
      }),
    ),
  ),
  bad(
    "a key anybody may use to decrypt",
    resource(
      grants({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, "kms:*", "*"),
      grants("*", ["kms:Decrypt", "kms:DescribeKey"], "*"),
    ),
  ),
  bad(
    "S3 of any account may call the function",
    resource(grants(service("s3"), "lambda:InvokeFunction", `arn:aws:lambda:us-east-1:${ACCOUNT}:function:resize`)),
  ),
  bad(
    "an Allow to all but one",
    resource({
      Effect: "Allow",
      NotPrincipal: { AWS: PARTNER },
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::site/*",
    }),
  ),
  bad(
    "a bucket open to half the internet",
    resource(grants("*", "s3:GetObject", "arn:aws:s3:::site/*", { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } })),
  ),
  bad(
    "cut off in the middle",
    text("identity", '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject"'),
  ),
  bad(
    "an effect stated twice",
    text(
      "identity",
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}]}',
    ),
  ),
  bad(
    "an effect in lower case",
    text(
      "identity",
      '{"Version":"2012-10-17","Statement":[{"Effect":"allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}]}',
    ),
  ),
  bad("nothing at all", text("identity", "")),
  bad(
    "a principal in an identity policy",
    text(
      "identity",
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}}',
    ),
  ),
  clean("Lambda may become the role", trust(lets(service("lambda")))),
  clean("instances may become the role", trust(lets(service("ec2")))),
  clean(
    "Step Functions for this account",
    trust(lets(service("states"), { StringEquals: { "aws:SourceAccount": ACCOUNT } })),
  ),
  clean(
    "a partner with an external id",
    trust(lets({ AWS: PARTNER }, { StringEquals: { "sts:ExternalId": "d3b07384" } })),
  ),
  clean(
    "one repository's main branch",
    trust(
      lets(
        { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
        {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:acme/clicks:ref:refs/heads/main",
          },
        },
        "sts:AssumeRoleWithWebIdentity",
      ),
    ),
  ),
  clean(
    "one service account of a cluster",
    trust(
      lets(
        { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF0123456789` },
        {
          StringEquals: {
            "oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF0123456789:sub": "system:serviceaccount:web:orders",
            "oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF0123456789:aud": "sts.amazonaws.com",
          },
        },
        "sts:AssumeRoleWithWebIdentity",
      ),
    ),
  ),
  clean("a role by its ARN", trust(lets({ AWS: `arn:aws:iam::${ACCOUNT}:role/deployer` }))),
  clean(
    "refuses plain HTTP",
    resource(
      refuses("*", "s3:*", ["arn:aws:s3:::site", "arn:aws:s3:::site/*"], { Bool: { "aws:SecureTransport": "false" } }),
    ),
  ),
  clean(
    "the organisation reads",
    resource(
      grants("*", "s3:GetObject", "arn:aws:s3:::site/*", { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
    ),
  ),
  clean(
    "a distribution reads its origin",
    resource(
      grants(service("cloudfront"), "s3:GetObject", "arn:aws:s3:::site/*", {
        StringEquals: { "AWS:SourceArn": `arn:aws:cloudfront::${ACCOUNT}:distribution/EDFDVBD6EXAMPLE` },
      }),
    ),
  ),
  clean(
    "a topic feeds a queue",
    resource(
      grants(service("sns"), "sqs:SendMessage", `arn:aws:sqs:us-east-1:${ACCOUNT}:in`, {
        ArnEquals: { "aws:SourceArn": `arn:aws:sns:us-east-1:${ACCOUNT}:t` },
      }),
    ),
  ),
  clean("a key for its account", resource(grants({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, "kms:*", "*"))),
  clean(
    "a rule calls a function",
    resource(
      grants(service("events"), "lambda:InvokeFunction", `arn:aws:lambda:us-east-1:${ACCOUNT}:function:tick`, {
        ArnLike: { "AWS:SourceArn": `arn:aws:events:us-east-1:${ACCOUNT}:rule/tick` },
      }),
    ),
  ),
  clean(
    "a repository for one other account",
    resource({
      Effect: "Allow",
      Principal: { AWS: PARTNER },
      Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    }),
  ),
  clean(
    "a secret for one role",
    resource(grants({ AWS: `arn:aws:iam::${ACCOUNT}:role/orders` }, "secretsmanager:GetSecretValue", "*")),
  ),
];
