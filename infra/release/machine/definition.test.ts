/**
 * The deploy machine's paths, each asserted by the calls that it makes, and the published sample's defects that concern the
 * machine. Does not prove what AWS answers, nor that its roles suffice (the local stage runs it whole).
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StackStatus } from "@aws-sdk/client-cloudformation";
import validate from "asl-validator";
import type { Creation } from "../../../functions/inspect/cloudformation/creation";
import { CHANGE_SET_ACTION as OF_THE_GUARD } from "../../../functions/inspect/inspection";
import { AFTER_CREATION, AFTER_UPDATE, BEFORE_RELEASE, statesOf } from "../stack-states";
import { CHANGE_SET_ACTION, renderMachine } from "./definition";
import { drawMachine, waysFrom } from "./drawing";
import { failure, refusal, runMachine, type Outcome, type Script } from "../../../test/scripted-aws";

const MACHINE = renderMachine({
  prepare: "prepare",
  inspect: "inspect",
  stackRole: "arn:aws:iam::000000000000:role/stacks",
  previewProject: "preview",
  applyProject: "apply",
  topic: "arn:aws:sns:eu-west-1:000000000000:operators",
});

const STACK = "arn:aws:cloudformation:eu-west-1:000000000000:stack/prod-sample/1";
const SET = "arn:aws:cloudformation:eu-west-1:000000000000:changeSet/prod-sample/1";

/** The five keys of the article, and nothing else. */
const INPUT = {
  environmentName: "prod",
  stackName: "sample",
  templatePath: "infra/template.yaml",
  revisionS3Bucket: "artifacts",
  revisionS3Key: "release/Source/abc",
};

const prepared = {
  stack: "prod-sample",
  changeSetName: "prod-sample-change-set-1",
  request: "release-1",
  templateUrl: "https://release.s3.eu-west-1.amazonaws.com/templates/1",
  parameters: [{ ParameterKey: "Days", ParameterValue: "14" }],
  tags: [],
};
const stack = (StackStatus: string): object => ({ Stacks: [{ StackStatus, StackId: STACK }] });
const creation = (changeSetCreationStatus: Creation["changeSetCreationStatus"], changeSetReason = ""): Creation => ({
  changeSetName: "prod-sample-change-set-1-1",
  ...{ changeSetCreationStatus, changeSetReason },
});
const inspection = (verdict: "safe" | "refused", summary = `${verdict}: Table`): object => ({
  changeSetAction: CHANGE_SET_ACTION[verdict],
  ...{ verdict, summary, digest: "sha256:1", subject: SET, changes: 1, findings: [], evidence: "evidence/1" },
});
const ABSENT = refusal("Stack with id prod-sample does not exist");
const AS_INSPECTED = { begun: true, matches: true, summary: "" };

/** An AWS in which everything goes well: the stack exists, and its update is safe. */
const SAFE_UPDATE: Script = {
  prepare: [prepared],
  describeStacks: [stack("CREATE_COMPLETE"), stack("UPDATE_IN_PROGRESS"), stack("UPDATE_COMPLETE")],
  createChangeSet: [{ Id: SET, StackId: STACK }],
  "inspect check-change-set": [creation("in_progress"), creation("in_progress"), creation("complete")],
  "inspect inspect-change-set": [inspection("safe")],
  "inspect confirm-change-set": [{ confirmed: true, digest: "sha256:1" }],
  executeChangeSet: [{}],
  "inspect compare-change-set": [AS_INSPECTED],
  deleteChangeSet: [{}],
  publish: [{ MessageId: "1" }],
};
const CREATION: Script = {
  ...SAFE_UPDATE,
  describeStacks: [ABSENT, stack("CREATE_IN_PROGRESS"), stack("CREATE_COMPLETE")],
  createStack: [{ StackId: STACK }],
};
const REFUSED: Script = { ...SAFE_UPDATE, "inspect inspect-change-set": [inspection("refused")] };

const run = (script: Script, input: object = INPUT): Promise<Outcome> => runMachine(MACHINE, input, script);
const apis = ({ calls }: Outcome): string[] => calls.map(({ api }) => api);

describe("The deploy machine", () => {
  it("is a valid machine of Amazon States Language", () => {
    const { isValid, errorsText } = validate(MACHINE);
    assert.ok(isValid, errorsText("\n"));
  });

  it("keeps the article's states and verdicts", () => {
    const article = [
      ...["Check Stack Existence", "Does Stack Exist?", "Create Stack", "Wait Stack Creation"],
      ...["Get Stack Creation Status", "Stack Created?", "Create Change Set", "Wait Change Set Creation"],
      ...["Get Change Set Creation Status", "Change Set Created?", "Inspect Change Set Changes"],
      ...[
        "Safe to Update Infra?",
        "Execute Change Set",
        "Delete Change Set",
        "Deployment Succeeded",
        "Deployment Failed",
      ],
    ];
    assert.deepEqual(
      article.filter((name) => !(name in MACHINE.States)),
      [],
    );
    assert.deepEqual(CHANGE_SET_ACTION, OF_THE_GUARD);
  });

  it("is drawn in docs/release.md as it is", () => {
    const file = join(__dirname, "../../../docs/release.md");
    const text = readFileSync(file, "utf8");
    const drawn = /```mermaid\n(flowchart TD\n {2}start[\s\S]*?)\n```/;
    if (process.env["UPDATE_GOLDEN"] === "1")
      writeFileSync(
        file,
        text.replace(drawn, () => `\`\`\`mermaid\n${drawMachine(MACHINE)}\n\`\`\``),
      );
    assert.equal(drawn.exec(readFileSync(file, "utf8"))?.[1], drawMachine(MACHINE), "UPDATE_GOLDEN=1 draws it anew");
  });

  it("path 1: creates a stack that is not there, and waits for it", async () => {
    const outcome = await run(CREATION);
    assert.equal(outcome.status, "SUCCEEDED");
    assert.equal(outcome.output?.["outcome"], "created");
    assert.deepEqual(apis(outcome), ["prepare", "describeStacks", "createStack", "describeStacks", "describeStacks"]);
  });

  it("path 2: updates safely, and is green only once the update is finished and compared", async () => {
    const outcome = await run(SAFE_UPDATE);
    assert.deepEqual(
      [outcome.status, outcome.output?.["outcome"], outcome.output?.["verdict"]],
      ["SUCCEEDED", "updated", "safe"],
    );
    assert.deepEqual(apis(outcome), [
      ...[
        "prepare",
        "describeStacks",
        "createChangeSet",
        "inspect check-change-set",
        "inspect check-change-set",
        "inspect check-change-set",
      ],
      ...["inspect inspect-change-set", "inspect confirm-change-set", "executeChangeSet"],
      ...["describeStacks", "describeStacks", "inspect compare-change-set"],
    ]);
  });

  it("path 3: refuses, deletes the change set, tells operators and fails", async () => {
    const outcome = await run(REFUSED);
    assert.deepEqual([outcome.status, outcome.error, outcome.cause], ["FAILED", "Refused", "refused: Table"]);
    assert.deepEqual(apis(outcome).slice(-3), ["inspect inspect-change-set", "deleteChangeSet", "publish"]);
  });

  it("exercise 1: makes a new stack beside, where that is wanted, and leaves the old one as it is", async () => {
    const outcome = await run(
      {
        ...REFUSED,
        createStack: [{ StackId: `${STACK}-green` }],
        describeStacks: [stack("UPDATE_COMPLETE"), stack("CREATE_COMPLETE")],
      },
      { ...INPUT, newStackName: "sample-green" },
    );
    assert.equal(outcome.output?.["outcome"], "created");
    assert.equal(outcome.calls.find(({ api }) => api === "createStack")?.input["StackName"], "prod-sample-green");
    assert.deepEqual([outcome.count("deleteChangeSet"), outcome.count("executeChangeSet")], [1, 0]);
  });

  it("exercise 2: waits as long as the update takes", async () => {
    const long = Array.from({ length: 300 }, () => stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
    const outcome = await run({
      ...SAFE_UPDATE,
      describeStacks: [stack("CREATE_COMPLETE"), ...long, stack("UPDATE_COMPLETE")],
    });
    assert.equal(outcome.status, "SUCCEEDED");
    assert.ok(outcome.seconds > 3000, `${outcome.seconds} s`);
  });

  it("reviews without doing anything, and deploys exactly what was reviewed", async () => {
    const review = await run(SAFE_UPDATE, { ...INPUT, mode: "review" });
    assert.deepEqual([review.output?.["outcome"], review.output?.["subject"]], ["reviewed", SET]);
    assert.deepEqual([review.count("executeChangeSet"), review.count("deleteChangeSet")], [0, 0]);
    const reviewed = { subject: SET, digest: "sha256:1", evidence: "evidence/1" };
    const deploy = await run(SAFE_UPDATE, { ...INPUT, reviewed });
    assert.deepEqual(
      [deploy.status, deploy.count("createChangeSet"), deploy.count("executeChangeSet")],
      ["SUCCEEDED", 0, 1],
    );
    const moved = await run(
      { ...SAFE_UPDATE, "inspect confirm-change-set": [{ confirmed: false }] },
      { ...INPUT, reviewed },
    );
    assert.match(moved.cause ?? "", /what was reviewed and approved is out of date: release again/);
    assert.equal(moved.count("executeChangeSet"), 0);
    assert.equal((await run(REFUSED, { ...INPUT, mode: "review" })).error, "Refused");
  });
});

describe("The deploy machine, against the published sample's defects", () => {
  it("G1: a refused change set is deleted exactly once and executed never", async () => {
    const outcome = await run(REFUSED);
    assert.deepEqual([outcome.count("deleteChangeSet"), outcome.count("executeChangeSet")], [1, 0]);
  });

  it("G4: only the one word for safe leads to execution", async () => {
    for (const changeSetAction of ["SAFE", "", "can-safely-update-existing-stack", CHANGE_SET_ACTION.refused]) {
      const outcome = await run({
        ...SAFE_UPDATE,
        "inspect inspect-change-set": [{ ...inspection("safe"), changeSetAction }],
      });
      assert.deepEqual(
        [outcome.status, outcome.count("executeChangeSet"), outcome.count("deleteChangeSet")],
        ["FAILED", 0, 1],
      );
    }
  });

  it("G5: asks for what changes inside nested stacks", async () => {
    const { calls } = await run(SAFE_UPDATE);
    assert.equal(calls.find(({ api }) => api === "createChangeSet")?.input["IncludeNestedStacks"], true);
  });

  it("G7: no changes is green and leaves no change set; a real failure is red with its reason", async () => {
    const outcome = await run({ ...SAFE_UPDATE, "inspect check-change-set": [creation("empty")] });
    assert.deepEqual(
      [outcome.output?.["outcome"], outcome.count("deleteChangeSet"), outcome.count("executeChangeSet")],
      ["unchanged", 1, 0],
    );
    const failed = await run({
      ...SAFE_UPDATE,
      "inspect check-change-set": [creation("failed", "Parameters: [Days] must have values")],
    });
    assert.deepEqual(
      [failed.error, failed.cause, failed.count("deleteChangeSet")],
      ["ChangeSetNotCreated", "Parameters: [Days] must have values", 1],
    );
  });

  it("G8: every call of the machine is made in a test", async () => {
    const made = new Set<string>();
    const hollow = {
      ...CREATION,
      listStackResources: [{ StackResourceSummaries: [] }],
      deleteStack: [{}],
      describeStacks: [stack("ROLLBACK_COMPLETE"), stack("DELETE_COMPLETE"), stack("ROLLBACK_COMPLETE")],
      "inspect explain-stack": [{ summary: "Table failed" }],
    };
    const preview = {
      "startBuild.sync": [{}],
      "inspect inspect-preview": [inspection("safe")],
      "inspect compare-update": [AS_INSPECTED],
      publish: [{}],
    };
    const runs = [run(SAFE_UPDATE), run(REFUSED), run(hollow), run(preview, { ...INPUT, engine: "pulumi" })];
    for (const outcome of await Promise.all(runs)) for (const api of apis(outcome)) made.add(api);
    const written = new Set(
      Object.values(MACHINE.States).flatMap((state) => {
        if (state.Type !== "Task") return [];
        const payload = state.Arguments["Payload"] as Record<string, unknown> | undefined;
        const name = payload === undefined ? state.Resource.split(":").at(-1) : state.Arguments["FunctionName"];
        return [payload?.["task"] === undefined ? String(name) : `${String(name)} ${String(payload["task"])}`];
      }),
    );
    assert.deepEqual([...made].sort(), [...written].sort());
  });

  it("G9: a stack that was found finished counts only with an event of this request", async () => {
    const notBegun = { begun: false, matches: true, summary: "" };
    const script = {
      ...SAFE_UPDATE,
      describeStacks: [stack("UPDATE_COMPLETE")],
      "inspect compare-change-set": [notBegun, notBegun, AS_INSPECTED],
    };
    const outcome = await run(script);
    assert.deepEqual([outcome.status, outcome.count("inspect compare-change-set")], ["SUCCEEDED", 3]);
  });

  it("G10: absent is only what CloudFormation says does not exist; every state of a stack is known", async () => {
    assert.deepEqual(Object.keys(BEFORE_RELEASE).sort(), Object.values(StackStatus).sort());
    const throttled = await run({
      ...SAFE_UPDATE,
      describeStacks: [
        refusal("Rate exceeded"),
        refusal("Rate exceeded"),
        stack("CREATE_COMPLETE"),
        stack("UPDATE_COMPLETE"),
      ],
    });
    assert.deepEqual([throttled.output?.["outcome"], throttled.count("createStack")], ["updated", 0]);
    const denied = await run({
      ...CREATION,
      describeStacks: [refusal("not authorized to perform: cloudformation:DescribeStacks")],
    });
    assert.deepEqual([denied.error, denied.count("createStack")], ["StackNotChecked", 0]);
    for (const state of statesOf("broken")) {
      const outcome = await run({ ...SAFE_UPDATE, describeStacks: [stack(state)] });
      assert.match(outcome.cause ?? "", new RegExp(`is in the state ${state}: bring it`));
    }
    for (const state of statesOf("pending")) {
      const outcome = await run({ ...SAFE_UPDATE, describeStacks: [stack(state), stack("UPDATE_COMPLETE")] });
      assert.equal(outcome.status, "SUCCEEDED", state);
    }
  });

  it("G10: a stack that was never created is deleted if it is empty, and left alone if it is not", async () => {
    const remains = (ResourceStatus: string): object => ({
      StackResourceSummaries: [{ LogicalResourceId: "Table", ResourceStatus }],
    });
    for (const state of statesOf("hollow")) {
      const script = {
        ...CREATION,
        describeStacks: [stack(state), stack("DELETE_IN_PROGRESS"), stack("DELETE_COMPLETE"), stack("CREATE_COMPLETE")],
        deleteStack: [{}],
      };
      const empty = await run({ ...script, listStackResources: [remains("DELETE_COMPLETE")] });
      assert.deepEqual([empty.output?.["outcome"], empty.count("deleteStack")], ["created", 1], state);
      const held = await run({ ...script, listStackResources: [remains("CREATE_COMPLETE")] });
      assert.deepEqual([held.error, held.count("deleteStack")], ["StackNotReady", 0], state);
      assert.match(held.cause ?? "", /still holds Table/);
      const more = await run({ ...script, listStackResources: [{ ...remains("DELETE_COMPLETE"), NextToken: "2" }] });
      assert.deepEqual([more.error, more.count("deleteStack")], ["StackNotReady", 0], state);
      assert.match(more.cause ?? "", /still holds what a further page lists/);
    }
  });

  it("G11: every task has a time limit, is tried again and leads somewhere; every wait is bounded", async () => {
    for (const [name, state] of Object.entries(MACHINE.States)) {
      if (state.Type !== "Task") continue;
      assert.ok(state.TimeoutSeconds > 0 && state.Retry.length > 0 && state.Catch.length > 0, name);
      assert.ok(
        state.Catch.some(({ ErrorEquals }) => ErrorEquals.includes("States.ALL")),
        name,
      );
    }
    const stuck: Record<string, Script> = {
      StackNotReady: { ...SAFE_UPDATE, describeStacks: [stack("UPDATE_IN_PROGRESS")] },
      StackFailed: {
        ...CREATION,
        describeStacks: [ABSENT, stack("CREATE_IN_PROGRESS")],
        "inspect explain-stack": [{ summary: "" }],
      },
      ChangeSetNotCreated: { ...SAFE_UPDATE, "inspect check-change-set": [creation("in_progress")] },
      NotAsInspected: {
        ...SAFE_UPDATE,
        describeStacks: [stack("CREATE_COMPLETE"), stack("UPDATE_IN_PROGRESS")],
        "inspect compare-change-set": [{ begun: true, matches: true, summary: "" }],
      },
    };
    for (const [error, script] of Object.entries(stuck)) assert.equal((await run(script)).error, error);
    assert.ok(MACHINE.TimeoutSeconds > 0);
  });

  it("G11: whatever is throttled is tried again, and what stays throttled ends red without a change set left", async () => {
    const busy = failure("CloudFormation.CloudFormationException", "Rate exceeded");
    const eased = Object.fromEntries(
      Object.entries(SAFE_UPDATE).map(([api, answers]) => [
        api,
        api.includes("nspect") || api === "prepare" || api === "describeStacks" ? answers : [busy, busy, ...answers],
      ]),
    );
    assert.equal((await run(eased)).output?.["outcome"], "updated");
    const never = await run({
      ...SAFE_UPDATE,
      "inspect confirm-change-set": [failure("Lambda.TooManyRequestsException", "Rate exceeded")],
    });
    assert.deepEqual(
      [never.error, never.count("deleteChangeSet"), never.count("executeChangeSet")],
      ["NotConfirmed", 1, 0],
    );
  });

  it("G12: what is executed is what was inspected: outdated change sets are deleted and made anew, three times at most", async () => {
    const once = await run({
      ...SAFE_UPDATE,
      "inspect confirm-change-set": [{ confirmed: false }, { confirmed: true }],
    });
    assert.deepEqual(
      [
        once.output?.["outcome"],
        once.count("createChangeSet"),
        once.count("deleteChangeSet"),
        once.count("executeChangeSet"),
      ],
      ["updated", 2, 1, 1],
    );
    const names = once.calls.filter(({ api }) => api === "createChangeSet").map(({ input }) => input["ChangeSetName"]);
    assert.equal(new Set(names).size, 2);
    const always = await run({ ...SAFE_UPDATE, "inspect confirm-change-set": [{ confirmed: false }] });
    assert.deepEqual(
      [
        always.error,
        always.count("createChangeSet"),
        always.count("deleteChangeSet"),
        always.count("executeChangeSet"),
      ],
      ["Outdated", 3, 3, 0],
    );
    const overtaken = failure("CloudFormation.InvalidChangeSetStatusException", "OBSOLETE");
    const late = await run({ ...SAFE_UPDATE, executeChangeSet: [overtaken, {}] });
    assert.deepEqual([late.output?.["outcome"], late.count("deleteChangeSet")], ["updated", 1]);
  });

  it("G13: hands over the template by URL, with capabilities, parameters and the role to work as", async () => {
    const { calls } = await run(CREATION, { ...INPUT, capabilities: ["CAPABILITY_NAMED_IAM"] });
    const { input = {} } = calls.find(({ api }) => api === "createStack") ?? {};
    assert.equal(input["TemplateURL"], prepared.templateUrl);
    assert.deepEqual(input["Capabilities"], ["CAPABILITY_NAMED_IAM"]);
    assert.deepEqual(input["Parameters"], prepared.parameters);
    assert.deepEqual(input["Tags"], []);
    assert.equal(input["RoleARN"], "arn:aws:iam::000000000000:role/stacks");
  });

  it("G15: only false leads to creation, and no way leads around the deletion of a refused change set", () => {
    const exists = MACHINE.States["Does Stack Exist?"];
    assert.ok(exists?.Type === "Choice");
    assert.equal(exists.Default, "Is Stack Ready?");
    assert.ok(exists.Choices.every(({ Condition }) => Condition.includes("doesStackExist = false")));
    const safe = MACHINE.States["Safe to Update Infra?"];
    assert.ok(safe?.Type === "Choice");
    assert.equal(safe.Default, "Delete Change Set");
    const before = Object.entries(MACHINE.States).filter(([, state]) =>
      waysFrom(state).some(({ to }) => to === "Execute Change Set"),
    );
    assert.deepEqual(
      before.map(([name]) => name),
      ["Still As Inspected?"],
    );
  });

  it("G19: a failure names resources and reasons", async () => {
    const rolledBack = await run({
      ...SAFE_UPDATE,
      describeStacks: [stack("CREATE_COMPLETE"), stack("UPDATE_ROLLBACK_COMPLETE")],
      "inspect compare-change-set": [{ begun: true, matches: true, summary: "Table failed: limit exceeded" }],
    });
    assert.match(rolledBack.cause ?? "", /what it did was undone: Table failed: limit exceeded/);
    const strange = await run({
      ...SAFE_UPDATE,
      "inspect compare-change-set": [{ begun: true, matches: false, summary: "Queue was not approved" }],
    });
    assert.deepEqual([strange.error, strange.cause], ["NotAsInspected", "Queue was not approved"]);
    const created = await run({
      ...CREATION,
      describeStacks: [ABSENT, stack("ROLLBACK_COMPLETE")],
      "inspect explain-stack": [{ summary: "Topic failed: exists" }],
    });
    assert.deepEqual([created.error, created.cause], ["StackFailed", "Topic failed: exists"]);
  });

  it("tells states of creations and updates apart without a gap that would look like success", () => {
    for (const { complete } of [AFTER_CREATION, AFTER_UPDATE])
      for (const state of complete) assert.doesNotMatch(state, /FAILED|^ROLLBACK|UPDATE_ROLLBACK|IN_PROGRESS/);
  });
});

describe("The deploy machine, with Pulumi", () => {
  const pulumi = { ...INPUT, engine: "pulumi" };
  const script: Script = {
    "startBuild.sync": [{ Build: {} }],
    "inspect inspect-preview": [inspection("safe")],
    "inspect compare-update": [AS_INSPECTED],
    publish: [{}],
  };
  const builds = ({ calls }: Outcome): unknown[] =>
    calls.filter(({ api }) => api === "startBuild.sync").map(({ input }) => input["ProjectName"]);

  it("previews, inspects, applies what was inspected, and compares", async () => {
    const outcome = await run(script, pulumi);
    assert.deepEqual([outcome.output?.["outcome"], builds(outcome)], ["updated", ["preview", "apply"]]);
    const apply = outcome.calls.filter(({ api }) => api === "startBuild.sync")[1]?.input;
    assert.equal(apply?.["SourceLocationOverride"], "artifacts/release/Source/abc");
    const variables = apply?.["EnvironmentVariablesOverride"] as { Name: string; Value: string }[];
    assert.deepEqual(Object.fromEntries(variables.map(({ Name, Value }) => [Name, Value])), {
      STAGE: "prod",
      INSPECTED_DIGEST: "sha256:1",
      UPDATE_KEY: "updates/execution-1/1.ndjson",
    });
  });

  it("applies nothing that is refused, and nothing where nothing changes", async () => {
    const refused = await run({ ...script, "inspect inspect-preview": [inspection("refused")] }, pulumi);
    assert.deepEqual([refused.error, builds(refused)], ["Refused", ["preview"]]);
    const same = await run({ ...script, "inspect inspect-preview": [{ ...inspection("safe"), changes: 0 }] }, pulumi);
    assert.deepEqual([same.output?.["outcome"], builds(same)], ["unchanged", ["preview"]]);
  });

  it("inspects again when the state has moved or is locked, three times at most", async () => {
    const notBegun = { begun: false, matches: true, summary: "" };
    const once = await run({ ...script, "inspect compare-update": [notBegun, AS_INSPECTED] }, pulumi);
    assert.deepEqual([once.status, builds(once).length], ["SUCCEEDED", 4]);
    const always = await run({ ...script, "inspect compare-update": [notBegun] }, pulumi);
    assert.deepEqual([always.error, builds(always).length], ["NotAsInspected", 6]);
  });

  it("says what failed, and does not begin a half-done update again", async () => {
    const failed = failure("States.TaskFailed", "build failed");
    const outcome = await run(
      {
        ...script,
        "startBuild.sync": [{ Build: {} }, failed],
        "inspect compare-update": [{ begun: true, matches: true, summary: "Stream failed: limit" }],
      },
      pulumi,
    );
    assert.deepEqual([outcome.cause, builds(outcome).length], ["the update failed: Stream failed: limit", 2]);
  });

  it("refuses an engine that it does not know", async () => {
    assert.match(
      (await run(script, { ...INPUT, engine: "terraform" })).cause ?? "",
      /cloudformation or pulumi, got terraform/,
    );
  });
});
