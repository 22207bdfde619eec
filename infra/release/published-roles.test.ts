/**
 * G14: the grants that the published sample gives its two roles, as documents of our own, and the roles of our releases,
 * put to one engine. Does not prove that ours suffice: stacks/release.test.ts runs under them.
 */
import assert from "node:assert/strict";
import { examineDocument, examinePermissions } from "../../policies/iam";
import { renderRelease } from "../../test/release";

const allow = (Sid: string, Action: string | readonly string[], Resource: string): object => ({
  ...{ Sid, Effect: "Allow", Action, Resource },
});

/** One role for all tasks of the machine. */
const TASKS = [
  allow("Stacks", "cloudformation:*", "*"),
  allow("Functions", "lambda:*", "*"),
  allow("Roles", ["iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole"], "*"),
  allow("Artifacts", ["s3:GetObject", "s3:GPutbject"], "arn:aws:s3:::*"),
];
const TRIGGER = [allow("Machines", "states:*", "*"), allow("Jobs", "codepipeline:*", "*")];

/** What the engine finds in a role of these statements: rule, statement and actions, where it is about few. */
function foundIn(statements: readonly object[]): string[] {
  const document = { Version: "2012-10-17", Statement: statements };
  return examinePermissions({ identity: [{ source: "inline", document }] }).map(({ rule, statement, actions = [] }) =>
    [rule, statement, ...actions].join(" "),
  );
}

describe("G14: the published sample's roles", () => {
  it("are found: whole services, identities on everything, every bucket, a misspelt action, and six ways to all rights", () => {
    assert.deepEqual(foundIn(TASKS), [
      "service-wildcard Stacks cloudformation:*",
      "service-wildcard Functions lambda:*",
      "permissions-unscoped Roles iam:CreateRole iam:PutRolePolicy",
      "pass-role-unscoped Roles iam:PassRole",
      "data-unscoped Artifacts s3:GetObject",
      "action-unknown Artifacts s3:GPutbject",
      "privilege-escalation Roles iam:PutRolePolicy",
      "privilege-escalation Roles iam:PassRole lambda:CreateFunction lambda:InvokeFunction",
      "privilege-escalation Roles cloudformation:CreateStack iam:PassRole",
      "privilege-escalation Functions lambda:UpdateFunctionCode",
      "privilege-escalation Functions lambda:UpdateFunctionConfiguration",
      "privilege-escalation Stacks cloudformation:UpdateStack",
    ]);
    assert.deepEqual(foundIn(TRIGGER), ["service-wildcard Machines states:*", "service-wildcard Jobs codepipeline:*"]);
  });

  it("stay found when the actions are named and the star is left", () => {
    assert.deepEqual(foundIn([allow("Machines", ["states:StartExecution", "states:DescribeExecution"], "*")]), [
      "write-unscoped Machines states:StartExecution",
      "read-unscoped Machines states:DescribeExecution",
    ]);
    assert.deepEqual(foundIn([allow("Stacks", ["cloudformation:ExecuteChangeSet"], "*")]), [
      "write-unscoped Stacks cloudformation:ExecuteChangeSet",
    ]);
  });

  it("have what was meant said beside the misspelt action", () => {
    const document = { Version: "2012-10-17", Statement: TASKS };
    const [finding] = examineDocument(document, { kind: "identity" }).filter(({ rule }) => rule === "action-unknown");
    assert.match(finding?.message ?? "", /Fix: write s3:PutObject, if that is meant/);
  });

  it("are unlike ours, in which nothing is found", async () => {
    const policies = (await renderRelease()).ofType("aws:iam/rolePolicy:RolePolicy");
    const names = policies.map(({ name }) => name);
    for (const name of ["deploy", "prepare", "inspect", "trigger", "release", "stacks"])
      assert.ok(names.includes(name), `${name} is not among ${names.join(", ")}`);
    for (const { name, inputs } of policies)
      assert.deepEqual(
        examineDocument(String(inputs["policy"]), { kind: "identity", attachment: "role-inline" }),
        [],
        name,
      );
  });
});
