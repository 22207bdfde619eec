/**
 * What only the whole of a role shows: paths over several documents, boundaries, roles passed on, and who uses it. Does not
 * prove that the roles of a stack are joined rightly; the pack's tests do.
 */
import assert from "node:assert/strict";
import { allow, deny, identity, lets, service, trust } from "../corpus/labelled";
import { examinePermissions } from "../examine-permissions";
import type { Finding } from "../finding";
import type { Document } from "./cases/case";

const ACCOUNT = "111122223333";
const on = (service_: string, rest: string): string => `arn:aws:${service_}:eu-west-1:${ACCOUNT}:${rest}`;
const sends = (): Document => identity(allow("sqs:SendMessage", on("sqs", "orders")));

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
