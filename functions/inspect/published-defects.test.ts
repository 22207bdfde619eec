/**
 * Defects of the published sample that this guard follows (aws-samples/aws-codepipeline-stepfunctions), as far as they are
 * defects of the inspection: each of these changes the sample calls safe, or a failure.
 * Does not prove what the deployment does with the verdict.
 */
import assert from "node:assert/strict";
import { changeSetPage } from "./corpus/corpus";
import { added, detail, findingsOf, inspectSet, modified, removed } from "./corpus/factories";
import { judge } from "./judge";
import { readChangeSet } from "./cloudformation/read-change-set";
import { renderVerdict } from "./report";

const TABLE = "AWS::DynamoDB::Table";

describe("where the published sample is wrong", () => {
  it("G2: the API says Remove, not Delete, and a removal is refused", () => {
    assert.deepEqual(findingsOf(inspectSet([removed("Table", TABLE)])), ["delete Table"]);
  });

  it("G3: a conditional replacement is not safe", () => {
    const change = modified("Table", TABLE, { A: 1 }, { A: 2 }, { Replacement: "Conditional" });
    assert.deepEqual(findingsOf(inspectSet([change])), ["conditional-replace Table"]);
  });

  it("G4: words that are not understood are refused, and PolicyAction is read", () => {
    const change = modified("Table", TABLE, { A: 1 }, { A: 2 });
    assert.deepEqual(findingsOf(inspectSet([{ ...change, Action: "Dynamic" }])), ["unknown Table"]);
    assert.deepEqual(findingsOf(inspectSet([{ ...change, Action: "SyncWithActual" }])), ["unknown Table"]);
    assert.ok(findingsOf(inspectSet([{ ...change, Action: "Vanish" }])).includes("unknown Table"));
    assert.deepEqual(findingsOf(inspectSet([{ ...change, PolicyAction: "ReplaceAndDelete" }])), ["replace Table"]);
  });

  it("G5: what changes inside a nested stack is seen, or asked for", () => {
    const stack = modified("Nested", "AWS::CloudFormation::Stack", {}, {}, { Details: [detail("TemplateURL")] });
    assert.deepEqual(findingsOf(inspectSet([stack], { IncludeNestedStacks: false })), ["unknown Nested"]);
  });

  it("G6: a destructive change on the last page is found", () => {
    const pages = [2, 3, 4].map((next) =>
      changeSetPage([added(`T${next}`, "AWS::SNS::Topic")], { NextToken: `${next}` }),
    );
    const last = changeSetPage([removed("Table", TABLE)]);
    assert.deepEqual(findingsOf(readChangeSet([...pages, last])), ["delete Table"]);
  });

  it("G7: no changes is safe although the change set says FAILED, and a real failure carries its reason", () => {
    const failed = (reason: string): ReturnType<typeof judge> =>
      judge(inspectSet([], { Status: "FAILED", ExecutionStatus: "UNAVAILABLE", StatusReason: reason }));
    assert.equal(failed("No updates are to be performed.").verdict, "safe");
    assert.match(
      failed("Parameters: [Stage] must have values").findings[0]?.reason ?? "",
      /\[Stage\] must have values/,
    );
  });

  it("G12: the verdict is bound to this change set, and an obsolete one is refused", () => {
    const verdict = judge(inspectSet([removed("Table", TABLE)], { ExecutionStatus: "OBSOLETE" }));
    assert.match(verdict.subject, /^arn:aws:cloudformation:.*:changeSet\//);
    assert.deepEqual(
      verdict.findings.map(({ change }) => change),
      ["delete", "unknown"].sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  it("G18: a change set that is only being made is refused, not an error", () => {
    for (const Status of ["CREATE_PENDING", "CREATE_IN_PROGRESS"]) {
      assert.deepEqual(findingsOf(inspectSet([], { Status, ExecutionStatus: "UNAVAILABLE" })), ["unknown change set"]);
    }
  });

  it("G19: the verdict names each resource with a reason", () => {
    const text = renderVerdict(judge(inspectSet([removed("Table", TABLE), removed("Queue", "AWS::SQS::Queue")])));
    assert.match(text, /Table {2}AWS::DynamoDB::Table\n {2}delete: it is deleted, and with it its items/);
    assert.match(text, /Queue {2}AWS::SQS::Queue\n {2}delete: /);
  });
});
