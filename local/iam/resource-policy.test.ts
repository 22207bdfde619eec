/**
 * Decisions that rest on the resource's own policy: key policies, role trust policies, and callers who have no other
 * (services, strangers, federated identities), in the cases that AWS documents.
 * Does not prove agreement with AWS itself, only with what its guides say.
 */
import assert from "node:assert/strict";
import {
  ACCOUNT,
  ROLE,
  OTHER_ROLE,
  BUCKET,
  KEY,
  TOPIC,
  TARGET,
  stranger,
  owner,
  sns,
  allowAll,
  resourcePolicy,
  trustPolicy,
  outcomeOf,
  aws,
  type Case,
} from "./evaluation-case";
import { anonymous, federated, service } from "./principal";

describe("a key policy", () => {
  const call = { action: "kms:Decrypt", resource: KEY };
  const cases: readonly [claim: string, one: Case, outcome: string][] = [
    ["must allow: an identity policy alone is not enough", { ...call, identity: [allowAll] }, "implicit resource"],
    [
      "that names the account delegates",
      { ...call, identity: [allowAll], policy: resourcePolicy(aws(ACCOUNT)) },
      "allowed",
    ],
    [
      "that names the account still needs an identity policy",
      { ...call, policy: resourcePolicy(aws(ACCOUNT)) },
      "implicit identity",
    ],
    ["that names the role is enough", { ...call, policy: resourcePolicy(aws(ROLE)) }, "allowed"],
    ["must allow the operator too", { ...call, principal: owner }, "implicit resource"],
    [
      "that delegates lets the operator in",
      { ...call, principal: owner, policy: resourcePolicy(aws(ACCOUNT)) },
      "allowed",
    ],
    [
      "has no say in calls that touch no key",
      { action: "kms:ListKeys", resource: "*", identity: [allowAll] },
      "allowed",
    ],
  ];
  for (const [claim, one, outcome] of cases) it(claim, () => assert.equal(outcomeOf(one), outcome));
});

describe("a trust policy", () => {
  const call = { action: "sts:AssumeRole", resource: TARGET };
  const cases: readonly [claim: string, one: Case, outcome: string][] = [
    ["must allow: an identity policy alone is not enough", { ...call, identity: [allowAll] }, "implicit trust"],
    ["that names the role is enough", { ...call, policy: trustPolicy(aws(ROLE)) }, "allowed"],
    ["that names the account delegates", { ...call, policy: trustPolicy(aws(ACCOUNT)) }, "implicit identity"],
    [
      "that delegates is met by an identity policy",
      { ...call, identity: [allowAll], policy: trustPolicy(aws(ACCOUNT)) },
      "allowed",
    ],
    [
      "lets the service in that it names",
      { ...call, principal: sns, policy: trustPolicy({ Principal: { Service: "sns.amazonaws.com" } }) },
      "allowed",
    ],
    [
      "keeps other services out",
      { ...call, principal: sns, policy: trustPolicy({ Principal: { Service: "lambda.amazonaws.com" } }) },
      "implicit trust",
    ],
    [
      "keeps services out that only AWS principals are let in",
      { ...call, principal: sns, policy: trustPolicy(aws("*")) },
      "implicit trust",
    ],
    [
      "that lets nobody but a service in keeps the operator out",
      { ...call, principal: owner, policy: trustPolicy({ Principal: { Service: "lambda.amazonaws.com" } }) },
      "implicit trust",
    ],
    [
      "may deny",
      { ...call, identity: [allowAll], policy: trustPolicy(aws(ROLE), { Effect: "Deny", ...aws(ROLE) }) },
      "explicit trust",
    ],
    [
      "never lets in somebody without credentials",
      { ...call, principal: anonymous, policy: trustPolicy({ Principal: "*" }) },
      "implicit trust",
    ],
    [
      "may ask for an external id",
      {
        ...call,
        policy: trustPolicy({ ...aws(ROLE), Condition: { StringEquals: { "sts:ExternalId": "7" } } }),
        context: { "sts:ExternalId": "7" },
      },
      "allowed",
    ],
    [
      "refuses another external id",
      {
        ...call,
        policy: trustPolicy({ ...aws(ROLE), Condition: { StringEquals: { "sts:ExternalId": "7" } } }),
        context: { "sts:ExternalId": "8" },
      },
      "implicit trust",
    ],
    [
      "lets a federated identity in",
      {
        ...call,
        action: "sts:AssumeRoleWithWebIdentity",
        principal: federated("accounts.google.com"),
        policy: trustPolicy({
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "accounts.google.com" },
        }),
      },
      "allowed",
    ],
    [
      "needs both sides from another account",
      { ...call, principal: stranger, identity: [allowAll], policy: trustPolicy(aws(OTHER_ROLE)) },
      "allowed",
    ],
    [
      "alone does not let another account in",
      { ...call, principal: stranger, policy: trustPolicy(aws(OTHER_ROLE)) },
      "implicit identity",
    ],
  ];
  for (const [claim, one, outcome] of cases) it(claim, () => assert.equal(outcomeOf(one), outcome));
});

describe("a caller without identity policies", () => {
  const publish = { action: "sns:Publish", resource: TOPIC };
  const fromBucket = {
    Principal: { Service: "s3.amazonaws.com" },
    Condition: { ArnLike: { "aws:SourceArn": `${BUCKET}*` }, StringEquals: { "AWS:SourceAccount": ACCOUNT } },
  };
  const context = { "aws:sourcearn": BUCKET, "aws:SourceAccount": ACCOUNT };
  const s3 = service("s3.amazonaws.com");
  const cases: readonly [claim: string, one: Case, outcome: string][] = [
    ["is denied, services included", { ...publish, principal: s3, identity: [allowAll] }, "implicit resource"],
    [
      "is let in by a resource policy that names the service",
      { ...publish, principal: s3, policy: resourcePolicy(fromBucket), context },
      "allowed",
    ],
    [
      "is kept out when it comes for another resource",
      {
        ...publish,
        principal: s3,
        policy: resourcePolicy(fromBucket),
        context: { ...context, "aws:sourcearn": "arn:aws:s3:::other" },
      },
      "implicit resource",
    ],
    [
      "is kept out when it does not say for whom",
      { ...publish, principal: s3, policy: resourcePolicy(fromBucket) },
      "implicit resource",
    ],
    [
      "is known by its regional name",
      {
        ...publish,
        principal: service("logs.amazonaws.com", "eu-west-1"),
        policy: resourcePolicy({ Principal: { Service: "logs.eu-west-1.amazonaws.com" } }),
      },
      "allowed",
    ],
    [
      "is not known by the name of another region",
      {
        ...publish,
        principal: service("logs.amazonaws.com", "eu-west-1"),
        policy: resourcePolicy({ Principal: { Service: "logs.eu-west-2.amazonaws.com" } }),
      },
      "implicit resource",
    ],
    [
      "is let in anonymously where everyone is",
      { principal: anonymous, policy: resourcePolicy({ Principal: "*" }) },
      "allowed",
    ],
    [
      "is let in anonymously where every AWS principal is",
      { principal: anonymous, policy: resourcePolicy(aws("*")) },
      "allowed",
    ],
    [
      "is kept out anonymously elsewhere",
      { principal: anonymous, policy: resourcePolicy(aws(ACCOUNT)) },
      "implicit resource",
    ],
    [
      "is stopped by a Deny to everyone",
      {
        principal: s3,
        policy: resourcePolicy({ Principal: { Service: "s3.amazonaws.com" } }, { Effect: "Deny", ...aws("*") }),
      },
      "explicit resource",
    ],
    [
      "is spared by a Deny that spares services",
      {
        principal: s3,
        policy: resourcePolicy(
          { Principal: "*" },
          { Effect: "Deny", Principal: "*", Condition: { BoolIfExists: { "aws:PrincipalIsAWSService": "false" } } },
        ),
      },
      "allowed",
    ],
  ];
  for (const [claim, one, outcome] of cases) it(claim, () => assert.equal(outcomeOf(one), outcome));
});
