/** What holds a statement and what only looks like it. Does not prove that a service sends the key; its guide says so. */
import assert from "node:assert/strict";
import { allow, identity } from "../corpus/labelled";
import { readDocument } from "../read/document";
import { heldKeys, isVoid } from "./constraint";

type Tests = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function held(condition: Tests): readonly string[] {
  const { document } = identity(allow("sqs:SendMessage", "*", condition));
  const statement = readDocument(document, { kind: "identity" }).document?.statements[0];
  assert.ok(statement);
  return [...heldKeys(statement)];
}

const ACCOUNT = "111122223333";

describe("a condition", () => {
  const holding: readonly Tests[] = [
    { StringEquals: { "aws:SourceAccount": ACCOUNT } },
    { StringLike: { "AWS:SourceAccount": ["1111*", "2222*"] } },
    { "ForAnyValue:StringEquals": { "aws:SourceAccount": [ACCOUNT] } },
    { "ForAllValues:StringEquals": { "aws:SourceAccount": [ACCOUNT] }, Null: { "aws:SourceAccount": "false" } },
  ];
  for (const condition of holding) {
    it(`holds its key: ${JSON.stringify(condition)}`, () => assert.deepEqual(held(condition), ["aws:sourceaccount"]));
  }

  const idle: readonly Tests[] = [
    { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } },
    { StringNotEquals: { "aws:SourceAccount": ACCOUNT } },
    { "ForAllValues:StringEquals": { "aws:SourceAccount": [ACCOUNT] } },
    { "ForAllValues:StringEquals": { "aws:SourceAccount": [ACCOUNT] }, Null: { "aws:SourceAccount": "true" } },
    { Null: { "aws:SourceAccount": "false" } },
    { StringLike: { "aws:SourceAccount": [ACCOUNT, "*"] } },
    { StringMatches: { "aws:SourceAccount": ACCOUNT } },
    { StringEquals: { "aws:SourceAccount": [] } },
  ];
  for (const condition of idle) {
    it(`holds nothing: ${JSON.stringify(condition)}`, () => assert.deepEqual(held(condition), []));
  }

  it("with IfExists holds a key that every request carries", () => {
    assert.deepEqual(held({ ArnLikeIfExists: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } }), [
      "aws:principalarn",
    ]);
  });
});

describe("a value", () => {
  const values: readonly [key: string, value: string, everybody: boolean][] = [
    ["aws:sourceip", "192.0.2.0/24", false],
    ["aws:sourceip", "10.0.0.0/8", false],
    ["aws:sourceip", "8.0.0.0/7", true],
    ["aws:sourceip", "2001:db8::/32", false],
    ["aws:sourceip", "2000::/3", true],
    ["aws:sourcearn", "arn:aws:s3:::lake", false],
    ["aws:sourcearn", "arn:aws:s3:*:*:lake", false],
    ["aws:sourcearn", `arn:aws:sns:*:${ACCOUNT}:*`, false],
    ["aws:sourcearn", "arn:aws:s3:::*", true],
    ["aws:sourcearn", "arn:aws:events:*:*:rule/*", true],
    ["aws:principalarn", `arn:aws:iam::${ACCOUNT}:*`, false],
    ["aws:principalarn", "arn:aws:iam::*:role/admin", true],
    ["aws:principalorgid", "o-a1b2c3d4e5", false],
    ["aws:principalorgid", "o-*", true],
    ["aws:sourcevpce", "vpce-*", false],
    ["aws:sourcevpce", "*", true],
  ];
  for (const [key, value, everybody] of values) {
    it(`${value} as ${key} names ${everybody ? "everybody" : "somebody"}`, () => {
      assert.equal(isVoid(key, value), everybody);
    });
  }
});
