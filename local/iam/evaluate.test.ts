/**
 * Decisions in the cases that AWS documents: explicit and implicit denies, same account and cross account, roles,
 * sessions, users, the operator, boundaries, session policies and NotPrincipal.
 * Does not prove agreement with AWS itself, only with what the IAM User Guide says.
 */
import assert from "node:assert/strict";
import {
  ACCOUNT,
  ROLE,
  OTHER_ROLE,
  USER,
  BUCKET,
  user,
  stranger,
  owner,
  documentOf,
  allowAll,
  allowNothing,
  resourcePolicy,
  outcomeOf,
  aws,
  sessionArn,
  type Case,
} from "./evaluation-case";
import { anonymous } from "./principal";
import { type SourcedDocument } from "./statement";

describe("within one account", () => {
  const cases: readonly [claim: string, one: Case, outcome: string][] = [
    ["everything is denied by default", {}, "implicit identity"],
    ["an identity policy is enough", { identity: [allowAll] }, "allowed"],
    ["one of several identity policies is enough", { identity: [allowNothing, allowAll] }, "allowed"],
    [
      "a Deny in an identity policy beats every Allow",
      { identity: [allowAll, documentOf("identity", { Effect: "Deny" })], policy: resourcePolicy(aws(sessionArn)) },
      "explicit identity",
    ],
    [
      "a Deny in a resource policy beats every Allow",
      { identity: [allowAll], policy: resourcePolicy({ Effect: "Deny", Principal: "*" }) },
      "explicit resource",
    ],
    [
      "a Deny in a boundary beats a resource policy",
      { boundary: documentOf("identity", { Effect: "Deny" }), policy: resourcePolicy(aws(sessionArn)) },
      "explicit boundary",
    ],
    [
      "a Deny in a session policy beats a resource policy",
      { session: [documentOf("identity", { Effect: "Deny" })], policy: resourcePolicy(aws(sessionArn)) },
      "explicit session",
    ],
    [
      "a Deny to the role reaches its sessions",
      { identity: [allowAll], policy: resourcePolicy({ Effect: "Deny", ...aws(ROLE) }) },
      "explicit resource",
    ],
    [
      "a Deny to the account reaches its sessions",
      { identity: [allowAll], policy: resourcePolicy({ Effect: "Deny", ...aws(ACCOUNT) }) },
      "explicit resource",
    ],
    [
      "a Deny to another role does not",
      { identity: [allowAll], policy: resourcePolicy({ Effect: "Deny", ...aws(`${ROLE}2`) }) },
      "allowed",
    ],
    ["a boundary grants nothing", { boundary: allowAll }, "implicit identity"],
    ["a boundary limits identity policies", { identity: [allowAll], boundary: allowNothing }, "implicit boundary"],
    ["a boundary lets through what it allows", { identity: [allowAll], boundary: allowAll }, "allowed"],
    ["a session policy grants nothing", { session: [allowAll] }, "implicit identity"],
    [
      "a session policy limits identity policies",
      { identity: [allowAll], session: [allowNothing] },
      "implicit session",
    ],
    [
      "one of several session policies is enough",
      { identity: [allowAll], session: [allowNothing, allowAll] },
      "allowed",
    ],
    ["an empty list of session policies is none", { identity: [allowAll], session: [] }, "allowed"],
    ["a resource policy that names the session is enough", { policy: resourcePolicy(aws(sessionArn)) }, "allowed"],
    [
      "no boundary limits a resource policy that names the session",
      { boundary: allowNothing, session: [allowNothing], policy: resourcePolicy(aws(sessionArn)) },
      "allowed",
    ],
    [
      "a resource policy that names another session is not",
      { policy: resourcePolicy(aws(`${sessionArn}2`)) },
      "implicit identity",
    ],
    ["a resource policy that names the role is enough", { policy: resourcePolicy(aws(ROLE)) }, "allowed"],
    [
      "a boundary limits a resource policy that names the role",
      { boundary: allowNothing, policy: resourcePolicy(aws(ROLE)) },
      "implicit boundary",
    ],
    [
      "a session policy limits a resource policy that names the role",
      { session: [allowNothing], policy: resourcePolicy(aws(ROLE)) },
      "implicit session",
    ],
    [
      "a resource policy that names a user is enough",
      { principal: user, policy: resourcePolicy(aws(USER)) },
      "allowed",
    ],
    [
      "no boundary limits a resource policy that names a user",
      { principal: user, boundary: allowNothing, policy: resourcePolicy(aws(USER)) },
      "allowed",
    ],
    [
      "a resource policy that names the account delegates",
      { policy: resourcePolicy(aws(ACCOUNT)) },
      "implicit identity",
    ],
    [
      "delegation and an identity policy are enough",
      { identity: [allowAll], policy: resourcePolicy(aws(`arn:aws:iam::${ACCOUNT}:root`)) },
      "allowed",
    ],
    ["a resource policy for everyone is enough", { policy: resourcePolicy({ Principal: "*" }) }, "allowed"],
    [
      "a boundary does not limit what everyone may do",
      {
        boundary: allowNothing,
        policy: resourcePolicy({ Principal: "*", Condition: { ArnEquals: { "aws:PrincipalArn": ROLE } } }),
      },
      "allowed",
    ],
    [
      "a resource policy about other resources is not",
      { policy: resourcePolicy({ ...aws(ROLE), Resource: `${BUCKET}2/*` }) },
      "implicit identity",
    ],
    [
      "the closest of several names counts",
      { boundary: allowNothing, policy: resourcePolicy(aws(ACCOUNT, ROLE), aws(sessionArn)) },
      "allowed",
    ],
  ];
  for (const [claim, one, outcome] of cases) it(claim, () => assert.equal(outcomeOf(one), outcome));
});

describe("between accounts", () => {
  const allowed = { principal: stranger, identity: [allowAll] };
  const cases: readonly [claim: string, one: Case, outcome: string][] = [
    ["an identity policy alone is not enough", allowed, "implicit resource"],
    [
      "a resource policy alone is not enough",
      { principal: stranger, policy: resourcePolicy(aws(OTHER_ROLE)) },
      "implicit identity",
    ],
    [
      "not even one that names the session",
      { principal: stranger, policy: resourcePolicy(aws(stranger.arn)) },
      "implicit identity",
    ],
    [
      "not even one for everyone",
      { principal: stranger, policy: resourcePolicy({ Principal: "*" }) },
      "implicit identity",
    ],
    ["both together are enough", { ...allowed, policy: resourcePolicy(aws(OTHER_ROLE)) }, "allowed"],
    ["the other account may be named", { ...allowed, policy: resourcePolicy(aws("444455556666")) }, "allowed"],
    [
      "naming the own account helps no stranger",
      { ...allowed, policy: resourcePolicy(aws(ACCOUNT)) },
      "implicit resource",
    ],
    [
      "a boundary limits",
      { ...allowed, boundary: allowNothing, policy: resourcePolicy(aws(stranger.arn)) },
      "implicit boundary",
    ],
    [
      "a session policy limits",
      { ...allowed, session: [allowNothing], policy: resourcePolicy(aws(stranger.arn)) },
      "implicit session",
    ],
    [
      "the account in an ARN wins",
      { ...allowed, resource: "arn:aws:sqs:eu-west-1:444455556666:queue", action: "sqs:SendMessage" },
      "allowed",
    ],
  ];
  for (const [claim, one, outcome] of cases) it(claim, () => assert.equal(outcomeOf(one), outcome));
});

describe("the operator", () => {
  it("may do anything without a policy", () => assert.equal(outcomeOf({ principal: owner }), "allowed"));
  it("is stopped by an explicit Deny of a resource policy", () => {
    const policy = resourcePolicy({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    assert.equal(
      outcomeOf({ principal: owner, policy, context: { "aws:SecureTransport": "false" } }),
      "explicit resource",
    );
    assert.equal(outcomeOf({ principal: owner, policy, context: { "aws:SecureTransport": "true" } }), "allowed");
  });
  it("is a stranger in another account", () => {
    assert.equal(outcomeOf({ principal: owner, resourceAccount: "444455556666" }), "implicit resource");
  });
});

describe("NotPrincipal", () => {
  const sparing = (...names: readonly string[]): SourcedDocument[] =>
    resourcePolicy({ Effect: "Deny", NotPrincipal: { AWS: names } });
  const cases: readonly [claim: string, one: Case, outcome: string][] = [
    [
      "spares a session whose account, role and self are listed",
      { policy: sparing(ACCOUNT, ROLE, sessionArn) },
      "allowed",
    ],
    ["denies a session of which only the role is listed", { policy: sparing(ACCOUNT, ROLE) }, "explicit resource"],
    ["denies a session whose account is not listed", { policy: sparing(ROLE, sessionArn) }, "explicit resource"],
    ["spares a user listed with the account", { principal: user, policy: sparing(ACCOUNT, USER) }, "allowed"],
    ["denies everybody else", { principal: user, policy: sparing(ACCOUNT, ROLE, sessionArn) }, "explicit resource"],
    [
      "denies whoever has a boundary",
      { boundary: allowAll, policy: sparing(ACCOUNT, ROLE, sessionArn) },
      "explicit resource",
    ],
    ["denies strangers", { principal: anonymous, policy: sparing(ACCOUNT) }, "explicit resource"],
  ];
  for (const [claim, one, outcome] of cases) {
    it(claim, () => assert.equal(outcomeOf({ identity: [allowAll], ...one }), outcome));
  }
});
