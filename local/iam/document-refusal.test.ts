/**
 * What is refused in a policy document, and how the refusal names the place.
 * Does not prove that IAM refuses the same; where its guide is silent, this reading is the stricter one.
 */
import assert from "node:assert/strict";
import { type DocumentKind, parseDocument } from "./document";
import { PolicyError } from "./refusal";

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/*" };

function refusalOf(input: unknown, kind: DocumentKind = "identity"): string {
  try {
    parseDocument(input, kind, "doc");
  } catch (error) {
    assert.ok(error instanceof PolicyError);
    return error.message;
  }
  return "accepted";
}

/** A document with one statement, `changes` made to a plain one; undefined takes an element away. */
function refusalWith(changes: Readonly<Record<string, unknown>>, kind: DocumentKind = "identity"): string {
  return refusalOf({ Version: "2012-10-17", Statement: { ...statement, ...changes } }, kind);
}

describe("a policy document is refused for", () => {
  const cases: readonly [name: string, refusal: () => string, message: string][] = [
    ["text that is no JSON", () => refusalOf("{").slice(0, 14), "doc: not JSON:"],
    ["a list", () => refusalOf([statement]), `doc: got ${JSON.stringify([statement])}, allowed an object`],
    ["no object at all", () => refusalOf(undefined), "doc: got nothing, allowed an object"],
    ["an object that is more than data", () => refusalOf(new Map()), "doc: got {}, allowed a plain object"],
    [
      "an unknown Version",
      () => refusalOf({ Version: "2012-10-18", Statement: statement }),
      'doc: Version: got "2012-10-18", allowed "2012-10-17" or "2008-10-17"',
    ],
    [
      "an unknown element",
      () => refusalOf({ Statements: [] }),
      'doc: got "Statements", allowed the elements Version, Statement',
    ],
    [
      "an Id on an identity policy",
      () => refusalOf({ Id: "x", Statement: statement }),
      'doc: got "Id", allowed the elements Version, Statement',
    ],
    ["no statement", () => refusalOf({ Statement: [] }), "doc: Statement: got [], allowed one statement or more"],
    ["a missing Statement", () => refusalOf({}), "doc: Statement[0]: got nothing, allowed an object"],
    [
      "two statements of one Sid",
      () =>
        refusalOf({
          Statement: [
            { ...statement, Sid: "A" },
            { ...statement, Sid: "A" },
          ],
        }),
      'doc: Statement: got "A", allowed each Sid once',
    ],
    [
      "a key that stands twice",
      () => refusalOf('{"Statement":[{"Effect":"Deny","Action":"*"},{"Effect":"Deny","Effect":"Allow"}]}'),
      'doc: Statement[1]: got "Effect", allowed each key once',
    ],
    [
      "a top key that stands twice",
      () => refusalOf('{"Version":"2012-10-17","Ver\\u0073ion":"x"}'),
      'doc: the document: got "Version", allowed each key once',
    ],
    [
      "an unknown element of a statement",
      () => refusalWith({ action: "s3:*" }),
      'doc: Statement[0]: got "action", allowed the elements Sid, Effect, Action, NotAction, Resource, NotResource, Condition',
    ],
    [
      "__proto__",
      () => refusalOf('{"Statement":{"__proto__":{}}}'),
      'doc: Statement[0]: got "__proto__", allowed the elements Sid, Effect, Action, NotAction, Resource, NotResource, Condition',
    ],
    [
      "an Effect of another case",
      () => refusalWith({ Effect: "allow" }),
      'doc: Statement[0].Effect: got "allow", allowed "Allow" or "Deny"',
    ],
    [
      "an Action that is a number",
      () => refusalWith({ Action: 7 }),
      "doc: Statement[0].Action: got 7, allowed a string",
    ],
    [
      "an Action in a list that is a number",
      () => refusalWith({ Action: ["s3:*", 7] }),
      "doc: Statement[0].Action[1]: got 7, allowed a string",
    ],
    [
      "an empty list of actions",
      () => refusalWith({ Action: [] }),
      "doc: Statement[0].Action: got [], allowed one value or more",
    ],
    [
      "an action without service",
      () => refusalWith({ Action: "GetObject" }),
      'doc: Statement[0].Action: got "GetObject", allowed "*" or "service:Action", wildcards in the action',
    ],
    [
      "a wildcard service",
      () => refusalWith({ Action: "s*:GetObject" }),
      'doc: Statement[0].Action: got "s*:GetObject", allowed "*" or "service:Action", wildcards in the action',
    ],
    [
      "a variable in an action",
      () => refusalWith({ Action: "s3:${aws:username}" }),
      'doc: Statement[0].Action: got "s3:${aws:username}", allowed "*" or "service:Action", wildcards in the action',
    ],
    [
      "neither Action nor NotAction",
      () => refusalWith({ Action: undefined }),
      "doc: Statement[0].Action: got nothing, allowed an Action or a NotAction",
    ],
    [
      "both Action and NotAction",
      () => refusalWith({ NotAction: "s3:*" }),
      'doc: Statement[0]: got "Action and NotAction", allowed one of the two',
    ],
    [
      "neither Resource nor NotResource",
      () => refusalWith({ Resource: undefined }),
      "doc: Statement[0].Resource: got nothing, allowed a Resource or a NotResource",
    ],
    [
      "both Resource and NotResource",
      () => refusalWith({ NotResource: "*" }),
      'doc: Statement[0]: got "Resource and NotResource", allowed one of the two',
    ],
    [
      "a Sid with a hyphen",
      () => refusalWith({ Sid: "a-b" }),
      'doc: Statement[0].Sid: got "a-b", allowed letters and digits',
    ],
    [
      "a Principal on an identity",
      () => refusalWith({ Principal: "*" }),
      'doc: Statement[0]: got "Principal", allowed the elements Sid, Effect, Action, NotAction, Resource, NotResource, Condition',
    ],
    [
      "an empty Condition",
      () => refusalWith({ Condition: {} }),
      "doc: Statement[0].Condition: got {}, allowed at least one operator; leave Condition out where there is none",
    ],
    [
      "an operator without key",
      () => refusalWith({ Condition: { StringEquals: {} } }),
      "doc: Statement[0].Condition.StringEquals: got {}, allowed at least one condition key",
    ],
    [
      "a condition key without service",
      () => refusalWith({ Condition: { StringEquals: { SourceArn: "x" } } }),
      'doc: Statement[0].Condition.StringEquals: got "SourceArn", allowed a condition key like aws:SourceArn',
    ],
    [
      "an empty list of condition values",
      () => refusalWith({ Condition: { StringEquals: { "a:b": [] } } }),
      "doc: Statement[0].Condition.StringEquals.a:b: got [], allowed one value or more",
    ],
    [
      "a condition value that is null",
      () => refusalWith({ Condition: { StringEquals: { "a:b": ["x", null] } } }),
      "doc: Statement[0].Condition.StringEquals.a:b[1]: got null, allowed a string, number or boolean",
    ],
    [
      "an unknown operator",
      () => refusalWith({ Condition: { StringContains: { "a:b": "x" } } }).slice(0, 68),
      'doc: Statement[0].Condition: got "StringContains", allowed Null, or ',
    ],
    [
      "a resource policy without Principal",
      () => refusalWith({}, "resource"),
      "doc: Statement[0].Principal: got nothing, allowed a Principal, or a NotPrincipal, not both",
    ],
    [
      "a principal that is plain text",
      () => refusalWith({ Principal: "123456789012" }, "resource"),
      'doc: Statement[0].Principal: got "123456789012", allowed "*" or an object like {"AWS": "123456789012"}',
    ],
    [
      "an empty Principal",
      () => refusalWith({ Principal: {} }, "resource"),
      "doc: Statement[0].Principal: got {}, allowed at least one name",
    ],
    [
      "an unknown kind of principal",
      () => refusalWith({ Principal: { Role: "x" } }, "resource"),
      'doc: Statement[0].Principal.Role: got "Role", allowed "AWS", "Service" or "Federated" (name a CanonicalUser by its account)',
    ],
    [
      "a wildcard inside a principal",
      () => refusalWith({ Principal: { AWS: ["arn:aws:iam::123456789012:role/*"] } }, "resource"),
      'doc: Statement[0].Principal.AWS[0]: got "arn:aws:iam::123456789012:role/*", allowed "*", an account, or the full ARN of a role, user or session (no wildcard inside)',
    ],
    [
      "a wildcard service principal",
      () => refusalWith({ Principal: { Service: "*" } }, "resource"),
      'doc: Statement[0].Principal.Service: got "*", allowed a service principal like lambda.amazonaws.com',
    ],
    [
      "NotPrincipal with Allow",
      () => refusalWith({ NotPrincipal: { AWS: "123456789012" } }, "resource"),
      'doc: Statement[0].NotPrincipal: got {"AWS":"123456789012"}, allowed NotPrincipal with Deny only: with Allow it opens the door to the world',
    ],
    [
      "NotPrincipal of everyone",
      () => refusalWith({ Effect: "Deny", NotPrincipal: "*" }, "resource"),
      'doc: Statement[0].NotPrincipal: got "*", allowed names, not everyone',
    ],
    [
      "a trust policy on a resource",
      () => refusalWith({ Principal: "*" }, "trust"),
      'doc: Statement[0]: got "Resource", allowed the elements Sid, Effect, Principal, NotPrincipal, Action, Condition',
    ],
    [
      "a trust policy on anything but sts",
      () => refusalWith({ Principal: "*", Resource: undefined }, "trust"),
      'doc: Statement[0].Action: got "s3:GetObject", allowed actions of sts, like sts:AssumeRole',
    ],
  ];
  for (const [name, refusal, message] of cases) it(name, () => assert.equal(refusal(), message));

  for (const resource of [
    "bucket",
    "",
    "**",
    "arn:aws:s3",
    "arn:aws:s3:::",
    "arn:aws:s3*:::b",
    "arn:aws::::b",
    "arn:aws:*",
    "arn:aws:s3:::b".toUpperCase(),
    "arn:aws:sqs:eu-west-1:1",
  ]) {
    it(`the resource ${JSON.stringify(resource)}`, () => {
      const expected =
        resource === "arn:aws:s3:::"
          ? "accepted"
          : `doc: Statement[0].Resource: got ${JSON.stringify(resource)}, allowed "*" or arn:partition:service:region:account:resource, with no wildcard in the service`;
      assert.equal(refusalWith({ Resource: resource }), expected);
    });
  }

  for (const resource of ["arn:aws:s3::${aws:PrincipalAccount}:b", "arn:aws:${aws:x}:::b*", "arn:aws:logs:${aws:x}*"]) {
    it(`a variable before the last part: ${resource}`, () =>
      assert.match(refusalWith({ Resource: resource }), /variables in the last part|no wildcard in the service/));
  }
});
