/**
 * Documents that are half known, as a preview sees them: judged by what is known and by what is declared, with a finding
 * for what is neither. Does not prove that a declared pattern is kept; the pack compares it with the value at the update.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { examineDocument, type Finding, Unknown } from "./index";
import { Permissions } from "./effective/permissions";
import { readDocument } from "./read/document";

const QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders";
const document = (...Statement: readonly object[]): unknown => ({ Version: "2012-10-17", Statement });
const sends = { Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE };

const examine = (...statements: readonly object[]): readonly string[] =>
  examineDocument(document(...statements), { kind: "identity" }).map(summary);
const summary = ({ rule, place, verdict }: Finding): string => `${verdict} ${rule} ${place}`;

describe("an unknown value", () => {
  it("is judged by its declared pattern", () => {
    assert.deepEqual(examine({ ...sends, Resource: new Unknown("arn:aws:sqs:*:*:orders-*") }), []);
    assert.deepEqual(examine({ ...sends, Resource: new Unknown("*") }), [
      "violated write-unscoped Statement[0].Resource",
    ]);
    assert.deepEqual(examine({ ...sends, Resource: new Unknown("arn:aws:sns:*:*:orders") }), [
      "violated resource-mismatch Statement[0].Action",
    ]);
  });

  it("without a pattern is unproven, wherever it stands", () => {
    const unknown = new Unknown();
    const places: readonly [statement: object, place: string][] = [
      [{ ...sends, Resource: unknown }, "Statement[0].Resource"],
      [{ ...sends, Resource: [QUEUE, unknown] }, "Statement[0].Resource[1]"],
      [{ ...sends, Action: [unknown] }, "Statement[0].Action[0]"],
      [
        { ...sends, Condition: { StringEquals: { "aws:SourceAccount": unknown } } },
        "Statement[0].Condition.StringEquals.aws:SourceAccount",
      ],
      [{ Effect: "Deny", NotAction: unknown, Resource: "*" }, "Statement[0].NotAction"],
    ];
    for (const [statement, place] of places) assert.deepEqual(examine(statement), [`unproven unproven ${place}`]);
  });

  it("as the whole document is unproven, of any kind", () => {
    for (const kind of ["identity", "trust", "resource"] as const) {
      assert.deepEqual(examineDocument(new Unknown("*"), { kind }).map(summary), ["unproven unproven "]);
    }
  });

  it("does not hide the star beside it", () => {
    assert.deepEqual(examine({ ...sends, Resource: [new Unknown(), "*"] }), [
      "unproven unproven Statement[0].Resource[0]",
      "violated write-unscoped Statement[0].Resource[1]",
    ]);
    assert.deepEqual(examine({ ...sends, Resource: new Unknown() }, { Effect: "Allow", Action: "*", Resource: "*" }), [
      "unproven unproven Statement[0].Resource",
      "violated full-access Statement[1].Action",
    ]);
  });

  it("as principal is unproven, and named principals beside it are judged", () => {
    const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: [new Unknown(), "*"] } };
    assert.deepEqual(examineDocument(document(trust), { kind: "trust" }).map(summary), [
      "unproven unproven Statement[0].Principal.AWS[0]",
      "violated trust-anyone Statement[0].Principal.AWS[1]",
    ]);
  });

  it("leaves the decision open exactly where it could change it", () => {
    const decide = (...statements: readonly object[]): boolean | undefined => {
      const read = readDocument(document(...statements), { kind: "identity" }).document;
      assert.ok(read);
      return new Permissions([{ document: read }]).decide({ action: "sqs:SendMessage", resource: QUEUE });
    };
    const unknown = new Unknown();
    assert.equal(decide({ ...sends, Resource: unknown }), undefined);
    assert.equal(decide({ ...sends, Resource: [unknown, QUEUE] }), true);
    assert.equal(decide({ ...sends, Action: "sqs:ReceiveMessage", Resource: unknown }), false);
    assert.equal(decide({ ...sends, Action: unknown }), undefined);
    assert.equal(decide(sends, { Effect: "Deny", Action: unknown, Resource: "*" }), undefined);
    assert.equal(decide(sends, { Effect: "Deny", NotAction: [unknown], Resource: "*" }), undefined);
    assert.equal(decide(sends, { Effect: "Deny", NotAction: [unknown, "sqs:*"], Resource: "*" }), true);
  });

  it("never makes a document look better than its declared pattern would", () => {
    const patterns = fc.constantFrom("*", QUEUE, "arn:aws:sqs:*:*:*", "arn:aws:sqs:*:*:o*", "arn:aws:sns:*:*:t");
    const actions = fc.constantFrom("sqs:SendMessage", "sqs:*", "iam:PassRole", "s3:GetObject", "sqs:ListQueues");
    fc.assert(
      fc.property(patterns, actions, (pattern, Action) => {
        const rules = (Resource: unknown): readonly string[] => examine({ ...sends, Action, Resource });
        assert.deepEqual(rules(new Unknown(pattern)), rules(pattern));
        assert.ok(rules(new Unknown()).some((found) => found.startsWith("unproven")));
      }),
    );
  });
});
