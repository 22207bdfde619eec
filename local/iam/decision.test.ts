/**
 * What a decision tells: the statements behind it, whether the context was asked, and AWS's words for a refusal.
 * Does not prove that every AWS service words its refusals this way; the User Guide says that some do not.
 */
import assert from "node:assert/strict";
import { describeDenial, type PolicyType } from "./decision";
import {
  ACCOUNT,
  ROLE,
  BUCKET,
  TARGET,
  session,
  documentOf,
  allowAll,
  allowNothing,
  resourcePolicy,
  trustPolicy,
  decide,
  outcomeOf,
  owner,
  sns,
  aws,
  sessionArn,
  type Statement,
  type Case,
} from "./evaluation-case";
import { anonymous, roleSession } from "./principal";

describe("a decision", () => {
  it("names every statement and grant that allowed the call", () => {
    const identity = documentOf(
      "identity",
      { Sid: "No", Action: "s3:PutObject" },
      { Sid: "Yes", Action: ["s3:Get*", "s3:PutObject", "s3:GetObject"], Resource: [`${BUCKET}/*`, "*"] },
      { Effect: "Deny", Action: "s3:DeleteObject" },
    );
    const policy = resourcePolicy(aws(ROLE));
    const decision = decide({ identity: [identity], policy });
    assert.ok(decision.allowed);
    assert.deepEqual(
      decision.by.map(({ type, document, statement, grants }) => [
        type,
        document,
        statement.index,
        statement.sid,
        grants,
      ]),
      [
        ["resource", policy[0], 0, undefined, [0]],
        ["identity", identity, 1, "Yes", [0, 1, 4, 5]],
      ],
    );
  });

  it("credits the resource policy and the identity policy when each would have been enough", () => {
    const decision = decide({ identity: [allowAll], policy: resourcePolicy(aws(sessionArn)) });
    assert.ok(decision.allowed);
    assert.deepEqual(
      decision.by.map(({ type }) => type),
      ["resource", "identity"],
    );
  });

  it("does not credit an identity policy that a boundary overrules", () => {
    const decision = decide({ identity: [allowAll], boundary: allowNothing, policy: resourcePolicy(aws(sessionArn)) });
    assert.ok(decision.allowed);
    assert.deepEqual(
      decision.by.map(({ type }) => type),
      ["resource"],
    );
  });

  it("names the statement that denied", () => {
    const decision = decide({ identity: [allowAll, documentOf("identity", {}, { Sid: "Stop", Effect: "Deny" })] });
    assert.ok(!decision.allowed && decision.outcome === "explicit");
    assert.deepEqual(
      [decision.by.document.source, decision.by.statement.index, decision.by.statement.sid],
      ["identity", 1, "Stop"],
    );
  });

  it("is conditional only when the request's own context was asked", () => {
    const asking = (Condition: Statement): boolean =>
      decide({ identity: [documentOf("identity", { Condition })] }).conditional;
    assert.equal(asking({ StringEquals: { "aws:SourceVpc": "x" } }), true);
    assert.equal(asking({ ArnEquals: { "aws:PrincipalArn": ROLE } }), false);
    assert.equal(asking({ StringEquals: { "aws:ResourceAccount": ACCOUNT } }), false);
    assert.equal(
      decide({ identity: [documentOf("identity", { Action: "s3:PutObject", Condition: { Null: { "k:a": "true" } } })] })
        .conditional,
      false,
    );
  });

  it("knows services from everybody else", () => {
    const Condition = { Bool: { "aws:PrincipalIsAWSService": "false" } };
    const policy = resourcePolicy({ Principal: "*" }, { Effect: "Deny", Principal: "*", Condition });
    for (const principal of [session, owner, anonymous]) {
      assert.equal(outcomeOf({ principal, policy }), "explicit resource");
    }
    assert.equal(outcomeOf({ principal: sns, policy }), "allowed");
  });

  it("rests on facts about the caller that a request cannot overwrite", () => {
    const identity = [documentOf("identity", { Condition: { ArnEquals: { "aws:PrincipalArn": ROLE } } })];
    assert.equal(
      outcomeOf({ principal: roleSession(`${ROLE}2`, "run"), identity, context: { "aws:PrincipalArn": ROLE } }),
      "implicit identity",
    );
  });

  for (const [action, resource] of [
    ["s3:*", "*"],
    ["GetObject", "*"],
    ["s3:GetObject", "bucket"],
    ["s3:GetObject", ""],
  ] as const) {
    it(`is refused for ${action} on ${JSON.stringify(resource)}`, () => {
      assert.throws(() => decide({ action, resource }), /^StageError: request: (action|resource): got .*, allowed /);
    });
  }
});

describe("a refusal", () => {
  const resource = `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/clicks`;
  const request = { principal: session, action: "kinesis:PutRecord", resource };
  const who = `User: arn:aws:sts::${ACCOUNT}:assumed-role/writer/run is not authorized to perform: kinesis:PutRecord on resource: ${resource}`;
  const implicit: readonly [PolicyType, string][] = [
    ["identity", "because no identity-based policy allows the kinesis:PutRecord action"],
    ["resource", "because no resource-based policy allows the kinesis:PutRecord action"],
    ["boundary", "because no permissions boundary allows the kinesis:PutRecord action"],
    ["session", "because no session policy allows the kinesis:PutRecord action"],
    ["trust", "because no role trust policy allows the kinesis:PutRecord action"],
  ];
  for (const [policy, why] of implicit) {
    it(`speaks as AWS does: ${why}`, () => {
      assert.equal(
        describeDenial(request, { allowed: false, outcome: "implicit", policy, conditional: false }),
        `${who} ${why}`,
      );
    });
  }

  const explicit: readonly [Case, string][] = [
    [{ identity: [documentOf("identity", { Effect: "Deny" })] }, "with an explicit deny in an identity-based policy"],
    [
      { policy: resourcePolicy({ Effect: "Deny", Principal: "*" }) },
      "with an explicit deny in a resource-based policy",
    ],
    [{ boundary: documentOf("identity", { Effect: "Deny" }) }, "with an explicit deny in a permissions boundary"],
    [{ session: [documentOf("identity", { Effect: "Deny" })] }, "with an explicit deny in a session policy"],
  ];
  for (const [one, why] of explicit) {
    it(`speaks as AWS does: ${why}`, () => {
      const decision = decide({ ...one, action: request.action, resource });
      assert.ok(!decision.allowed);
      assert.equal(describeDenial(request, decision), `${who} ${why}`);
    });
  }

  it("names the role trust policy", () => {
    const assume = { principal: session, action: "sts:AssumeRole", resource: TARGET };
    const decision = decide({ ...assume, policy: trustPolicy({ Effect: "Deny", ...aws(ROLE) }) });
    assert.ok(!decision.allowed);
    assert.equal(
      describeDenial(assume, decision),
      `User: ${sessionArn} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} with an explicit deny in the role trust policy`,
    );
  });

  it("leaves out the resource where there is none", () => {
    const list = { principal: anonymous, action: "s3:ListAllMyBuckets", resource: "*" };
    const decision = decide(list);
    assert.ok(!decision.allowed);
    assert.equal(
      describeDenial(list, decision),
      "User: anonymous is not authorized to perform: s3:ListAllMyBuckets because no resource-based policy allows the s3:ListAllMyBuckets action",
    );
  });
});
