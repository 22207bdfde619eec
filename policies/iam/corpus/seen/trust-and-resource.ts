/** Trust and resource policies, right and wrong. */
import { bad, clean, grants, type Labelled, lets, refuses, resource, service, trust } from "../labelled";

const ACCOUNT = "111122223333";
const FOREIGN = "arn:aws:iam::999988887777:root";
const GITHUB = { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` };
const WEB = "sts:AssumeRoleWithWebIdentity";
const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders`;
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:alerts`;
const FUNCTION = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:resize`;
const BUCKET = ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"];

export const trustAndResource: readonly Labelled[] = [
  bad("a bare star as trust", trust(lets("*"))),
  bad(
    "every GitHub repository of one name",
    trust(lets(GITHUB, { StringLike: { "token.actions.githubusercontent.com:sub": "repo:*/clicks:*" } }, WEB)),
  ),
  bad(
    "all of Cognito's pools",
    trust(
      lets(
        { Federated: "cognito-identity.amazonaws.com" },
        { "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" } },
        WEB,
      ),
    ),
  ),
  bad(
    "a service account of any namespace",
    trust(
      lets(
        { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB12` },
        { StringLike: { "oidc.eks.eu-west-1.amazonaws.com/id/AB12:sub": "system:serviceaccount:*:*" } },
        WEB,
      ),
    ),
  ),
  bad("a good statement first, a loose one after it", trust(lets(service("lambda")), lets(GITHUB, undefined, WEB))),
  bad(
    "an organisation asked of nobody, by IfExists",
    trust(lets({ AWS: "*" }, { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } })),
  ),
  bad(
    "any role of that name in any account",
    trust(lets({ AWS: "*" }, { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/admin" } })),
  ),
  bad("an action that is none of sts", trust(lets(service("lambda"), undefined, "lambda:InvokeFunction"))),
  bad("a public repository of images", resource({ Effect: "Allow", Principal: "*", Action: ["ecr:BatchGetImage"] })),
  bad("a public secret", resource(grants("*", "secretsmanager:GetSecretValue", "*"))),
  bad(
    "a public bus",
    resource(grants("*", "events:PutEvents", `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/orders`)),
  ),
  bad("a public function", resource(grants("*", "lambda:InvokeFunction", FUNCTION))),
  bad(
    "a bucket that anybody may write",
    resource(grants({ AWS: ["*"] }, ["s3:PutObject", "s3:GetObject"], "arn:aws:s3:::lake/*")),
  ),
  bad(
    "a topic of all sources",
    resource(grants("*", "sns:Publish", TOPIC, { ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } })),
  ),
  bad(
    "a queue held only by TLS",
    resource(grants("*", "sqs:SendMessage", QUEUE, { Bool: { "aws:SecureTransport": "true" } })),
  ),
  bad("S3 of any account may notify", resource(grants(service("s3"), "sqs:SendMessage", QUEUE))),
  bad(
    "a Deny for others beside a public Allow",
    resource(grants("*", "s3:GetObject", "arn:aws:s3:::lake/*"), refuses("*", "s3:PutObject", "arn:aws:s3:::lake/*")),
  ),
  clean(
    "containers may become the role",
    trust(
      lets(service("ecs-tasks"), {
        ArnLike: { "aws:SourceArn": `arn:aws:ecs:eu-west-1:${ACCOUNT}:*` },
        StringEquals: { "aws:SourceAccount": ACCOUNT },
      }),
    ),
  ),
  clean("Firehose for this account", trust(lets(service("firehose"), { StringEquals: { "sts:ExternalId": ACCOUNT } }))),
  clean("one rule's scheduler", trust(lets(service("scheduler"), { StringEquals: { "aws:SourceAccount": ACCOUNT } }))),
  clean(
    "two roles and a user by name",
    trust(
      lets({
        AWS: [
          `arn:aws:iam::${ACCOUNT}:role/a`,
          `arn:aws:iam::${ACCOUNT}:role/path/b`,
          `arn:aws:iam::${ACCOUNT}:user/ann`,
        ],
      }),
    ),
  ),
  clean(
    "the organisation, wherever",
    trust(lets({ AWS: "*" }, { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } })),
  ),
  clean(
    "one pool's signed-in users",
    trust(
      lets(
        { Federated: "cognito-identity.amazonaws.com" },
        {
          StringEquals: { "cognito-identity.amazonaws.com:aud": "eu-west-1:12345678-1234-4234-8234-123456789012" },
          "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
        },
        WEB,
      ),
    ),
  ),
  clean(
    "a company's directory",
    trust(
      lets(
        { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/directory` },
        { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
        "sts:AssumeRoleWithSAML",
      ),
    ),
  ),
  clean(
    "all branches of one repository",
    trust(
      lets(
        GITHUB,
        {
          StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
          StringLike: { "token.actions.githubusercontent.com:sub": "repo:acme/clicks:*" },
        },
        WEB,
      ),
    ),
  ),
  clean(
    "Lambda, and tags on the session",
    trust(lets(service("lambda"), undefined, ["sts:AssumeRole", "sts:TagSession"])),
  ),
  clean("TLS or nothing", resource(refuses("*", "s3:*", BUCKET, { Bool: { "aws:SecureTransport": "false" } }))),
  clean(
    "nobody outside the endpoint",
    resource(refuses({ AWS: "*" }, "s3:*", BUCKET, { StringNotEquals: { "aws:SourceVpce": "vpce-0a1b2c3d" } })),
  ),
  clean(
    "everybody, unless outside the organisation",
    resource(
      grants("*", "s3:GetObject", "arn:aws:s3:::lake/*"),
      refuses("*", "s3:*", "arn:aws:s3:::lake/*", { StringNotEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
    ),
  ),
  clean(
    "one account's topic subscribers",
    resource(
      grants({ AWS: "*" }, ["sns:Subscribe", "sns:Publish"], TOPIC, { StringEquals: { "aws:SourceOwner": ACCOUNT } }),
    ),
  ),
  clean(
    "a bucket tells a topic",
    resource(
      grants(service("s3"), "sns:Publish", TOPIC, {
        ArnLike: { "aws:SourceArn": "arn:aws:s3:::lake" },
        StringEquals: { "aws:SourceAccount": ACCOUNT },
      }),
    ),
  ),
  clean(
    "a key of the account with a service",
    resource(
      grants({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, "kms:*", "*"),
      grants({ Service: "logs.eu-west-1.amazonaws.com" }, ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"], "*", {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:*` },
      }),
    ),
  ),
  clean(
    "a key for all of one account through SQS",
    resource(
      grants({ AWS: "*" }, ["kms:Decrypt", "kms:GenerateDataKey"], "*", {
        StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": "sqs.eu-west-1.amazonaws.com" },
      }),
    ),
  ),
  clean("one partner account may send", resource(grants({ AWS: FOREIGN }, "sqs:SendMessage", QUEUE))),
  clean(
    "an API calls a function",
    resource(
      grants(service("apigateway"), "lambda:InvokeFunction", FUNCTION, {
        ArnLike: { "AWS:SourceArn": `arn:aws:execute-api:eu-west-1:${ACCOUNT}:a1b2c3d4/*/GET/orders` },
      }),
    ),
  ),
  clean(
    "no key deleted by anybody",
    resource(
      grants({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, "kms:*", "*"),
      refuses("*", "kms:ScheduleKeyDeletion", "*"),
    ),
  ),
  bad(
    "a subject of names that anybody may use",
    trust(lets(GITHUB, { StringEquals: { "token.actions.githubusercontent.com:sub": "environment:prod" } }, WEB)),
  ),
  clean(
    "any repository of one organisation, by its owner's claim",
    trust(
      lets(
        GITHUB,
        {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:repository_owner": "acme-inc",
          },
        },
        WEB,
      ),
    ),
  ),
];
