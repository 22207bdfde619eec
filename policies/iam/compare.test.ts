/** New and forbidden access. Does not prove what AWS's solver says of conditions that differ in form and not in meaning. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { forbiddenAccess, newAccess } from "./compare";
import { allow, deny, identity, type Json } from "./corpus/labelled";
import type { Finding } from "./finding";
import { readDocument } from "./read/document";
import { Permissions } from "./effective/permissions";

const summary = ({ rule, place, actions }: Finding): unknown => [rule, place, actions];
const { document: reference } = identity(
  allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::lake", "arn:aws:s3:::lake/raw/*"]),
  allow("sqs:*", "*", { StringEquals: { "aws:ResourceAccount": "111122223333" } }),
);
const fresh = (...statements: readonly Json[]): readonly unknown[] =>
  newAccess(identity(...statements).document, reference).map(summary);

describe("new access", () => {
  it("is none in the document itself, or in what it takes in", () => {
    assert.deepEqual(newAccess(reference, reference), []);
    assert.deepEqual(fresh(allow("s3:GetObject", "arn:aws:s3:::lake/raw/2026/*")), []);
    assert.deepEqual(
      fresh(
        allow("sqs:SendMessage", "arn:aws:sqs:*:*:q", { StringEquals: { "aws:ResourceAccount": ["111122223333"] } }),
      ),
      [],
    );
    assert.deepEqual(fresh(allow("s3:PutObject", "arn:aws:s3:::lake/*"), deny("s3:Put*", "*")), []);
  });

  it("is an action, a resource or a condition that the reference does not have", () => {
    const at = "Statement[0].Resource";
    assert.deepEqual(fresh(allow("s3:PutObject", "arn:aws:s3:::lake/raw/*")), [["new-access", at, ["s3:PutObject"]]]);
    assert.deepEqual(fresh(allow("s3:GetObject", "arn:aws:s3:::lake/*")), [["new-access", at, ["s3:GetObject"]]]);
    assert.deepEqual(fresh(allow("sqs:SendMessage", "arn:aws:sqs:*:*:q")), [["new-access", at, ["sqs:SendMessage"]]]);
  });

  it("is what a Deny of the reference held back, once it is gone", () => {
    const held = identity(allow("s3:GetObject", "*"), deny("s3:GetObject", "arn:aws:s3:::private/*")).document;
    const open = identity(allow("s3:GetObject", "*")).document;
    assert.deepEqual(newAccess(held, held), []);
    assert.deepEqual(newAccess(open, held).map(summary), [["new-access", "Statement[0].Resource", ["s3:GetObject"]]]);
  });

  it("is named where a document cannot be read", () => {
    assert.equal(newAccess("{", reference)[0]?.rule, "document-unreadable");
    assert.equal(newAccess(reference, "")[0]?.rule, "document-unreadable");
  });

  it("is found wherever a request is allowed that the reference refuses", () => {
    const actions = fc.uniqueArray(fc.constantFrom("s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject"), {
      minLength: 1,
      maxLength: 2,
    });
    const resources = fc.uniqueArray(fc.constantFrom("*", "arn:aws:s3:::a/*", "arn:aws:s3:::a/x", "arn:aws:s3:::b/*"), {
      minLength: 1,
      maxLength: 2,
    });
    const statement = fc.record({
      Effect: fc.constantFrom("Allow", "Allow", "Deny"),
      Action: actions,
      Resource: resources,
    });
    const documents = fc
      .array(statement, { minLength: 1, maxLength: 2 })
      .map((Statement) => ({ Version: "2012-10-17", Statement }));
    const requests = ["s3:GetObject", "s3:PutObject"].flatMap((action) =>
      ["arn:aws:s3:::a/x", "arn:aws:s3:::a/y", "arn:aws:s3:::b/x"].map((resource) => ({ action, resource })),
    );
    fc.assert(
      fc.property(documents, documents, (now, before) => {
        const [left, right] = [now, before].map((input) => {
          const read = readDocument(input, { kind: "identity" }).document;
          assert.ok(read);
          return new Permissions([{ document: read }]);
        });
        const grown = requests.some((request) => left?.decide(request) === true && right?.decide(request) !== true);
        if (grown) assert.notDeepEqual(newAccess(now, before), []);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("forbidden access", () => {
  const { document } = identity(
    allow("s3:*", "arn:aws:s3:::lake/*"),
    allow("iam:Get*", "*"),
    deny("s3:DeleteObject", "*"),
  );

  it("is found by action, resource or both", () => {
    assert.deepEqual(
      forbiddenAccess(document, [{ action: "s3:PutObject", resource: "arn:aws:s3:::lake/secret/*" }]).map(summary),
      [["forbidden-access", "Statement[0].Resource", ["s3:PutObject"]]],
    );
    assert.deepEqual(forbiddenAccess(document, [{ action: "s3:PutObject", resource: "arn:aws:s3:::other/*" }]), []);
    assert.deepEqual(forbiddenAccess(document, [{ action: "s3:DeleteObject" }]), []);
    assert.deepEqual(forbiddenAccess(document, [{ action: "iam:GetRole" }]).map(summary), [
      ["forbidden-access", "Statement[1].Resource", ["iam:GetRole"]],
    ]);
  });
});
