/**
 * The guard as a task, against a CloudFormation and a bucket that hold what they are given. Does not prove what the real
 * services answer, nor what the guard thinks of a change (its own tests do).
 */
import assert from "node:assert/strict";
import { changeSetPage } from "./corpus/corpus";
import { added, modified, removed } from "./corpus/factories";
import type { Creation } from "./cloudformation/creation";
import type { DescribedEvent, EventPage } from "./cloudformation/gather-events";
import { type Comparison, type Confirmation, createInspectHandler } from "./handler";
import { LONGEST_SUMMARY, type Inspection } from "./inspection";

const SET = "arn:aws:cloudformation:eu-west-1:000000000000:changeSet/one/1";
const STACK = "arn:aws:cloudformation:eu-west-1:000000000000:stack/prod-sample/1";
const TABLE = "AWS::DynamoDB::Table";

type Page = ReturnType<typeof changeSetPage>;

class Scene {
  /** Pages by change set. */
  sets: Record<string, readonly Page[]> = {};
  events: readonly (readonly Partial<DescribedEvent>[])[] = [];
  now = Date.UTC(2026, 0, 5);
  readonly objects = new Map<string, string>();
  readonly asked: string[] = [];
  readonly printed: string[] = [];

  readonly #handle = createInspectHandler({
    cloudFormation: {
      describe: async (changeSet, { withValues, token }) => {
        this.asked.push(`${changeSet} ${withValues ? "with values" : "plain"} ${token ?? "first"}`);
        const page = this.sets[changeSet]?.[Number(token ?? 0)];
        return page ?? assert.fail(`no page ${token} of ${changeSet}`);
      },
      events: async (_, token): Promise<EventPage> => {
        const page = Number(token ?? 0);
        const next = page + 1 < this.events.length ? String(page + 1) : undefined;
        return { events: (this.events[page] ?? []).map(event), next };
      },
    },
    store: {
      read: async (key) => this.objects.get(key),
      write: async (key, content) => void this.objects.set(key, content),
    },
    now: () => this.now,
    print: (line) => this.printed.push(line),
  });

  inspect = async (changes: readonly object[] = [], fields: object = {}): Promise<Inspection> => {
    if (changes.length > 0) this.sets = { [SET]: [changeSetPage(changes as never, { ChangeSetId: SET, ...fields })] };
    const task = { task: "inspect-change-set", changeSet: SET, evidence: "evidence/1", approval: "approvals/prod" };
    return (await this.#handle(task)) as Inspection;
  };

  run = async <Answer>(task: object): Promise<Answer> => (await this.#handle(task)) as Answer;

  confirm = (digest: string): Promise<Confirmation> => this.run({ task: "confirm-change-set", changeSet: SET, digest });

  compare = (): Promise<Comparison> =>
    this.run({ task: "compare-change-set", stack: STACK, request: "release-1", evidence: "evidence/1" });
}

function event(partial: Partial<DescribedEvent>): DescribedEvent {
  return {
    StackId: STACK,
    StackName: "prod-sample",
    LogicalResourceId: "prod-sample",
    PhysicalResourceId: partial.LogicalResourceId === undefined ? STACK : `physical-${partial.LogicalResourceId}`,
    ResourceStatus: "UPDATE_COMPLETE",
    ClientRequestToken: "release-1",
    Timestamp: new Date(1000),
    ...partial,
  };
}

describe("The guard as a task", () => {
  it("answers with the constants by which the machine decides", async () => {
    const safe = await new Scene().inspect([added("Topic", "AWS::SNS::Topic")]);
    assert.deepEqual(
      [safe.changeSetAction, safe.changes, safe.summary],
      ["CAN-SAFELY-UPDATE-EXISTING-STACK", 1, "safe: create Topic"],
    );
    const refused = await new Scene().inspect([removed("Table", TABLE)]);
    assert.equal(refused.changeSetAction, "RESOURCES-BEING-DELETED-OR-REPLACED");
    assert.deepEqual(refused.findings, ["delete:Table"]);
    assert.match(refused.summary, /^refused: delete Table: it is deleted/);
  });

  const creationOf = (fields: object): Promise<Creation> => {
    const scene = new Scene();
    scene.sets = { [SET]: [changeSetPage([], { ChangeSetId: SET, ...fields })] };
    return scene.run<Creation>({ task: "check-change-set", changeSet: SET });
  };
  const statusOf = async (fields: object): Promise<string> => (await creationOf(fields)).changeSetCreationStatus;

  it("G18: tells of a change set that is pending that it is in progress", async () => {
    assert.equal(await statusOf({ Status: "CREATE_PENDING" }), "in_progress");
    assert.equal(await statusOf({ Status: "CREATE_IN_PROGRESS" }), "in_progress");
    assert.equal(await statusOf({ Status: "CREATE_COMPLETE" }), "complete");
  });

  it("G7: tells one that failed for want of changes from one that failed, and says why", async () => {
    for (const StatusReason of [
      "The submitted information didn't contain changes. Submit different information to create a change set.",
      "No updates are to be performed.",
    ])
      assert.equal(await statusOf({ Status: "FAILED", StatusReason }), "empty", StatusReason);
    const StatusReason = "Parameters: [Days] must have values";
    const failed = await creationOf({ Status: "FAILED", StatusReason });
    assert.deepEqual([failed.changeSetCreationStatus, failed.changeSetReason], ["failed", StatusReason]);
    const vanishing = await creationOf({ Status: "DELETE_IN_PROGRESS" });
    assert.equal(vanishing.changeSetCreationStatus, "failed");
    assert.match(vanishing.changeSetReason, /DELETE_IN_PROGRESS, and CloudFormation does not say why/);
  });

  it("hands on nothing of what a page of changes says, for a state cannot hold it", async () => {
    const scene = new Scene();
    const many = Array.from({ length: 3000 }, (_, index) => added(`Topic${index}`, "AWS::SNS::Topic"));
    scene.sets = { [SET]: [changeSetPage(many, { ChangeSetId: SET, ChangeSetName: "one", NextToken: "1" })] };
    assert.deepEqual(await scene.run({ task: "check-change-set", changeSet: SET }), {
      changeSetName: "one",
      changeSetCreationStatus: "complete",
      changeSetReason: "",
    });
    assert.deepEqual(scene.asked, [`${SET} plain first`]);
  });

  it("G6: reads every page, and the change sets of nested stacks", async () => {
    const scene = new Scene();
    const nested = `${SET}-nested`;
    const stack = modified("Orders", "AWS::CloudFormation::Stack", {}, {}, { ChangeSetId: nested });
    scene.sets = {
      [SET]: [
        changeSetPage([added("Topic", "AWS::SNS::Topic")], { ChangeSetId: SET, NextToken: "1" }),
        changeSetPage([stack], { ChangeSetId: SET }),
      ],
      [nested]: [changeSetPage([removed("Table", TABLE)], { ChangeSetId: nested, ParentChangeSetId: SET })],
    };
    assert.deepEqual((await scene.inspect()).findings, ["delete:Orders/Table"]);
    assert.equal(scene.asked.length, 3);
  });

  it("describes a failed change set again without values, because only that tells why", async () => {
    const scene = new Scene();
    const reason = "The submitted information didn't contain changes.";
    scene.sets = {
      [SET]: [
        changeSetPage([], { ChangeSetId: SET, Status: "FAILED", ExecutionStatus: "UNAVAILABLE", StatusReason: reason }),
      ],
    };
    const { verdict, changes } = await scene.inspect();
    assert.deepEqual([verdict, changes], ["safe", 0]);
    assert.match(scene.asked.at(-1) ?? "", /plain/);
  });

  it("keeps what it saw and thought as evidence", async () => {
    const scene = new Scene();
    const { evidence, digest } = await scene.inspect([removed("Table", TABLE)]);
    const kept = JSON.parse(scene.objects.get(evidence) ?? "") as { verdict: { digest: string }; input: unknown[] };
    assert.equal(kept.verdict.digest, digest);
    assert.equal(kept.input.length, 1);
  });

  it("takes an approval of exactly this change, and says why another one is void", async () => {
    const scene = new Scene();
    const { digest, findings } = await scene.inspect([removed("Table", TABLE)]);
    const approval = {
      version: 1,
      digest,
      findings,
      reason: "moved to Orders",
      approver: "ada",
      expires: "2026-01-06T00:00:00Z",
    };
    scene.objects.set("approvals/prod", JSON.stringify(approval));
    assert.equal((await scene.inspect([removed("Table", TABLE)])).verdict, "safe");
    scene.now = Date.UTC(2026, 0, 7);
    assert.match((await scene.inspect([removed("Table", TABLE)])).summary, /the approval is void: it expired/);
    scene.objects.set("approvals/prod", "please");
    assert.equal((await scene.inspect([removed("Table", TABLE)])).verdict, "refused");
  });

  it("G12: confirms only the change set that was inspected", async () => {
    const scene = new Scene();
    const { digest } = await scene.inspect([added("Topic", "AWS::SNS::Topic")]);
    assert.equal((await scene.confirm(digest)).confirmed, true);
    scene.sets = {
      [SET]: [changeSetPage([added("Topic", "AWS::SNS::Topic")], { ChangeSetId: SET, ExecutionStatus: "OBSOLETE" })],
    };
    assert.equal((await scene.confirm(digest)).confirmed, false);
  });

  it("finds what was done and never approved, among the events of this request only", async () => {
    const scene = new Scene();
    await scene.inspect([added("Topic", "AWS::SNS::Topic")]);
    const before = { LogicalResourceId: "Old", ResourceStatus: "DELETE_COMPLETE", ClientRequestToken: "earlier" };
    scene.events = [[{}, { LogicalResourceId: "Topic", ResourceStatus: "CREATE_COMPLETE" }], [before]];
    assert.deepEqual(await scene.compare(), { begun: true, matches: true, summary: "" });
    scene.events = [[{}], [{ LogicalResourceId: "Table", ResourceStatus: "DELETE_COMPLETE" }]];
    assert.deepEqual(await scene.compare(), {
      begun: true,
      matches: false,
      summary: "Table was not approved like this: delete: it is not in the inspected change",
    });
    scene.events = [[before]];
    assert.equal((await scene.compare()).begun, false);
  });

  it("G19: names the resource that failed first, not those that were cancelled for it", async () => {
    const scene = new Scene();
    await scene.inspect([added("Topic", "AWS::SNS::Topic")]);
    scene.events = [
      [
        { ResourceStatus: "UPDATE_ROLLBACK_IN_PROGRESS" },
        {
          LogicalResourceId: "Queue",
          ResourceStatus: "CREATE_FAILED",
          ResourceStatusReason: "Resource creation cancelled",
        },
        { LogicalResourceId: "Topic", ResourceStatus: "CREATE_FAILED", ResourceStatusReason: "Topic already exists" },
      ],
    ];
    assert.equal((await scene.compare()).summary, "Topic failed: Topic already exists");
  });

  it("compares an update by Pulumi with the preview that was approved", async () => {
    const scene = new Scene();
    const urn = "urn:pulumi:dev::clickstream::aws:sns/topic:Topic::people";
    const step = { op: "create", urn, newState: { urn, type: "aws:sns/topic:Topic", custom: true, inputs: {} } };
    scene.objects.set("previews/1", JSON.stringify({ steps: [step], changeSummary: { create: 1 } }));
    const { verdict } = await scene.run<Inspection>({
      task: "inspect-preview",
      preview: "previews/1",
      evidence: "evidence/1",
    });
    assert.equal(verdict, "safe");
    const done = (op: string, of = urn): string =>
      JSON.stringify({ resOutputsEvent: { metadata: { op, urn: of, type: "aws:sns/topic:Topic" } } });
    const end = JSON.stringify({ summaryEvent: { resourceChanges: {} } });
    const compare = async (...lines: string[]): Promise<Comparison> => {
      scene.objects.set("updates/1", lines.join("\n"));
      return scene.run({ task: "compare-update", update: "updates/1", evidence: "evidence/1" });
    };
    assert.deepEqual(await compare(done("create"), end), { begun: true, matches: true, summary: "" });
    assert.equal((await compare(done("create"), done("delete", `${urn}2`), end)).matches, false);
    await assert.rejects(compare(done("transmogrify")), /the operation "transmogrify"/);
  });

  it("keeps its answer small, however much is wrong", async () => {
    const many = Array.from({ length: 3000 }, (_, index) => removed(`Table${index}`, TABLE));
    const inspection = await new Scene().inspect(many);
    assert.ok(inspection.summary.length <= LONGEST_SUMMARY);
    assert.ok(JSON.stringify(inspection).length < 10_000);
  });

  it("refuses a task that it does not know", async () => {
    await assert.rejects(new Scene().run({ task: "approve-everything" }), /no task of the guard/);
  });
});
