/** Documents on which a finer point decides: one condition, one Deny, one wildcard makes them right or wrong. */
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
  trust,
} from "../labelled";

const ACCOUNT = "111122223333";
const on = (prefix: string, rest: string): string => `arn:aws:${prefix}:us-east-1:${ACCOUNT}:${rest}`;
const OBJECTS = "arn:aws:s3:::lake/*";
const provider = (name: string): unknown => ({ Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` });
const WEB = "sts:AssumeRoleWithWebIdentity";
const reads = (Condition?: Readonly<Record<string, unknown>>): ReturnType<typeof grants> =>
  grants("*", "s3:GetObject", OBJECTS, Condition);

export const finerPoints: readonly Labelled[] = [
  bad("any statement but deletion, by a Deny", identity(allow("s3:*", "*"), deny("s3:DeleteBucket", "*"))),
  clean(
    "a right that a Deny takes away again",
    identity(allow("s3:PutBucketPolicy", "arn:aws:s3:::lake"), deny("*", "*")),
  ),
  clean(
    "whatever is done with objects, in one bucket",
    identity(allow("s3:*Object", OBJECTS), allow("s3:ListBucket", "arn:aws:s3:::lake")),
  ),
  bad("passing on roles, hidden in a wildcard", identity(allow("iam:P*", "*"))),
  bad("roles that anybody may write, by a wildcard in the middle", identity(allow("iam:*Role*", "*"))),
  bad("everything, with MFA", identity(allow("*", "*", { Bool: { "aws:MultiFactorAuthPresent": "true" } }))),
  bad("every role of every account", identity(allow("sts:AssumeRole", "arn:aws:iam::*:role/*"))),
  clean(
    "mail from one address",
    identity(allow("ses:SendEmail", "*", { StringEquals: { "ses:FromAddress": "shop@example.com" } })),
  ),
  bad("mail from any address", identity(allow(["ses:SendEmail", "ses:SendRawEmail"], "*"))),
  clean(
    "keys of one alias",
    identity(
      allow("kms:Decrypt", on("kms", "key/*"), { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/app" } }),
    ),
  ),
  clean(
    "a new role under a boundary",
    identity(
      allow("iam:CreateRole", `arn:aws:iam::${ACCOUNT}:role/app-*`, {
        ArnEquals: { "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/app` },
      }),
    ),
  ),
  clean(
    "a task in one cluster",
    identity(
      allow("ecs:RunTask", on("ecs", "task-definition/app:*"), {
        ArnEquals: { "ecs:cluster": on("ecs", "cluster/main") },
      }),
    ),
  ),
  clean("a device's own topic", identity(allow("iot:Connect", on("iot", "client/${iot:Connection.Thing.ThingName}")))),
  bad(
    "metrics of any name in conditions that only look numeric",
    identity(allow("s3:ListBucket", "arn:aws:s3:::lake", { NumericEquals: { "s3:prefix": "1" } })),
  ),
  bad(
    "a date that is none",
    identity(allow("s3:GetObject", OBJECTS, { DateLessThan: { "aws:CurrentTime": "tomorrow" } })),
  ),
  bad("every action of trust", trust(lets(service("lambda"), undefined, "*"))),
  bad("an external id that anybody knows", trust(lets({ AWS: ACCOUNT }, { StringLike: { "sts:ExternalId": "*" } }))),
  bad("a star beside a role", trust(lets({ AWS: [`arn:aws:iam::${ACCOUNT}:role/a`, "*"] }))),
  clean(
    "one project of GitLab",
    trust(
      lets(
        provider("gitlab.com"),
        { StringLike: { "gitlab.com:sub": "project_path:acme/clicks:ref_type:branch:ref:*" } },
        WEB,
      ),
    ),
  ),
  bad(
    "all of GitLab",
    trust(lets(provider("gitlab.com"), { StringEquals: { "gitlab.com:aud": "https://gitlab.com" } }, WEB)),
  ),
  clean(
    "one workspace's runs",
    trust(
      lets(
        provider("app.terraform.io"),
        {
          StringEquals: { "app.terraform.io:aud": "aws.workload.identity" },
          StringLike: { "app.terraform.io:sub": "organization:acme:project:p:workspace:*:run_phase:*" },
        },
        WEB,
      ),
    ),
  ),
  bad(
    "readers of any account, as long as they have a role",
    resource(reads({ StringEquals: { "aws:PrincipalType": "AssumedRole" } })),
  ),
  bad("the internet in two halves", resource(reads({ IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }))),
  bad("members of any organisation", resource(reads({ Null: { "aws:PrincipalOrgID": "false" } }))),
  clean(
    "everybody, unless outside the office",
    resource(
      reads(),
      refuses("*", "s3:*", ["arn:aws:s3:::lake", OBJECTS], { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } }),
    ),
  ),
  bad(
    "everybody, a small part excepted",
    resource(
      reads(),
      refuses("*", "s3:GetObject", "arn:aws:s3:::lake/private/*", { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } }),
    ),
  ),
  bad(
    "a key through one service, for whoever calls it",
    resource(
      grants({ AWS: "*" }, "kms:Decrypt", "*", { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } }),
    ),
  ),
  bad(
    "a function's open address",
    resource(
      grants("*", "lambda:InvokeFunctionUrl", on("lambda", "function:f"), {
        StringEquals: { "lambda:FunctionUrlAuthType": "NONE" },
      }),
    ),
  ),
  clean(
    "units of one organisation pull images",
    resource({
      Effect: "Allow",
      Principal: "*",
      Action: "ecr:BatchGetImage",
      Condition: { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*" } },
    }),
  ),
  bad("a vault that anybody may copy into", resource(grants("*", "backup:CopyIntoBackupVault", "*"))),
];
