/**
 * Which pages make a whole change set.
 * Does not prove that no page in the middle is missing: pages carry no number, so nobody could tell.
 */
import assert from "node:assert/strict";
import { changeSetPage, type Fields } from "../corpus/corpus";
import { added, findingsOf, modified, removed } from "../corpus/factories";
import { readChangeSet } from "./read-change-set";

const topic = (name: string): Fields => added(name, "AWS::SNS::Topic");
const refusal = (pages: readonly unknown[]): string => {
  try {
    readChangeSet(pages);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return "accepted";
};

describe("pages of a change set", () => {
  const first = changeSetPage([topic("A")], { NextToken: "2" });
  const second = changeSetPage([topic("B")], { NextToken: "3" });
  const last = changeSetPage([topic("C")]);

  it("are one change set in any order", () => {
    for (const pages of [
      [first, second, last],
      [last, first, second],
      [second, last, first],
    ]) {
      const change = readChangeSet(pages);
      assert.deepEqual(change.resources.map(({ name }) => name).sort(), ["A", "B", "C"]);
      assert.equal(change.digest, readChangeSet([first, second, last]).digest);
    }
  });

  const refused: readonly [name: string, pages: readonly unknown[], message: RegExp][] = [
    ["without the last one", [first, second], /2 pages, all with NextToken, allowed each page once/],
    ["with one page twice", [first, first, last], /the same page twice/],
    ["with two last pages", [last, changeSetPage([topic("D")])], /the same page twice, or pages of two recordings/],
    ["with a resource twice", [changeSetPage([topic("A"), topic("A")])], /A twice, allowed each resource once/],
    ["of different times", [first, { ...last, ExecutionStatus: "OBSOLETE" }], /pages whose ExecutionStatus differ/],
    [
      "of different change sets",
      [last, { ...last, ChangeSetId: "arn:aws:cloudformation:x" }],
      /change sets arn:.*allowed one root/,
    ],
    ["of a nested one alone", [{ ...last, ParentChangeSetId: "arn:aws:p" }], /nested change sets without their root/],
    [
      "of a nested one whose parent is missing",
      [last, { ...last, ChangeSetId: "arn:c", ParentChangeSetId: "arn:p" }],
      /the parent arn:p/,
    ],
    [
      "of a nested one that no parent names",
      [last, { ...last, ChangeSetId: "arn:c", ParentChangeSetId: last["ChangeSetId"] }],
      /arn:c, allowed change sets of nested stacks/,
    ],
    ["that are none", [{ steps: [] }, last], /a page without ChangeSetId/],
    ["that are text", ["page"], /page 1: got "page", allowed what DescribeChangeSet answers/],
    ["whose Changes are no list", [{ ...last, Changes: "none" }], /page 1: Changes: got "none"/],
    [
      "whose resource has no name",
      [changeSetPage([{ Action: "Add" }])],
      /page 1: Changes\.0\.ResourceChange\.LogicalResourceId: got nothing/,
    ],
    ["that are no data", [{ ChangeSetId: 1n }], /something else than JSON/],
  ];
  for (const [name, pages, message] of refused) {
    it(`are refused ${name}`, () => {
      assert.match(refusal(pages), message);
      assert.match(refusal(pages), /^ChangeInputError: /);
    });
  }

  it("may come from an SDK, with dates and metadata", () => {
    const page = { ...last, CreationTime: new Date(0), $metadata: { requestId: "1" }, NextToken: undefined };
    assert.deepEqual(findingsOf(readChangeSet([page])), []);
    assert.equal(readChangeSet([page]).digest, readChangeSet([{ ...page, $metadata: { requestId: "2" } }]).digest);
  });

  it("that carry a field nobody knows are unknown, and empty fields say nothing", () => {
    assert.deepEqual(findingsOf(readChangeSet([{ ...last, DeployAt: "midnight" }])), ["unknown change set"]);
    assert.deepEqual(findingsOf(readChangeSet([{ ...last, DeployAt: null }])), []);
  });

  it("are joined with a description without values, detail by detail, and doubted where they disagree", () => {
    const fn = (fields: Fields): Fields => modified("Fn", "AWS::Lambda::Function", { A: 1 }, { A: 2 }, fields);
    const plain = { BeforeContext: null, AfterContext: null };
    const valued = changeSetPage([fn({})]);
    assert.deepEqual(findingsOf(readChangeSet([valued, changeSetPage([fn(plain)])])), []);
    const more = changeSetPage([fn(plain), removed("Table", "AWS::DynamoDB::Table")]);
    assert.deepEqual(findingsOf(readChangeSet([valued, more])), ["delete Table"]);
    const other = changeSetPage([fn({ ...plain, Replacement: "True" })]);
    assert.ok(findingsOf(readChangeSet([valued, other])).includes("unknown Fn"));
  });
});
