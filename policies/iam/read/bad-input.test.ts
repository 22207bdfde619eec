/** Input that is no policy: one finding or more that names the place, never silence, never a crash. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { examineDocument } from "../examine-document";
import type { DocumentKind } from "../subject";
import { catalogue } from "../catalogue/catalogue";
import { Unknown } from "../leaf";

const cases: readonly [name: string, input: unknown, rule: string, place: string, message: RegExp][] = [
  ["nothing", undefined, "document-unreadable", "", /the document is nothing/],
  ["null", null, "document-unreadable", "", /the document is null/],
  ["empty text", "", "document-unreadable", "", /the document is empty/],
  ["blanks", " \n\t", "document-unreadable", "", /the document is empty/],
  ["a number", 7, "document-unreadable", "", /the document is 7/],
  ["a list", [], "document-unreadable", "", /the document is a list/],
  ["prose", "Allow everything", "document-unreadable", "", /line 1, column 1: got Allow everything/],
  [
    "a cut",
    '{"Version":"2012-10-17",\n"Statement":[{"Effect":',
    "document-unreadable",
    "Statement[0].Effect",
    /line 2, column 24: got the end/,
  ],
  ["a trailing comma", '{"Version":"2012-10-17","Statement":[],}', "document-unreadable", "", /a key in double quotes/],
  ["two documents", '{"Version":"2012-10-17"}{}', "document-unreadable", "", /the end of the document/],
  ["a raw line break in a string", '{"Version":"2012\n"}', "document-unreadable", "Version", /closed string/],
  ["an abyss", "[".repeat(100_000), "document-unreadable", "[0]".repeat(65), /at most 64 levels/],
  [
    "a repeated key",
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"a:b","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:111122223333:q"}]}',
    "duplicate-key",
    "Statement[0].Action",
    /stands twice/,
  ],
  [
    "a repeated condition operator",
    '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"},"Bool":{"aws:ViaAWSService":"false"}}}}',
    "duplicate-key",
    "Statement.Condition.Bool",
    /stands twice/,
  ],
  ["no statements", { Version: "2012-10-17" }, "element-missing", "Statement", /Statement is missing/],
  [
    "an empty list of statements",
    { Version: "2012-10-17", Statement: [] },
    "element-malformed",
    "Statement",
    /one statement or more/,
  ],
  [
    "a statement that is text",
    { Version: "2012-10-17", Statement: ["Allow"] },
    "element-malformed",
    "Statement[0]",
    /is "Allow"/,
  ],
  [
    "another version",
    { Version: "2023-01-01", Statement: { Effect: "Deny", Action: "*", Resource: "*" } },
    "element-malformed",
    "Version",
    /2023-01-01/,
  ],
  ["an unknown element", { Version: "2012-10-17", Statements: [] }, "element-unknown", "Statements", /no element here/],
];
const inStatement: readonly [name: string, change: object, rule: string, place: string][] = [
  ["no effect", { Effect: undefined }, "element-missing", "Statement[0].Effect"],
  ["an effect of another word", { Effect: "Permit" }, "element-malformed", "Statement[0].Effect"],
  ["no action", { Action: undefined }, "element-missing", "Statement[0].Action"],
  ["an action that is a number", { Action: 7 }, "element-malformed", "Statement[0].Action"],
  ["an action that is an object", { Action: [{ a: 1 }] }, "element-malformed", "Statement[0].Action[0]"],
  ["an action without a service", { Action: "SendMessage" }, "element-malformed", "Statement[0].Action"],
  ["an empty list of actions", { Action: [] }, "element-malformed", "Statement[0].Action"],
  ["both forms of an element", { NotAction: "s3:*" }, "element-malformed", "Statement[0]"],
  ["no resource", { Resource: undefined }, "element-missing", "Statement[0].Resource"],
  ["a resource that is no ARN", { Resource: "orders" }, "element-malformed", "Statement[0].Resource"],
  ["an ARN that is too short", { Resource: ["arn:aws:sqs:orders"] }, "element-malformed", "Statement[0].Resource[0]"],
  [
    "an ARN of no account",
    { Resource: "arn:aws:sqs:eu-west-1:12345:orders" },
    "element-malformed",
    "Statement[0].Resource",
  ],
  [
    "an ARN of no region",
    { Resource: "arn:aws:sqs:eu-west:111122223333:orders" },
    "element-malformed",
    "Statement[0].Resource",
  ],
  [
    "an ARN of no partition",
    { Resource: "arn:amazon:sqs:eu-west-1:111122223333:o" },
    "element-malformed",
    "Statement[0].Resource",
  ],
  ["a resource that is null", { Resource: null }, "element-malformed", "Statement[0].Resource"],
  ["a principal", { Principal: "*" }, "element-unknown", "Statement[0].Principal"],
  ["a Sid with blanks", { Sid: "my statement" }, "element-malformed", "Statement[0].Sid"],
  ["a condition that is text", { Condition: "aws:SourceIp" }, "element-malformed", "Statement[0].Condition"],
  ["an operator without keys", { Condition: { Bool: {} } }, "element-malformed", "Statement[0].Condition.Bool"],
  [
    "a key without values",
    { Condition: { Bool: { "aws:SecureTransport": [] } } },
    "element-malformed",
    "Statement[0].Condition.Bool.aws:SecureTransport",
  ],
  ["an unknown action", { Action: "sqs:SendMesage" }, "action-unknown", "Statement[0].Action"],
  ["an unknown service", { Action: ["sqss:SendMessage"] }, "action-unknown", "Statement[0].Action[0]"],
  [
    "a broken policy variable",
    { Resource: "arn:aws:sqs:eu-west-1:111122223333:${aws:username" },
    "variable-broken",
    "Statement[0].Resource",
  ],
  [
    "a policy variable nobody knows",
    { Resource: "arn:aws:sqs:eu-west-1:111122223333:${aws:nobody}" },
    "variable-broken",
    "Statement[0].Resource",
  ],
];

const whole = { Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111122223333:orders" };

describe("bad input", () => {
  for (const [name, input, rule, place, message] of cases) {
    it(`is named: ${name}`, () => {
      const found = examineDocument(input, { kind: "identity" }).find((finding) => finding.rule === rule);
      assert.equal(found?.place, place);
      assert.match(found.message, message);
    });
  }

  for (const [name, change, rule, place] of inStatement) {
    it(`is named in a statement: ${name}`, () => {
      const document = { Version: "2012-10-17", Statement: [{ ...whole, ...change }] };
      const text = JSON.stringify(document);
      for (const input of [JSON.parse(text) as unknown, text]) {
        const findings = examineDocument(input, { kind: "identity" });
        assert.ok(
          findings.some((finding) => finding.rule === rule && finding.place === place),
          JSON.stringify(findings),
        );
      }
    });
  }

  it("is measured: a document longer than AWS takes", () => {
    const long = {
      Version: "2012-10-17",
      Statement: { ...whole, Resource: Array.from({ length: 200 }, (_, n) => `${whole.Resource}-${n}`) },
    };
    const rules = (attachment: "managed" | "role-inline"): readonly string[] =>
      examineDocument(long, { kind: "identity", attachment }).map(({ rule }) => rule);
    assert.deepEqual(rules("managed"), ["document-oversized"]);
    assert.deepEqual(rules("role-inline"), JSON.stringify(long).length > 10_240 ? ["document-oversized"] : []);
  });

  it("is read on: one mistake does not hide the next", () => {
    const document = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow" }, { ...whole, Action: "*", Resource: "*" }],
    };
    const rules = examineDocument(document, { kind: "identity" }).map(({ rule }) => rule);
    assert.deepEqual(rules, ["element-missing", "element-missing", "full-access"]);
  });

  it("never crashes the engine and never passes in silence, whatever JSON it is", () => {
    const kinds = fc.constantFrom<DocumentKind>("identity", "trust", "resource");
    fc.assert(
      fc.property(fc.jsonValue(), kinds, (value, kind) => {
        const findings = examineDocument(value, { kind });
        assert.ok(findings.length > 0);
        assert.deepEqual(examineDocument(JSON.stringify(value), { kind }).map(({ rule }) => rule).length > 0, true);
      }),
      { numRuns: 500 },
    );
  });

  it("never crashes the engine where leaves are swapped for anything", () => {
    const leaf = fc.oneof(
      fc.jsonValue(),
      fc.constant(new Unknown()),
      fc.constant(new Unknown("arn:aws:s3:::a-*")),
      fc.string(),
    );
    const statement = fc.record(
      {
        Sid: leaf,
        Effect: fc.oneof(fc.constantFrom("Allow", "Deny"), leaf),
        Action: fc.oneof(fc.constantFrom("s3:GetObject", "*", "iam:*"), leaf),
        Resource: fc.oneof(fc.constantFrom("*", "arn:aws:s3:::a/*"), leaf),
        Principal: fc.oneof(fc.constantFrom("*", { AWS: "*" }), leaf),
        Condition: fc.oneof(
          fc.constant({ Bool: { "aws:SecureTransport": true } }),
          fc.dictionary(fc.string(), fc.dictionary(fc.string(), leaf)),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(statement),
        fc.constantFrom<DocumentKind>("identity", "trust", "resource"),
        (Statement, kind) => {
          for (const { rule, place, message, documentation } of examineDocument(
            { Version: "2012-10-17", Statement },
            { kind },
          )) {
            assert.ok(rule !== "" && message.includes("Fix: ") && documentation.startsWith("https://"), place);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("cannot hide in the table: every action AWS has is known", () => {
    const all = catalogue().expand("*");
    const picked = all.filter((_, index) => index % 97 === 0);
    for (const { id } of picked) {
      const document = { Version: "2012-10-17", Statement: { Effect: "Deny", Action: id, Resource: "*" } };
      assert.deepEqual(examineDocument(document, { kind: "identity" }), [], id);
    }
  });
});
