/** The role component under the monitor. Does not prove that AWS accepts the policy, nor that it suffices (local/ does). */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { render } from "../../test/stage";
import { foundation, policyOf } from "../../test/foundation";
import { ANY_RESOURCE, permits, type Capability, type Statement } from "../core/capability";
import { planRole, Role } from "./role";

const statement = (changes: Partial<Statement> = {}): Statement => ({
  sid: "WriteThings",
  reason: "writes things",
  actions: ["things:Put"],
  targets: [{ arn: "arn:aws:things:eu-west-1:000000000000:thing/a", pattern: "arn:aws:things:*:*:thing/*" }],
  ...changes,
});

const on = { roles: {} };
const plan = (...access: Capability[]) => planRole("writer", { on, access });

describe("A role", () => {
  it("has one policy with exactly what its capabilities say, whatever their order", async () => {
    const one = permits(statement({ actions: ["things:Put", "things:Begin"] }));
    const two = permits(
      statement({
        sid: "ReadOther",
        actions: ["other:Get"],
        targets: [{ arn: "arn:aws:other:::x", pattern: "arn:aws:other:::*" }],
      }),
    );
    assert.deepEqual(plan(one, two).statements, plan(two, one).statements);
    const graph = await render(() => {
      new Role("writer", {
        on: foundation(),
        trust: { kind: "service", service: "lambda.amazonaws.com" },
        access: [one, two],
        description: "writes",
      });
    });
    assert.deepEqual(policyOf(graph, "writer"), {
      ReadOther: { Sid: "ReadOther", Effect: "Allow", Action: ["other:Get"], Resource: ["arn:aws:other:::x"] },
      WriteThings: {
        Sid: "WriteThings",
        Effect: "Allow",
        Action: ["things:Begin", "things:Put"],
        Resource: ["arn:aws:things:eu-west-1:000000000000:thing/a"],
      },
    });
    assert.equal(graph.ofType("aws:iam/rolePolicy:RolePolicy").length, 1);
  });

  it("shows its statements as inputs and outputs, leaf by leaf, while an ARN is unknown", async () => {
    const graph = await render(() => {
      new Role("writer", {
        on: foundation(),
        trust: { kind: "service", service: "lambda.amazonaws.com" },
        access: [permits(statement())],
        description: "writes",
      });
    });
    const role = graph.only("clickstream:iam:Role");
    const expected = [
      {
        sid: "WriteThings",
        reason: "writes things",
        actions: ["things:Put"],
        targets: [{ arn: "arn:aws:things:eu-west-1:000000000000:thing/a", pattern: "arn:aws:things:*:*:thing/*" }],
      },
    ];
    assert.deepEqual(role.inputs["statements"], expected);
    assert.deepEqual(role.outputs["statements"], expected);
  });

  it("merges statements of one sid: actions and reasons unite, and idle stays only where both are", () => {
    const [merged] = plan(
      permits(statement({ idle: "never" })),
      permits(statement({ actions: ["things:Begin"], reason: "begins things", idle: "never" })),
    ).statements;
    assert.deepEqual(merged?.actions, ["things:Begin", "things:Put"]);
    assert.equal(merged?.reason, "writes things; begins things");
    assert.equal(merged?.idle, "never");
    assert.equal(plan(permits(statement({ idle: "never" })), permits(statement())).statements[0]?.idle, undefined);
  });

  const refusals: [string, Statement[], RegExp][] = [
    ["no capability", [], /Role writer: access must be at least one capability, got \[\]/],
    [
      "a wildcard action",
      [statement({ actions: ["things:*"] })],
      /access\.WriteThings\.actions must be one exact action, got "things:\*"/,
    ],
    [
      "a bare star",
      [statement({ targets: [{ arn: "*", pattern: "*" }] })],
      /access\.WriteThings\.targets must be an ARN, or ANY_RESOURCE, got "\*"/,
    ],
    ["no target", [statement({ targets: [] })], /access\.WriteThings\.targets must be at least one target/],
    ["a sid that IAM refuses", [statement({ sid: "write things" })], /must be letters and digits, got "write things"/],
    [
      "two meanings of one sid",
      [statement(), statement({ targets: [{ arn: "arn:x", pattern: "arn:y" }] })],
      /access\.WriteThings\.targets must be arn:aws:things:\*:\*:thing\/\*, as the other statement of this sid says, got "arn:y"/,
    ],
  ];
  for (const [what, statements, message] of refusals) {
    it(`is refused with ${what}`, () => assert.throws(() => plan(permits(...statements)), message));
  }

  it("may name any resource only by ANY_RESOURCE", () => {
    assert.equal(plan(permits(statement({ targets: [ANY_RESOURCE] }))).statements.length, 1);
  });

  it("gets the stage's boundary and prefix", async () => {
    const graph = await render(() => {
      new Role("writer", {
        on: {
          ...foundation(),
          roles: { permissionsBoundary: "arn:aws:iam::000000000000:policy/edge", namePrefix: "team-" },
        },
        trust: { kind: "service", service: "lambda.amazonaws.com" },
        access: [permits(statement())],
        description: "writes",
      });
    });
    const { inputs, outputs } = graph.only("aws:iam/role:Role");
    assert.equal(inputs["permissionsBoundary"], "arn:aws:iam::000000000000:policy/edge");
    assert.equal(inputs["namePrefix"], "team-writer-");
    assert.match(String(outputs["name"]), /^team-writer-/);
    assert.throws(
      () => planRole("writer", { on: { roles: { namePrefix: "x".repeat(40) } }, access: [permits(statement())] }),
      /on\.roles\.namePrefix must be at most 31 characters for a role named writer/,
    );
  });

  it("is trusted by a service, by an account that presents an external id, or by signed-in users", async () => {
    const trusts = [
      { kind: "service", service: "firehose.amazonaws.com", conditions: { StringEquals: { "sts:ExternalId": "1" } } },
      { kind: "account", account: "123456789012", externalId: pulumi.output("agreed") },
      { kind: "identity-pool", pool: "pool-1" },
    ] as const;
    const graph = await render(() => {
      const at = foundation();
      trusts.forEach(
        (trust, index) => new Role(`role${index}`, { on: at, trust, access: [permits(statement())], description: "x" }),
      );
    });
    const documents = trusts.map((_, index) => {
      const { inputs } = graph.only("aws:iam/role:Role", ({ name }) => name === `role${index}`);
      return (JSON.parse(String(inputs["assumeRolePolicy"])) as { Statement: unknown[] }).Statement[0];
    });
    assert.deepEqual(documents, [
      {
        Effect: "Allow",
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "1" } },
      },
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::123456789012:root" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "agreed" } },
      },
      {
        Effect: "Allow",
        Principal: { Federated: "cognito-identity.amazonaws.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { "cognito-identity.amazonaws.com:aud": "pool-1" },
          "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
        },
      },
    ]);
  });
});
