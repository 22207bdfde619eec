/**
 * Thirty ways in which a change destroys something without looking like it, each with the verdict on it.
 * Does not prove that the engines write exactly these records; each is as their documentation and sources have it.
 */
import assert from "node:assert/strict";
import { changeSetPage } from "./corpus/corpus";
import {
  added,
  DELETE_FIRST,
  detail,
  findingsOf,
  inspectPreview,
  inspectSet,
  modified,
  reasonOf,
  removed,
  replacement,
  state,
  step,
  UNKNOWN_VALUE,
  urnOf,
} from "./corpus/factories";
import { compareExecuted } from "./executed";
import { DEFAULT_POLICY } from "./guard-policy";
import { judge } from "./judge";
import { readChangeSet } from "./cloudformation/read-change-set";
import { readPreview } from "./pulumi/read-preview";

const TABLE = "AWS::DynamoDB::Table";
const STREAM = "AWS::Kinesis::Stream";
const FUNCTION = "AWS::Lambda::Function";
const P_TABLE = "aws:dynamodb/table:Table";
const P_STREAM = "aws:kinesis/stream:Stream";
const P_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

describe("subtleties of destructive changes", () => {
  it("row 1: a removed resource is deleted, in both engines", () => {
    assert.deepEqual(findingsOf(inspectSet([removed("Table", TABLE)])), ["delete Table"]);
    assert.deepEqual(findingsOf(inspectPreview([step("delete", state(P_TABLE, "t"), undefined)])), ["delete t"]);
  });

  it("row 2: a certain replacement is a replacement, whatever the type", () => {
    const fields = { Replacement: "True", Details: [detail("FunctionName", { RequiresRecreation: "Always" })] };
    const change = inspectSet([modified("Fn", FUNCTION, { FunctionName: "a" }, { FunctionName: "b" }, fields)]);
    assert.deepEqual(findingsOf(change), ["replace Fn"]);
    assert.match(reasonOf(change).reason, /because FunctionName changes/);
    const steps = replacement(state(P_TABLE, "t", { hashKey: "a" }), state(P_TABLE, "t", { hashKey: "b" }), [
      "hashKey",
    ]);
    assert.deepEqual(findingsOf(inspectPreview(steps)), ["replace t"]);
  });

  describe("row 3: a replacement that only may happen", () => {
    const hangsOn = (type: string, by: string, source: string): ReturnType<typeof modified> =>
      modified(
        "It",
        type,
        {},
        {},
        {
          Replacement: "Conditional",
          Details: [
            detail(
              "Name",
              { RequiresRecreation: "Always" },
              { Evaluation: "Dynamic", ChangeSource: source, CausingEntity: by },
            ),
          ],
        },
      );
    const keyUpdated = modified("Key", "AWS::KMS::Key", { Description: "a" }, { Description: "b" });
    const keyReplaced = { ...keyUpdated, Replacement: "True" };

    it("is refused where data hangs on it, with the chain of causes", () => {
      const change = inspectSet([hangsOn(STREAM, "Key.KeyId", "ResourceAttribute"), keyUpdated]);
      assert.match(reasonOf(change).reason, /Name comes from Key \(updated in place\)/);
    });

    it("settles to nothing where it follows the name or ARN of what stays", () => {
      assert.deepEqual(findingsOf(inspectSet([hangsOn(STREAM, "Key.Arn", "ResourceAttribute"), keyUpdated])), []);
      assert.deepEqual(findingsOf(inspectSet([hangsOn(STREAM, "Key", "ResourceReference"), keyUpdated])), []);
    });

    it("does not settle where what it follows is replaced itself", () => {
      const found = findingsOf(inspectSet([hangsOn(STREAM, "Key", "ResourceReference"), keyReplaced]));
      assert.deepEqual(found, ["dependents-cascade It", "replace Key"]);
    });

    it("does not settle in a circle", () => {
      const one = { ...hangsOn(STREAM, "Two", "ResourceReference"), LogicalResourceId: "One" };
      const two = { ...hangsOn(STREAM, "One", "ResourceReference"), LogicalResourceId: "Two" };
      assert.deepEqual(findingsOf(inspectSet([one, two])), ["conditional-replace One", "conditional-replace Two"]);
    });

    it("is refused for types that nobody knows, and let pass for settings and metadata", () => {
      const by = ["Elsewhere", "ResourceReference"] as const;
      assert.deepEqual(findingsOf(inspectSet([hangsOn("Vendor::New::Thing", ...by)])), ["conditional-replace It"]);
      assert.deepEqual(findingsOf(inspectSet([hangsOn("AWS::CDK::Metadata", ...by)])), []);
      assert.deepEqual(findingsOf(inspectSet([hangsOn("AWS::Lambda::Permission", ...by)])), []);
    });

    it("is told from a certain one in previews by whether the new value is known", () => {
      const asked = (name: string): string[] =>
        findingsOf(
          inspectPreview(replacement(state(P_STREAM, "s", { name: "a" }), state(P_STREAM, "s", { name }), ["name"])),
        );
      assert.deepEqual(asked(UNKNOWN_VALUE), ["conditional-replace s"]);
      assert.deepEqual(asked("b"), ["replace s"]);
    });
  });

  it("row 4: Dynamic, words nobody knows and a missing Replacement are refused as unknown", () => {
    const update = modified("Fn", FUNCTION, { A: 1 }, { A: 2 });
    for (const fields of [
      { Action: "Dynamic" },
      { Action: "Rebuild" },
      { Replacement: undefined },
      { Replacement: "Maybe" },
    ]) {
      const kinds = judge(inspectSet([{ ...update, ...fields }])).findings.map(({ change }) => change);
      assert.deepEqual([...new Set(kinds)], ["unknown"], JSON.stringify(fields));
    }
    assert.deepEqual(findingsOf(inspectPreview([step("rebuild", state(P_TABLE, "t"), state(P_TABLE, "t"))])), [
      "unknown t",
    ]);
  });

  it("row 5: where PolicyAction, Replacement and details disagree, the most destructive counts", () => {
    const update = modified("Table", TABLE, { A: 1 }, { A: 2 });
    assert.deepEqual(findingsOf(inspectSet([{ ...update, PolicyAction: "ReplaceAndDelete" }])), ["replace Table"]);
    assert.deepEqual(findingsOf(inspectSet([{ ...update, PolicyAction: "Delete" }])), ["delete Table"]);
    const recreated = { ...update, Details: [detail("A", { RequiresRecreation: "Always" })] };
    assert.deepEqual(findingsOf(inspectSet([recreated])), ["replace Table"]);
    assert.deepEqual(findingsOf(inspectSet([{ ...added("Table", TABLE), PolicyAction: "Delete" }])), ["unknown Table"]);
  });

  it("row 6: what is retained or leaves a snapshot is an orphan, not safe", () => {
    assert.deepEqual(findingsOf(inspectSet([removed("Table", TABLE, { PolicyAction: "Retain" })])), ["orphan Table"]);
    assert.deepEqual(findingsOf(inspectSet([removed("Db", "AWS::RDS::DBInstance", { PolicyAction: "Snapshot" })])), [
      "orphan Db",
    ]);
    const replaced = modified(
      "Table",
      TABLE,
      { A: 1 },
      { A: 2 },
      { Replacement: "True", PolicyAction: "ReplaceAndRetain" },
    );
    assert.deepEqual(findingsOf(inspectSet([replaced])), ["orphan Table"]);
    const kept = state(P_TABLE, "t", {}, { retainOnDelete: true });
    assert.deepEqual(findingsOf(inspectPreview([step("delete", kept, undefined)])), ["orphan t"]);
  });

  it("row 7: a deletion policy that is weakened now counts now, not when it is used", () => {
    const policies = (before: string | undefined, after: string | undefined): string[] =>
      findingsOf(
        inspectSet([
          modified(
            "Table",
            TABLE,
            {},
            {},
            {
              Scope: ["DeletionPolicy"],
              Details: [],
              BeforeContext: JSON.stringify({ Properties: {}, DeletionPolicy: before }),
              AfterContext: JSON.stringify({ Properties: {}, DeletionPolicy: after }),
            },
          ),
        ]),
      );
    assert.deepEqual(policies("Retain", "Delete"), ["protection-dropped Table"]);
    assert.deepEqual(policies("Retain", undefined), ["protection-dropped Table"]);
    assert.deepEqual(policies("Snapshot", "Delete"), ["protection-dropped Table"]);
    assert.deepEqual(policies("Delete", "Retain"), []);
    assert.deepEqual(policies("Retain", "RetainExceptOnCreate"), []);
    const unsaid = modified(
      "Table",
      TABLE,
      {},
      {},
      { Scope: ["DeletionPolicy"], BeforeContext: null, AfterContext: null },
    );
    assert.deepEqual(findingsOf(inspectSet([unsaid])), ["unknown Table"]);
  });

  it("row 8: protect and retainOnDelete that are dropped are found, with and without another change", () => {
    for (const shield of ["protect", "retainOnDelete"]) {
      const before = state(P_TABLE, "t", {}, { [shield]: true });
      assert.deepEqual(findingsOf(inspectPreview([step("same", before, state(P_TABLE, "t"))])), [
        "protection-dropped t",
      ]);
    }
    const before = state(P_TABLE, "t", { hashKey: "a" }, { protect: true });
    const together = replacement(before, state(P_TABLE, "t", { hashKey: "b" }), ["hashKey"]);
    assert.deepEqual(findingsOf(inspectPreview(together)), ["replace t", "protection-dropped t"]);
  });

  it("row 8: a preview that hides unchanged resources is refused, because they may have dropped it", () => {
    const hidden = inspectPreview([], { changeSummary: { same: 50 } });
    assert.match(reasonOf(hidden).fix, /--show-sames/);
    assert.deepEqual(findingsOf(hidden, { ...DEFAULT_POLICY, hiddenSames: "accept" }), []);
  });

  describe("row 9: nested stacks", () => {
    const childId = "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/child/1";
    const stack = modified(
      "Orders",
      "AWS::CloudFormation::Stack",
      {},
      {},
      {
        Replacement: "Conditional",
        Details: [detail("TemplateURL")],
        BeforeContext: null,
        AfterContext: null,
        ChangeSetId: childId,
      },
    );
    const parent = changeSetPage([stack]);
    const child = changeSetPage([removed("Table", TABLE)], {
      ChangeSetId: childId,
      ParentChangeSetId: parent["ChangeSetId"],
    });

    it("are judged by what changes inside", () => {
      assert.deepEqual(findingsOf(readChangeSet([child, parent])), ["delete Table"]);
      const harmless = changeSetPage([added("Topic", "AWS::SNS::Topic")], {
        ChangeSetId: childId,
        ParentChangeSetId: parent["ChangeSetId"],
      });
      assert.deepEqual(findingsOf(readChangeSet([parent, harmless])), []);
    });

    it("are unknown without their change sets, and are deleted as a whole when removed", () => {
      assert.match(reasonOf(readChangeSet([parent])).fix, /describe-change-set --change-set-name arn:/);
      const alone = inspectSet([{ ...stack, ChangeSetId: undefined }], { IncludeNestedStacks: false });
      assert.match(reasonOf(alone).fix, /--include-nested-stacks/);
      assert.deepEqual(findingsOf(inspectSet([removed("Orders", "AWS::CloudFormation::Stack")])), ["delete Orders"]);
    });
  });

  it("row 10: every page is read, and changes that CloudFormation leaves out are asked for", () => {
    const pages = [
      changeSetPage([added("A", "AWS::SNS::Topic")], { NextToken: "2" }),
      changeSetPage([removed("Table", TABLE)]),
    ];
    assert.deepEqual(findingsOf(readChangeSet(pages)), ["delete Table"]);
    assert.throws(() => readChangeSet(pages.slice(0, 1)), /1 pages, all with NextToken/);
    const warning =
      "[WARN] --include-property-values option can return incomplete ChangeSet data because: Logical Id: X";
    const valued = changeSetPage([modified("Fn", FUNCTION, { A: 1 }, { A: 2 })], { StatusReason: warning });
    assert.match(reasonOf(readChangeSet([valued])).fix, /without property values, and give both/);
    const plain = changeSetPage([
      modified("Fn", FUNCTION, {}, {}, { Details: [detail("A")], BeforeContext: null, AfterContext: null }),
      removed("Table", TABLE),
    ]);
    assert.deepEqual(findingsOf(readChangeSet([valued, plain])), ["delete Table"]);
  });

  it("row 11: a change set that is obsolete is refused, and the digest tells one change from another", () => {
    assert.match(
      reasonOf(inspectSet([added("A", "AWS::SNS::Topic")], { ExecutionStatus: "OBSOLETE" })).reason,
      /another update/,
    );
    const one = inspectSet([added("A", "AWS::SNS::Topic")]);
    const other = inspectSet([added("A", "AWS::SNS::Topic")], {
      ChangeSetId: "arn:aws:cloudformation:eu-west-1:1:changeSet/x/2",
    });
    assert.notEqual(one.digest, other.digest);
  });

  it("row 12: a change set that failed for want of changes is safe, and any other failure is refused", () => {
    const failed = (StatusReason: string | undefined): string[] =>
      findingsOf(inspectSet([], { Status: "FAILED", ExecutionStatus: "UNAVAILABLE", StatusReason }));
    assert.deepEqual(failed("The submitted information didn't contain changes. Submit different information."), []);
    assert.deepEqual(failed("No updates are to be performed."), []);
    assert.deepEqual(failed("Requires capabilities : [CAPABILITY_IAM]"), ["unknown change set"]);
    assert.deepEqual(failed(undefined), ["unknown change set"]);
  });

  describe("row 13: reverting drift", () => {
    const head = { DeploymentMode: "REVERT_DRIFT" };

    it("makes what was deleted outside anew, without what it held", () => {
      const lost = modified("Table", TABLE, { A: 1 }, { A: 1 }, { ResourceDriftStatus: "DELETED" });
      assert.match(reasonOf(inspectSet([lost], head)).reason, /deleted outside/);
    });

    it("is held against what the resource really is", () => {
      const target = { BeforeValue: "24", AfterValue: "24", Drift: { PreviousValue: "24", ActualValue: "168" } };
      const drifted = modified(
        "Stream",
        STREAM,
        {},
        {},
        {
          Details: [detail("RetentionPeriodHours", { Path: "/Properties/RetentionPeriodHours", ...target })],
          BeforeContext: null,
          AfterContext: null,
          ResourceDriftStatus: "MODIFIED",
        },
      );
      assert.deepEqual(findingsOf(inspectSet([drifted], head)), ["lossy-update Stream"]);
    });

    it("does nothing to what only catches up, and is refused where that cannot be", () => {
      const caughtUp = modified("Fn", FUNCTION, { A: 1 }, { A: 1 }, { Action: "SyncWithActual", Details: [] });
      assert.deepEqual(findingsOf(inspectSet([caughtUp], head)), []);
      assert.deepEqual(findingsOf(inspectSet([caughtUp])), ["unknown Fn"]);
      const unclear = modified("Fn", FUNCTION, { A: 1 }, { A: 2 }, { ResourceDriftStatus: "UNKNOWN" });
      assert.deepEqual(findingsOf(inspectSet([unclear], head)), ["unknown Fn"]);
    });
  });

  it("row 14: imports and moves under an alias are not called destructive", () => {
    assert.deepEqual(findingsOf(inspectSet([{ ...removed("Table", TABLE), Action: "Import" }])), []);
    const moved = state(P_TABLE, "new", {}, { aliases: [urnOf(P_TABLE, "old")] });
    assert.deepEqual(findingsOf(inspectPreview([step("same", state(P_TABLE, "new"), moved)])), []);
    assert.deepEqual(findingsOf(inspectPreview([step("import", undefined, state(P_TABLE, "t"))])), []);
  });

  it("row 15: a rename prints the alias, or the way of import, that makes it safe", () => {
    const renamed = inspectPreview([
      step("delete", state(P_TABLE, "old", { hashKey: "id" }), undefined),
      step("create", undefined, state(P_TABLE, "new", { hashKey: "id" })),
    ]);
    assert.deepEqual(findingsOf(renamed), ["rename-without-alias old"]);
    assert.match(reasonOf(renamed).fix, /aliases: \["urn:pulumi:prod::clickstream::aws:dynamodb\/table:Table::old"\]/);
    const { fix } = reasonOf(inspectSet([removed("Old", TABLE), added("New", TABLE)]));
    assert.match(fix, /create-stack-refactor/);
    assert.match(fix, /LogicalResourceId: "New", ResourceIdentifier: "Old-1"/);
  });

  it("row 15: where a component was renamed, the alias goes on the component", () => {
    const component = (name: string): ReturnType<typeof state> =>
      state("app:store:Lake", name, {}, { custom: false, id: undefined });
    const [from, to] = [urnOf("app:store:Lake", "a"), urnOf("app:store:Lake", "b")];
    const change = inspectPreview([
      step("delete", component("a"), undefined),
      step("create", undefined, component("b")),
      step("delete", state(P_TABLE, "a-table", {}, { parent: from }), undefined),
      step("create", undefined, state(P_TABLE, "b-table", {}, { parent: to })),
    ]);
    assert.match(reasonOf(change).fix, new RegExp(`component ${to} the alias.*aliases: \\["${from}"\\]`));
  });

  it("row 16: deleting before replacing says so, and what depends on it is found", () => {
    const before = state(P_TABLE, "t", { name: "a" });
    const after = state(P_TABLE, "t", { name: "b" });
    const first = inspectPreview(replacement(before, after, ["name"], DELETE_FIRST));
    assert.match(reasonOf(first).reason, /the old one goes before the new one is there/);
    const dependent = state(P_STREAM, "s", {}, { dependencies: [urnOf(P_TABLE, "t")] });
    const both = [
      ...replacement(before, after, ["name"], DELETE_FIRST),
      ...replacement(dependent, dependent, [], DELETE_FIRST),
    ];
    assert.deepEqual(findingsOf(inspectPreview(both)), ["replace t", "dependents-cascade s"]);
  });

  it("row 17: what vanishes with another resource, without a step, is found", () => {
    const database = state("aws:glue/catalogDatabase:CatalogDatabase", "db");
    const table = (fields: object): ReturnType<typeof state> =>
      state("aws:glue/catalogTable:CatalogTable", "t", {}, { ...fields });
    for (const link of [{ deletedWith: database["urn"] }, { dependencies: [database["urn"]] }]) {
      const found = findingsOf(
        inspectPreview([step("delete", database, undefined), step("same", table(link), table(link))]),
      );
      assert.deepEqual(found, ["delete db", "dependents-cascade t"]);
    }
  });

  it("row 18: a replacement without a reason is certain, and what forces it is named", () => {
    const forced: [string, object, object][] = [
      ["tainted", { taint: true }, {}],
      ["half done", { pendingReplacement: true }, {}],
      ["trigger", { replacementTrigger: "1" }, { replacementTrigger: "2" }],
      ["along with", {}, { replaceWith: [urnOf(P_TABLE, "other")] }],
      ["does not say why", {}, {}],
    ];
    for (const [word, before, after] of forced) {
      const steps = replacement(state(P_TABLE, "t", {}, { ...before }), state(P_TABLE, "t", {}, { ...after }), []);
      assert.match(reasonOf(inspectPreview(steps)).reason, new RegExp(word));
    }
    assert.match(
      reasonOf(inspectPreview(replacement(state(P_TABLE, "t"), state(P_TABLE, "t"), ["id"]))).reason,
      /--replace/,
    );
    const leftOver = step("delete", state(P_TABLE, "t", {}, { delete: true }), undefined);
    assert.deepEqual(findingsOf(inspectPreview([leftOver])), ["delete t"]);
  });

  it("row 19: a resource that stays and loses something is a lossy update", () => {
    const update = modified("Stream", STREAM, { RetentionPeriodHours: 168 }, { RetentionPeriodHours: 24 });
    assert.match(reasonOf(inspectSet([update])).reason, /RetentionPeriodHours goes from 168 to 24: records older/);
    const before = state(P_STREAM, "s", { retentionPeriod: 168 });
    const after = state(P_STREAM, "s", { retentionPeriod: 24 });
    assert.deepEqual(findingsOf(inspectPreview([step("update", before, after)])), ["lossy-update s"]);
    const minimum = modified("Group", "AWS::AutoScaling::AutoScalingGroup", { MinSize: "2" }, { MinSize: "0" });
    assert.deepEqual(findingsOf(inspectSet([minimum])), ["lossy-update Group"]);
  });

  it("row 20: access that is widened inside an update is found", () => {
    const policy = (Action: string): object => ({
      PolicyDocument: { Version: "2012-10-17", Statement: { Effect: "Allow", Action, Resource: "*" } },
    });
    const widened = modified("Policy", "AWS::IAM::Policy", { ...policy("s3:Get*") }, { ...policy("s3:*") });
    assert.match(reasonOf(inspectSet([widened])).reason, /newly allowed: s3:\* on \*/);
    const narrowed = modified("Policy", "AWS::IAM::Policy", { ...policy("s3:*") }, { ...policy("s3:GetObject") });
    assert.deepEqual(findingsOf(inspectSet([narrowed])), []);
  });

  it("row 21: what a replacement costs is told by type, and types nobody knows count as holding data", () => {
    const may = (type: string): string[] =>
      findingsOf(inspectSet([modified("It", type, {}, {}, { Replacement: "Conditional", Details: [] })]));
    assert.deepEqual(may("AWS::S3::Bucket"), ["conditional-replace It"]);
    assert.deepEqual(may("Vendor::New::Thing"), ["conditional-replace It"]);
    assert.deepEqual(may("AWS::CloudWatch::Alarm"), []);
    const revised = modified("Task", "AWS::ECS::TaskDefinition", { A: 1 }, { A: 2 }, { Replacement: "True" });
    assert.deepEqual(findingsOf(inspectSet([revised])), []);
    const classified = { ...DEFAULT_POLICY, types: { "Vendor::New::Thing": "plain" as const } };
    const change = inspectSet([
      modified("It", "Vendor::New::Thing", {}, {}, { Replacement: "Conditional", Details: [] }),
    ]);
    assert.deepEqual(findingsOf(change, classified), []);
  });

  it("row 22: a mass deletion is found by number, and by share where the whole stack is shown", () => {
    const gone = (count: number): ReturnType<typeof step>[] =>
      Array.from({ length: count }, (_, n) => step("delete", state(P_ALARM, `gone${n}`), undefined));
    const kinds = (count: number): boolean => findingsOf(inspectPreview(gone(count))).includes("mass-change preview");
    assert.deepEqual([1, 3, 4].map(kinds), [false, false, true]);
    const removals = Array.from({ length: 11 }, (_, n) => removed(`Alarm${n}`, "AWS::CloudWatch::Alarm"));
    assert.ok(findingsOf(inspectSet(removals)).includes("mass-change change set"));
    assert.ok(!findingsOf(inspectSet(removals.slice(1))).includes("mass-change change set"));
    const strict = { ...DEFAULT_POLICY, massChange: { resources: 0, share: 1, from: 1 } };
    assert.ok(findingsOf(inspectSet(removals.slice(10)), strict).includes("mass-change change set"));
  });

  it("row 23: another provider, region or account is found", () => {
    const moved = [
      state("aws:s3/bucket:Bucket", "b", { region: "eu-west-1" }),
      state("aws:s3/bucket:Bucket", "b", { region: "us-east-1" }),
    ];
    const kinds = findingsOf(inspectPreview(replacement(moved[0] ?? {}, moved[1] ?? {}, ["region"])));
    assert.deepEqual(kinds, ["replace b", "provider-or-region-change b"]);
    const provider = (name: string): object => ({ provider: `${urnOf("pulumi:providers:aws", name)}::id` });
    const swapped = step(
      "update",
      state(P_TABLE, "t", {}, { ...provider("eu") }),
      state(P_TABLE, "t", {}, { ...provider("us") }),
    );
    assert.deepEqual(findingsOf(inspectPreview([swapped])), ["provider-or-region-change t"]);
    const upgraded = step(
      "update",
      state(P_TABLE, "t", {}, { ...provider("default_7_48_0") }),
      state(P_TABLE, "t", {}, { ...provider("default_7_49_0") }),
    );
    assert.deepEqual(findingsOf(inspectPreview([upgraded])), []);
  });

  it("row 24: a secret that hides a setting which may lose something is refused", () => {
    const hidden = state(P_STREAM, "s", { retentionPeriod: "[secret]", name: "[secret]" });
    const differs = (path: string): object => ({ detailedDiff: { [path]: { kind: "update", inputDiff: true } } });
    const change = inspectPreview([step("update", hidden, hidden, { ...differs("retentionPeriod") })]);
    assert.match(reasonOf(change).reason, /a secret that the input blanks out/);
    assert.deepEqual(findingsOf(inspectPreview([step("update", hidden, hidden, { ...differs("tags") })])), []);
  });

  it("row 25: a preview that shows that it was narrowed by targets is refused", () => {
    const skipped = inspectPreview([step("same", undefined, state(P_TABLE, "t"))]);
    assert.match(reasonOf(skipped).reason, /narrowed with --target/);
    assert.ok(judge(inspectPreview([])).notes.some((note) => note.includes("--target")));
  });

  it("row 26: an old artefact applied again is judged anew, and no approval of the first time holds", () => {
    const first = inspectSet([removed("Table", TABLE)]);
    const again = inspectSet([removed("Table", TABLE)], {
      ChangeSetId: "arn:aws:cloudformation:eu-west-1:1:changeSet/rollback/9",
    });
    const artefact = {
      version: 1,
      digest: first.digest,
      findings: ["delete:Table"],
      reason: "moved",
      approver: "ana",
      expires: "2026-06-01T00:00:00Z",
    };
    const now = Date.parse("2026-05-04T00:00:00Z");
    assert.equal(judge(first, DEFAULT_POLICY, { artefact, now }).verdict, "safe");
    assert.equal(judge(again, DEFAULT_POLICY, { artefact, now }).verdict, "refused");
  });

  it("row 27: an approval is bound to the digest of what was inspected, to its findings and to a date", () => {
    const change = inspectSet([removed("Table", TABLE), removed("Other", TABLE)]);
    const artefact = {
      version: 1,
      digest: change.digest,
      findings: ["delete:Table"],
      reason: "moved",
      approver: "ana",
      expires: "2026-06-01T00:00:00Z",
    };
    const verdict = judge(change, DEFAULT_POLICY, { artefact, now: Date.parse("2026-05-04T00:00:00Z") });
    assert.equal(verdict.verdict, "refused");
    assert.deepEqual(
      verdict.findings.map(({ id }) => id),
      ["delete:Other"],
    );
    assert.deepEqual(
      verdict.approved.map(({ id }) => id),
      ["delete:Table"],
    );
  });

  it("row 28: half an input is an error, never a verdict", () => {
    assert.throws(() => readPreview('{"steps": [{"op": "create", "urn'), /no JSON/);
    assert.throws(() => readPreview(""), /got nothing/);
    assert.throws(() => readChangeSet([]), /no page/);
    assert.throws(() => readChangeSet([null]), /what DescribeChangeSet answers/);
    const uncounted = inspectPreview([], { changeSummary: null });
    assert.match(reasonOf(uncounted).reason, /did not come to its end/);
  });

  it("row 29: an output that is removed or changes its type breaks its readers", () => {
    const root = (outputs: object): ReturnType<typeof state> => ({
      urn: "urn:pulumi:prod::clickstream::pulumi:pulumi:Stack::clickstream-prod",
      type: "pulumi:pulumi:Stack",
      custom: false,
      outputs,
    });
    const change = (before: object, after: object): string[] =>
      findingsOf(inspectPreview([step("update", root(before), root(after))]));
    assert.deepEqual(change({ url: "a" }, {}), ["dependents-cascade preview"]);
    assert.deepEqual(change({ url: "a" }, { url: ["a"] }), ["dependents-cascade preview"]);
    assert.deepEqual(change({ url: "a" }, { url: "b", arn: "c" }), []);
  });

  it("row 29: a change set that changes nothing but outputs, which it does not show, is refused", () => {
    assert.match(reasonOf(inspectSet([])).reason, /what changes are outputs/);
  });

  it("row 30: after the change, whatever was done and not inspected is found", () => {
    const change = inspectSet([modified("Fn", FUNCTION, { A: 1 }, { A: 2 }), removed("Table", TABLE)]);
    assert.deepEqual(
      compareExecuted(change, [
        { id: "Fn", did: "update" },
        { id: "Table", did: "delete" },
      ]),
      [],
    );
    const strange = compareExecuted(change, [
      { id: "Fn", did: "delete" },
      { id: "Bucket", did: "delete" },
    ]);
    assert.deepEqual(strange, [
      { resource: "Fn", reason: "delete: the inspected change says update" },
      { resource: "Bucket", reason: "delete: it is not in the inspected change" },
    ]);
  });
});
