/**
 * Each rule: the smallest document it accuses, the place it points at, and the neighbour it leaves alone. Does not prove
 * that a rule is right about documents of another shape; the labelled documents measure that.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allow, deny, grants, identity, lets, refuses, resource, service, text, trust } from "../corpus/labelled";
import { examineDocument } from "../examine-document";
import { examinePermissions } from "../examine-permissions";
import type { Finding } from "../finding";
import { Unknown } from "../leaf";
import type { DocumentSubject } from "../subject";
import { CHAPTERS } from "./index";
import { renderReference } from "./reference";

type Document = ReturnType<typeof identity>;

const ACCOUNT = "111122223333";
const OTHER = "999988887777";
const on = (service_: string, rest: string): string => `arn:aws:${service_}:eu-west-1:${ACCOUNT}:${rest}`;
const QUEUE = on("sqs", "orders");
const GITHUB = { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` };
const WEB = "sts:AssumeRoleWithWebIdentity";
const sends = (condition?: Readonly<Record<string, unknown>>): Document =>
  identity(allow("sqs:SendMessage", QUEUE, condition));
const lists = (condition: Readonly<Record<string, unknown>>): Document =>
  identity(allow("s3:ListBucket", "arn:aws:s3:::lake", condition));

interface Case {
  readonly rule: string;
  readonly wrong: Document;
  readonly place: string;
  readonly right: Document;
  readonly subject?: Partial<DocumentSubject>;
  /** Other rules that the same document breaks. */
  readonly also?: readonly string[];
}

const cases: readonly Case[] = [
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

const examine = ({ kind, document }: Document, subject: Partial<DocumentSubject> = {}): readonly Finding[] =>
  examineDocument(document, { ...subject, kind });

describe("the rule", () => {
  for (const { rule, wrong, place, right, subject } of cases) {
    it(`${rule} accuses what breaks it, at its place, and nothing beside it`, () => {
      const accused = examine(wrong, subject).filter((finding) => finding.rule === rule);
      assert.deepEqual(
        accused.map((finding) => finding.place),
        [place],
      );
      assert.deepEqual(examine(right, subject), []);
    });
  }
});

describe("the rules", () => {
  const all = CHAPTERS.flatMap(({ rules }) => rules);

  it("are each proven here, with the whole of a role, or where documents are compared", () => {
    const whole = [
      "managed-policy-broad",
      "pass-role-stronger",
      "pass-role-untrusting",
      "trust-differs-from-use",
      "new-access",
      "forbidden-access",
    ];
    const proven = [...cases.map(({ rule }) => rule), ...whole];
    assert.deepEqual([...proven].sort(), all.map(({ id }) => id).sort());
  });

  it("say what they catch and why in a few words, and where more is said", () => {
    for (const { id, catches, why, documentation } of all) {
      assert.match(id, /^[a-z]+(-[a-z]+)*$/);
      assert.ok(catches.length < 140 && !catches.endsWith("."), id);
      assert.match(why, /^[A-Z].*\.$/, id);
      assert.match(documentation, /^https:\/\/docs\.aws\.amazon\.com\//, id);
    }
  });

  it("are the ones on the page for people", () => {
    const page = readFileSync(join(__dirname, "../../../docs/iam-rules.md"), "utf8");
    assert.equal(
      page,
      renderReference(),
      "node -r ts-node/register policies/iam/rules/reference.ts > docs/iam-rules.md",
    );
  });

  it("make messages that say what, why and how to mend it", () => {
    const [finding] = examine(identity({ Sid: "Sends", ...allow(["sqs:SendMessage", "sqs:ListQueues"], "*") }));
    assert.deepEqual(finding, {
      rule: "write-unscoped",
      severity: "high",
      verdict: "violated",
      statement: "Sends",
      place: "Statement[0].Resource",
      actions: ["sqs:SendMessage"],
      resource: "*",
      message:
        "sqs:SendMessage is allowed on every resource. One mistake or stolen session can change or destroy all of them. " +
        "Fix: name the resources, like arn:aws:sqs:{Region}:{Account}:{QueueName}; leave sqs:ListQueues on * in a statement of its own.",
      documentation:
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_best-practices-least-privilege.html",
    });
  });
});

describe("the whole of a role", () => {
  const attached = (source: string, { document }: Document): { source: string; document: unknown } => ({
    source,
    document,
  });
  const passes = attached(
    "inline",
    identity(
      allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/task`, {
        StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
      }),
    ),
  );
  const task = (
    access: Document,
    by = "ecs-tasks",
  ): {
    name: string;
    arn: string;
    identity: { source: string; document: unknown }[];
    trust: { source: string; document: unknown };
  } => ({
    name: "task",
    arn: `arn:aws:iam::${ACCOUNT}:role/task`,
    identity: [attached("inline", access)],
    trust: attached("trust", trust(lets(service(by)))),
  });
  const rules = (findings: readonly Finding[]): readonly string[] =>
    findings.map(({ rule, source }) => `${source ?? ""}: ${rule}`);

  it("finds a path that is split over documents, and names the first step's document", () => {
    const parts = [
      attached(
        "deploys",
        identity(allow(["lambda:CreateFunction", "lambda:InvokeFunction"], on("lambda", "function:app-*"))),
      ),
      attached("passes", identity(allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/*`))),
    ];
    const [wide, path] = examinePermissions({ identity: parts });
    assert.equal(wide?.rule, "pass-role-unscoped");
    assert.equal(path?.rule, "privilege-escalation");
    assert.deepEqual(path.actions, ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]);
    assert.equal(path.source, "passes");
  });

  it("lets a Deny of one document hold for all, and a boundary for everything", () => {
    const wide = attached("wide", identity(allow("iam:PutRolePolicy", "*")));
    const denies = attached("denies", identity(deny("iam:*", "*")));
    const boundary = attached("boundary", identity(allow(["sqs:*", "iam:Get*"], "*")));
    assert.deepEqual(rules(examinePermissions({ identity: [wide] })), [
      "wide: permissions-unscoped",
      "wide: privilege-escalation",
    ]);
    assert.deepEqual(rules(examinePermissions({ identity: [wide, denies] })), []);
    assert.deepEqual(rules(examinePermissions({ identity: [wide], boundary })), []);
  });

  it("is a way to everything when it may change itself", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/writer`;
    const self = attached("inline", identity(allow("iam:PutRolePolicy", arn)));
    assert.deepEqual(rules(examinePermissions({ identity: [self], arn })), ["inline: privilege-escalation"]);
    assert.deepEqual(rules(examinePermissions({ identity: [self], arn: `${arn}2` })), []);
  });

  it("passes no role that is stronger (pass-role-stronger)", () => {
    const roles = (access: Document): readonly string[] =>
      rules(examinePermissions({ identity: [passes], roles: [task(access)] }));
    assert.deepEqual(roles(sends()), []);
    assert.deepEqual(roles(identity(allow("*", "*"))), ["inline: pass-role-stronger"]);
    assert.deepEqual(roles(identity(allow("iam:AttachRolePolicy", "*"))), ["inline: pass-role-stronger"]);
  });

  it("passes a role to whom it trusts (pass-role-untrusting)", () => {
    const found = examinePermissions({ identity: [passes], roles: [task(sends(), "lambda")] });
    assert.deepEqual(rules(found), ["inline: pass-role-untrusting"]);
  });

  it("is trusted by those who use it (trust-differs-from-use)", () => {
    const both = attached("trust", trust(lets({ Service: ["lambda.amazonaws.com", "ec2.amazonaws.com"] })));
    const subject = { identity: [attached("inline", sends())], trust: both };
    assert.deepEqual(
      rules(examinePermissions({ ...subject, usedBy: ["lambda.amazonaws.com", "ec2.amazonaws.com"] })),
      [],
    );
    assert.deepEqual(
      examinePermissions({ ...subject, usedBy: ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"] }).map(
        ({ message }) => message.split(".")[0],
      ),
      ["ec2", "ecs-tasks"],
    );
  });

  it("holds no managed policy of AWS that is a whole job (managed-policy-broad)", () => {
    const managed = (name: string): readonly Finding[] =>
      examinePermissions({ identity: [], managedPolicies: [`arn:aws:iam::aws:policy/${name}`] });
    assert.equal(managed("AdministratorAccess")[0]?.severity, "critical");
    assert.equal(managed("AmazonS3FullAccess")[0]?.severity, "high");
    assert.deepEqual(managed("service-role/AWSLambdaVPCAccessExecutionRole"), []);
    assert.deepEqual(managed("CloudWatchAgentServerPolicy"), []);
  });
});
