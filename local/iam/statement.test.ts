/**
 * Which calls a statement covers: actions, resources, their `Not` forms and policy variables.
 * Does not prove that an action exists or takes the kind of resource that a statement gives it.
 */
import assert from "node:assert/strict";
import { ACCOUNT, BUCKET, TARGET, documentOf, allowAll, outcomeOf, type Statement, type Case } from "./evaluation-case";

describe("a statement", () => {
  const outcomeWith = (statement: Statement, one: Case = {}): string =>
    outcomeOf({ ...one, identity: [documentOf("identity", statement), ...(one.identity ?? [])] });

  it("matches actions without case", () => {
    assert.equal(outcomeWith({ Action: "S3:getOBJECT" }), "allowed");
    assert.equal(outcomeWith({ Action: "s3:Get*" }, { action: "S3:GETobject" }), "allowed");
  });
  it("matches resources with case", () =>
    assert.equal(outcomeWith({ Resource: "arn:aws:s3:::Bucket/*" }), "implicit identity"));
  it("with NotAction allows all but the listed actions", () => {
    const allButIam = { Action: undefined, NotAction: ["iam:*", "sts:*"] };
    assert.equal(outcomeWith(allButIam), "allowed");
    assert.equal(outcomeWith(allButIam, { action: "iam:PassRole", resource: TARGET }), "implicit identity");
  });
  it("with NotResource denies all but the listed resources", () => {
    const denyElsewhere = { Effect: "Deny", Resource: undefined, NotResource: [`${BUCKET}/*`] };
    assert.equal(outcomeWith(denyElsewhere, { identity: [allowAll] }), "allowed");
    assert.equal(outcomeWith(denyElsewhere, { identity: [allowAll], resource: `${BUCKET}2/key` }), "explicit identity");
  });
  it("fills variables from the caller's tags and the request", () => {
    const own = {
      Resource: `${BUCKET}/\${aws:PrincipalTag/team}/*`,
      Condition: { StringEquals: { "s3:prefix": "${aws:PrincipalAccount}" } },
    };
    const call = { resource: `${BUCKET}/clicks/a`, context: { "S3:Prefix": ACCOUNT } };
    assert.equal(outcomeWith(own, call), "allowed");
    assert.equal(outcomeWith(own, { ...call, resource: `${BUCKET}/orders/a` }), "implicit identity");
    assert.equal(outcomeWith(own, { ...call, context: {} }), "implicit identity");
  });
  it("with a variable that has no value neither allows nor denies", () => {
    assert.equal(outcomeWith({ Resource: `${BUCKET}/\${aws:username}*` }), "implicit identity");
    assert.equal(
      outcomeWith({ Effect: "Deny", Resource: `${BUCKET}/\${aws:username}*` }, { identity: [allowAll] }),
      "allowed",
    );
  });
  it("that excepts a variable without value opens nothing and closes all", () => {
    const except = { Resource: undefined, NotResource: `${BUCKET}/\${aws:username}` };
    assert.equal(outcomeWith(except), "implicit identity");
    assert.equal(outcomeWith({ ...except, Effect: "Deny" }, { identity: [allowAll] }), "explicit identity");
  });
  it("holds wildcards inside their part of an ARN to allow, and lets them cross to deny", () => {
    const call = { action: "sqs:SendMessage", resource: `arn:aws:sqs:eu-west-1:${ACCOUNT}:a:b` };
    assert.equal(outcomeWith({ Resource: "arn:aws:sqs:*:*:b" }, call), "implicit identity");
    assert.equal(
      outcomeWith({ Effect: "Deny", Resource: "arn:aws:sqs:*:*:b" }, { ...call, identity: [allowAll] }),
      "explicit identity",
    );
  });
  it("about some resources says nothing about an action without resource", () => {
    const list = { action: "s3:ListAllMyBuckets", resource: "*" };
    assert.equal(outcomeWith({ Resource: "arn:aws:s3:::*" }, list), "implicit identity");
    assert.equal(outcomeWith({ Resource: "*" }, list), "allowed");
  });
});
