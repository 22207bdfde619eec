/**
 * Reading and printing policy documents. Does not prove that IAM accepts what is accepted here: lengths, the existence
 * of actions and keys, and the size of a document are not checked.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type DocumentKind, parseDocument, printDocument } from "./document";

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/*" };

describe("a policy document", () => {
  it("comes out in one form, whichever spelling went in", () => {
    const short = '{"Version":"2012-10-17","Statement":{"Sid":"A","Effect":"Deny","NotAction":"s3:*","Resource":"*"}}';
    const long = {
      Statement: [{ Effect: "Deny", Resource: ["*"], NotAction: ["s3:*"], Sid: "A", Condition: undefined }],
      Version: "2012-10-17",
    };
    const expected = {
      kind: "identity",
      version: "2012-10-17",
      statements: [
        {
          sid: "A",
          effect: "Deny",
          actions: { not: true, values: ["s3:*"] },
          resources: { not: false, values: ["*"] },
          conditions: [],
        },
      ],
    };
    assert.deepEqual(parseDocument(short, "identity"), expected);
    assert.deepEqual(parseDocument(long, "identity"), expected);
  });

  it("is frozen through and through", () => {
    const document = parseDocument({ Statement: statement }, "identity");
    assert.throws(() => Object.assign(document, { version: "2012-10-17" }), TypeError);
    assert.throws(() => (document.statements as unknown[]).push("another"), TypeError);
    assert.ok(document.statements.every((one) => Object.isFrozen(one) && Object.isFrozen(one.actions.values)));
  });

  it("without a Version is of the older language, which knows no variables", () => {
    const Statement = { ...statement, Resource: "arn:aws:s3:::${username}" };
    assert.equal(parseDocument({ Statement }, "identity").version, "2008-10-17");
    assert.throws(() => parseDocument({ Version: "2012-10-17", Statement }, "identity"), /allowed variables like/);
  });

  it("takes an empty Sid for none, as generators write it on every statement", () => {
    const { statements } = parseDocument(
      {
        Statement: [
          { ...statement, Sid: "" },
          { ...statement, Sid: "" },
        ],
      },
      "identity",
    );
    assert.ok(statements.every((one) => !("sid" in one)));
  });

  it("reads every kind of principal", () => {
    const principal = {
      AWS: ["123456789012", "arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:role/path/writer", "*"],
      Service: "lambda.amazonaws.com",
      Federated: ["accounts.google.com", "arn:aws:iam::123456789012:saml-provider/idp"],
    };
    const { statements } = parseDocument({ Statement: { ...statement, Principal: principal } }, "resource");
    assert.deepEqual(statements[0]?.principals, {
      not: false,
      values: [
        { type: "account", account: "123456789012" },
        { type: "account", account: "123456789012" },
        { type: "arn", arn: "arn:aws:iam::123456789012:role/path/writer" },
        { type: "every-aws" },
        { type: "service", service: "lambda.amazonaws.com" },
        { type: "federated", provider: "accounts.google.com" },
        { type: "federated", provider: "arn:aws:iam::123456789012:saml-provider/idp" },
      ],
    });
  });

  const accepted: readonly [name: string, input: unknown, kind: DocumentKind][] = [
    ["a short resource that ends in *", { Statement: { ...statement, Resource: "arn:aws:logs:*" } }, "identity"],
    ["every action of every service", { Statement: { ...statement, Action: "*:*" } }, "identity"],
    [
      "a resource policy without Resource",
      { Id: "any text", Statement: { Effect: "Allow", Principal: "*", Action: "sns:Publish" } },
      "resource",
    ],
    [
      "a liberal Sid in a resource policy",
      { Statement: { ...statement, Principal: "*", Sid: "AllowInvoke-from_sns 1" } },
      "resource",
    ],
    [
      "a trust policy",
      { Statement: { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" } },
      "trust",
    ],
    [
      "condition values that are numbers and booleans",
      {
        Statement: {
          ...statement,
          Condition: { Bool: { "aws:SecureTransport": true }, NumericLessThan: { "s3:max-keys": [10, "20"] } },
        },
      },
      "identity",
    ],
  ];
  for (const [name, input, kind] of accepted) {
    it(`may be ${name}`, () => assert.doesNotThrow(() => parseDocument(input, kind)));
  }
});

describe("printing a document", () => {
  const oneOrMore = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
    fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));
  const arn = fc.constantFrom("*", "arn:aws:s3:::b/*", "arn:aws:logs:*", "arn:aws:s3:::b/${aws:username}");
  const names = fc.record(
    {
      AWS: oneOrMore(
        fc.constantFrom("*", "123456789012", "arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:role/r"),
      ),
      Service: oneOrMore(fc.constantFrom("sns.amazonaws.com", "lambda.amazonaws.com")),
      Federated: oneOrMore(fc.constant("accounts.google.com")),
    },
    { requiredKeys: ["Service"] },
  );
  const condition = fc.dictionary(
    fc.constantFrom("StringEquals", "ForAnyValue:StringLike", "StringNotEqualsIfExists"),
    fc.dictionary(
      fc.constantFrom("aws:a", "aws:b"),
      oneOrMore(
        fc.oneof(
          fc.string().filter((text) => !text.includes("$")),
          fc.integer(),
          fc.boolean(),
        ),
      ),
      { minKeys: 1 },
    ),
    { minKeys: 1 },
  );
  const either = (name: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<object> =>
    fc.tuple(fc.constantFrom("", "Not"), values).map(([not, value]) => ({ [`${not}${name}`]: value }));
  const statements = fc
    .tuple(
      fc.constantFrom("Allow", "Deny"),
      either("Action", oneOrMore(fc.constantFrom("*", "s3:Get*", "kinesis:PutRecord"))),
      either("Resource", oneOrMore(arn)),
      fc.option(condition, { nil: undefined }),
      fc.oneof(fc.constant("*"), names),
    )
    .map(([Effect, action, resource, Condition, Principal]) => ({
      Effect,
      ...action,
      ...resource,
      Condition,
      Principal,
    }));

  it("yields what reads back as the same document", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("2012-10-17", undefined),
        oneOrMore(statements),
        fc.constantFrom("an id", undefined),
        (Version, Statement, Id) => {
          const document = parseDocument({ Version, Id, Statement }, "resource");
          assert.deepEqual(parseDocument(printDocument(document), "resource"), document);
          assert.deepEqual(parseDocument(JSON.stringify(printDocument(document), undefined, 2), "resource"), document);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
