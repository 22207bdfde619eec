/**
 * What a deployment will do, and what the guard makes of it.
 * Does not prove that AWS replaces the same resources: the facts are the Terraform provider's, and conditions that it
 * works out in code (CustomizeDiff) are none of them.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { judge } from "../../functions/inspect/judge";
import { readPreview } from "../../functions/inspect/pulumi/read-preview";
import { platform } from "../../stacks/platform";
import { readStage } from "../../stacks/stage";
import { readStageFiles, stageNames } from "../../stacks/stage-files";
import { render } from "../../test/stage";
import type { Graph } from "../graph/graph";
import { replacementFacts } from "../services/models";
import { stateOf, type DeploymentState } from "./deployment-state";
import { planDeployment, type DeploymentPlan } from "./plan";

const NOTHING: DeploymentState = stateOf(0, "ab".repeat(32), []);

const plan = (from: DeploymentState, wanted: Graph): DeploymentPlan => planDeployment(from, wanted, replacementFacts);

/** Deploys one program after the other, and plans the last. */
async function planBetween(...programs: readonly (() => unknown)[]): Promise<DeploymentPlan> {
  let state = NOTHING;
  let last: DeploymentPlan | undefined;
  for (const program of programs) {
    last = plan(state, await render(program));
    state = last.next;
  }
  return last ?? assert.fail("no program");
}

/** `replace Stream input`, without what stays the same. */
const inShort = ({ changes }: DeploymentPlan): string[] =>
  changes.filter(({ kind }) => kind !== "same").map(({ kind, label }) => `${kind} ${label.replace(/ \(.*\)$/, "")}`);

const verdictOf = ({ preview }: DeploymentPlan): { verdict: string; findings: string[] } => {
  const { verdict, findings } = judge(readPreview(JSON.stringify(preview)));
  return { verdict, findings: findings.map(({ change, name }) => `${change} ${name}`) };
};

const stream = (name: string, args: aws.kinesis.StreamArgs = {}, options: pulumi.CustomResourceOptions = {}) =>
  new aws.kinesis.Stream(name, args, options);

describe("A deployment", () => {
  it("makes everything the first time, and changes nothing the second", async () => {
    const program = (): void => void stream("input");
    assert.deepEqual(inShort(plan(NOTHING, await render(program))), [
      "create Stack clickstream-test",
      "create Stream input",
    ]);
    const again = await planBetween(program, program);
    assert.deepEqual(inShort(again), []);
    assert.deepEqual(verdictOf(again), { verdict: "safe", findings: [] });
    assert.equal(again.next.digest, again.from.digest);
    assert.equal(again.next.serial, 2);
  });

  it("says in its digest that the state has moved", async () => {
    const one = plan(NOTHING, await render(() => stream("input", { retentionPeriod: 24 })));
    const other = plan(one.next, await render(() => stream("input", { retentionPeriod: 48 })));
    assert.notEqual(other.next.digest, other.from.digest);
    assert.deepEqual(other.from, { serial: 1, digest: one.next.digest });
  });

  const changed: readonly [
    claim: string,
    before: () => unknown,
    after: () => unknown,
    steps: string[],
    found: string[],
  ][] = [
    [
      "updates in place what may be",
      () => stream("input", { retentionPeriod: 24 }),
      () => stream("input", { retentionPeriod: 48 }),
      ["update Stream input"],
      [],
    ],
    [
      "updates in place what loses data all the same",
      () => stream("input", { retentionPeriod: 48 }),
      () => stream("input", { retentionPeriod: 24 }),
      ["update Stream input"],
      ["lossy-update input"],
    ],
    [
      "replaces what cannot be changed in place",
      () => stream("input", { name: "a" }),
      () => stream("input", { name: "b" }),
      ["replace Stream input"],
      ["replace input"],
    ],
    [
      "deletes what the program wants no more",
      () => void [stream("input"), stream("other")],
      () => stream("input"),
      ["delete Stream other"],
      ["delete other"],
    ],
    [
      "leaves behind what is retained",
      () => void [stream("input"), stream("other", {}, { retainOnDelete: true })],
      () => stream("input"),
      ["delete Stream other"],
      ["orphan other"],
    ],
    [
      "renames without a trace where an alias says so",
      () => stream("input"),
      () => stream("events", {}, { aliases: [{ name: "input" }] }),
      [],
      [],
    ],
    [
      "takes a renamed resource without alias for two",
      () => stream("input"),
      () => stream("events"),
      ["create Stream events", "delete Stream input"],
      ["rename-without-alias input"],
    ],
    [
      "does not see changes that are to be ignored",
      () => stream("input", { retentionPeriod: 24 }),
      () => stream("input", { retentionPeriod: 48 }, { ignoreChanges: ["retentionPeriod"] }),
      [],
      [],
    ],
    [
      "replaces for what the program says it must be replaced for",
      () => new aws.sns.Topic("t", { tags: { owner: "a" } }),
      () => new aws.sns.Topic("t", { tags: { owner: "b" } }, { replaceOnChanges: ["tags.*"] }),
      ["replace Topic t"],
      ["replace t"],
    ],
    [
      "sees that a protection is taken off",
      () => stream("input", {}, { retainOnDelete: true }),
      () => stream("input"),
      [],
      ["protection-dropped input"],
    ],
  ];
  for (const [claim, before, after, steps, findings] of changed) {
    it(claim, async () => {
      const planned = await planBetween(before, after);
      assert.deepEqual(inShort(planned), steps);
      assert.deepEqual(verdictOf(planned), { verdict: findings.length === 0 ? "safe" : "refused", findings });
    });
  }

  const fed = (name: string) => (): void => {
    const raw = stream("raw", { name });
    const role = new aws.iam.Role("reader", { name: "reader", assumeRolePolicy: "{}" });
    new aws.iam.RolePolicy("reader", {
      name: "reader",
      role: role.name,
      policy: pulumi.interpolate`{"on":"${raw.arn}"}`,
    });
    new aws.lambda.EventSourceMapping("feed", {
      functionName: "f",
      eventSourceArn: raw.arn,
      startingPosition: "LATEST",
    });
  };

  it("carries a replacement on to what is made of it", async () => {
    const planned = await planBetween(fed("a"), fed("b"));
    assert.deepEqual(inShort(planned), [
      "replace Stream raw",
      "replace EventSourceMapping feed",
      "update RolePolicy reader",
    ]);
    assert.deepEqual(planned.preview.changeSummary, { same: 2, replace: 2, update: 1 });
    const ops = planned.preview.steps
      .filter(({ op }) => op !== "same")
      .map(({ op, urn }) => `${op} ${urn.split("::")[3]}`);
    assert.deepEqual(ops, [
      "create-replacement raw",
      "replace raw",
      "create-replacement feed",
      "replace feed",
      "update reader",
      "delete-replaced feed",
      "delete-replaced raw",
    ]);
    assert.equal(verdictOf(planned).verdict, "refused");
  });

  it("deletes first where the program says so", async () => {
    const first = { deleteBeforeReplace: true };
    const planned = await planBetween(
      () => stream("input", { name: "a" }),
      () => stream("input", { name: "b" }, first),
    );
    const ops = planned.preview.steps.map(({ op }) => op).filter((op) => op !== "same");
    assert.deepEqual(ops, ["delete-replaced", "replace", "create-replacement"]);
    const { findings } = judge(readPreview(JSON.stringify(planned.preview)));
    assert.match(findings[0]?.reason ?? "", /the old one goes before the new one is there/);
  });

  it("refuses to delete or replace what is protected", async () => {
    const kept = (name: string) => () => stream("input", { name }, { protect: true });
    const gone = await planBetween(kept("a"), () => undefined);
    const replaced = await planBetween(kept("a"), kept("b"));
    assert.match(gone.refusals.join(), /Stream input is protected and would be deleted/);
    assert.match(replaced.refusals.join(), /Stream input \(.*\) is protected and would be replaced/);
    assert.equal(verdictOf(gone).verdict, "refused");
  });

  it("keeps the name of a renamed resource, and everything made of it", async () => {
    const program = (name: string, options: pulumi.CustomResourceOptions) => () => {
      const raw = stream(name, {}, options);
      new aws.sqs.Queue("q", { policy: pulumi.interpolate`{"Resource":"${raw.arn}"}` });
    };
    const renamed = program("events", { aliases: [{ name: "input" }] });
    const planned = await planBetween(program("input", {}), renamed, renamed);
    assert.deepEqual(inShort(planned), []);
    const { outputs } = planned.graph.only("aws:kinesis/stream:Stream");
    assert.match(String(outputs["name"]), /^input-/);
    assert.match(String(planned.graph.only("aws:sqs/queue:Queue").inputs["policy"]), /stream\/input-/);
  });

  it("follows children into a renamed component", async () => {
    class Store extends pulumi.ComponentResource {
      constructor(name: string, options: pulumi.ComponentResourceOptions = {}) {
        super("test:index:Store", name, {}, options);
        stream(`${name}-stream`, {}, { parent: this });
      }
    }
    const planned = await planBetween(
      () => new Store("old"),
      () => new Store("new", { aliases: [{ name: "old" }] }),
    );
    assert.deepEqual(inShort(planned), []);
  });

  it("keeps the old value of an ignored input", async () => {
    const planned = await planBetween(
      () => stream("input", { retentionPeriod: 24 }),
      () => stream("input", { retentionPeriod: 48 }, { ignoreChanges: ["retentionPeriod"] }),
    );
    assert.equal(planned.graph.only("aws:kinesis/stream:Stream").inputs["retentionPeriod"], 24);
  });

  it("sees that a secret changes, and never shows one", async () => {
    const subscription = (number: string) => () =>
      new aws.sns.TopicSubscription("s", {
        topic: "arn:aws:sns:eu-west-1:000000000000:t",
        protocol: "sms",
        endpoint: pulumi.secret(number),
      });
    const planned = await planBetween(subscription("+447700900123"), subscription("+447700900456"));
    assert.deepEqual(inShort(planned), ["replace TopicSubscription s"]);
    const text = JSON.stringify([planned.preview, planned.next]);
    assert.doesNotMatch(text, /7700900/);
    assert.match(JSON.stringify(planned.preview), /"endpoint":"\[secret\]"/);
  });

  it("sees that code changes, and holds only its hash", async () => {
    const run = (text: string) => () =>
      new aws.lambda.Function("f", {
        role: "arn:aws:iam::000000000000:role/r",
        code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(text) }),
      });
    const planned = await planBetween(run("module.exports = 'one'"), run("module.exports = 'two'"));
    assert.deepEqual(inShort(planned), ["update Function f"]);
    assert.doesNotMatch(JSON.stringify(planned.next), /module\.exports/);
    assert.deepEqual(verdictOf(planned).findings, []);
  });

  it("is refused for a type of which nobody said what can be changed in place", async () => {
    const graph = await render(() => stream("input"));
    assert.throws(
      () => planDeployment(plan(NOTHING, graph).next, graph, {}),
      /Stream input \(.*plan\.test\.ts:\d+\): nobody has said/,
    );
  });
});

describe("What forces a new resource", () => {
  const root = join(__dirname, "..", "..");
  for (const stage of stageNames(root).filter((name) => name !== "release")) {
    it(`is said for every type of the stage ${stage}, and every fact names inputs and a source`, async () => {
      const { values, secretKeys } = readStageFiles(root, stage);
      const graph = await render(() => ({ ...platform(readStage(stage, { values, secretKeys })) }), {
        stack: stage,
        config: { ...values },
        secretKeys: [...secretKeys],
      });
      const types = new Set(graph.resources.filter(({ kind }) => kind !== "component").map(({ type }) => type));
      assert.deepEqual(
        [...types].filter((type) => replacementFacts[type] === undefined),
        [],
      );
      const again = plan(plan(NOTHING, graph).next, graph);
      assert.deepEqual(inShort(again), []);
      assert.deepEqual(verdictOf(again), { verdict: "safe", findings: [] });
    });
  }

  it("names its source each time", () => {
    for (const [type, { source }] of Object.entries(replacementFacts)) assert.match(source, /\/.*\./, type);
  });
});
