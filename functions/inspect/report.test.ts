/** What people read. Does not prove that they understand it. */
import assert from "node:assert/strict";
import { inspectPreview, inspectSet, modified, removed, state, step } from "./corpus/factories";
import { added } from "./corpus/factories";
import { explain } from "./explain";
import { FINDING_KINDS } from "./findings/finding";
import { DEFAULT_POLICY, readGuardPolicy } from "./guard-policy";
import { judge } from "./judge";
import { renderVerdict } from "./report";

describe("a verdict for people", () => {
  it("groups findings by resource, one line each, with what, why and fix", () => {
    const text = renderVerdict(
      judge(
        inspectSet([
          modified("Stream", "AWS::Kinesis::Stream", { ShardCount: 4, RetentionPeriodHours: 48 }, { ShardCount: 2 }),
          removed("Table", "AWS::DynamoDB::Table"),
        ]),
      ),
    );
    const lines = text.split("\n");
    assert.equal(lines[0], "refused: 3 findings in 2 resources (cloudformation)");
    assert.match(lines[1] ?? "", /^ {2}arn:aws:cloudformation:/);
    assert.match(lines[2] ?? "", /^ {2}digest sha256:[0-9a-f]{64}$/);
    assert.deepEqual(lines.filter((line) => /^\w/.test(line) && !line.startsWith("note")).slice(1), [
      "Stream  AWS::Kinesis::Stream",
      "Table  AWS::DynamoDB::Table",
    ]);
    assert.match(text, /lossy-update: ShardCount goes from 4 to 2: .*\. Fix: .*\. \[lossy-update:Stream#ShardCount\]/);
  });

  it("says safe in one line, and why where an approval made it so", () => {
    const safe = judge(inspectPreview([step("create", undefined, state("aws:sns/topic:Topic", "t"))]));
    assert.match(renderVerdict(safe), /^safe: 9 resources \(pulumi\)\n {2}clickstream\/prod\n/);
    const change = inspectSet([removed("Table", "AWS::DynamoDB::Table")]);
    const artefact = {
      version: 1,
      digest: change.digest,
      findings: ["delete:Table"],
      reason: "moved",
      approver: "ana",
      expires: "2026-06-01T00:00:00Z",
    };
    const text = renderVerdict(judge(change, DEFAULT_POLICY, { artefact, now: 0 }));
    assert.match(text, /^safe by approval: 1 resource/);
    assert.match(text, /approved by ana until 2026-06-01T00:00:00Z: moved\n/);
    assert.match(text, /approved:\n {2}delete:Table/);
    assert.match(renderVerdict(judge(change, DEFAULT_POLICY, { artefact: {}, now: 0 })), /the approval is void: /);
  });

  it("gives findings of one kind on one resource ids of their own", () => {
    const twice = step("delete", state("aws:sqs/queue:Queue", "q", {}, { delete: true }), undefined);
    const ids = judge(inspectPreview([twice, { ...twice, oldState: state("aws:sqs/queue:Queue", "q") }])).findings.map(
      ({ id }) => id,
    );
    assert.equal(new Set(ids).size, 2);
    assert.match(ids[1] ?? "", /~2$/);
  });
});

describe("an explanation", () => {
  it("is there for every kind of finding, with why and a way out", () => {
    for (const kind of FINDING_KINDS)
      assert.match(explain(kind) ?? "", new RegExp(`^${kind}\n\n.+\n\nWhy: .+\n\nFix: .+$`));
  });

  it("is there for nothing else", () => {
    assert.equal(explain("toString"), undefined);
    assert.equal(explain(""), undefined);
  });
});

describe("a policy of the guard", () => {
  it("is as the default where it says nothing", () => {
    assert.deepEqual(readGuardPolicy({}), DEFAULT_POLICY);
    const policy = readGuardPolicy({ massChange: { resources: 3 }, types: { "x:y:Z": "plain" } });
    assert.deepEqual(policy.massChange, { ...DEFAULT_POLICY.massChange, resources: 3 });
    assert.deepEqual(policy.types, { "x:y:Z": "plain" });
  });

  it("is refused where it says something else", () => {
    const wrong = [{ massChange: { share: 2 } }, { hiddenSames: "ignore" }, { types: { a: "toy" } }, { more: 1 }, null];
    for (const policy of wrong) assert.throws(() => readGuardPolicy(policy), /^ChangeInputError: policy/);
  });

  it("bounds what counts as a mass change", () => {
    const change = inspectSet([
      removed("A", "AWS::SQS::Queue"),
      removed("B", "AWS::SQS::Queue"),
      added("C", "AWS::SQS::Queue"),
    ]);
    const kinds = (resources: number): string[] =>
      judge(change, readGuardPolicy({ massChange: { resources } })).findings.map(({ change: kind }) => kind);
    assert.ok(kinds(1).includes("mass-change"));
    assert.ok(!kinds(2).includes("mass-change"));
  });
});
