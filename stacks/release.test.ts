/**
 * The deploy machine on the local stage, under its own roles, against the stage's CloudFormation: the three paths of the
 * article by the calls that are made, and what may go wrong around them. Does not prove that AWS behaves as the stage
 * models it, nor what the pipeline does before (bin/release proves the whole way from a push).
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudFormationClient, DescribeChangeSetCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import type { DescribeExecutionOutput } from "@aws-sdk/client-sfn";
import type { Graph } from "../local/graph/graph";
import { begin, DESTRUCTIVE, finish, renderRelease, SAFE, SAMPLE } from "../test/release";
import { withStage, type TestStage } from "../test/stage";

/** What a release did: how it ended, and the calls that changed something. */
interface Released {
  readonly execution: DescribeExecutionOutput;
  readonly calls: readonly string[];
}

/** As many as a stack may have. Source: CloudFormation quotas. */
const QUEUES = 500;
/** Bytes. Source: Step Functions quotas. */
const LARGEST_STATE = 262_144;

/** A stack of queues, each of which has four properties that change together. */
function queues(seconds: number): string {
  const Properties = {
    ...{ VisibilityTimeout: seconds, MessageRetentionPeriod: 86_400 + seconds },
    ...{ DelaySeconds: seconds, KmsDataKeyReusePeriodSeconds: 60 + seconds },
  };
  const each = Array.from({ length: QUEUES }, (_, n) => [`Orders${n}`, { Type: "AWS::SQS::Queue", Properties }]);
  return JSON.stringify({ AWSTemplateFormatVersion: "2010-09-09", Resources: Object.fromEntries(each) as object });
}

const CHANGING = /^(Create|Execute|Delete|Update)(Stack|ChangeSet)$|^Publish$/;
/** Used with the other engine only. */
const OF_PULUMI = /^(codebuild|events):|(previews|updates)\/\*$/;
let releases = 0;

/** Releases a template, and lets time pass until it ends. */
const deploy = (test: TestStage, template: string, more: object = {}): Promise<Released> =>
  watched(test, async () => finish(test, await begin(test, `release-${++releases}`, template, more)));

async function watched(test: TestStage, run: () => Promise<DescribeExecutionOutput>): Promise<Released> {
  const calls: string[] = [];
  const stop = listen(test, calls);
  const execution = await run();
  stop();
  return { execution, calls };
}

/** Writes down the calls that change something, wherever they come from. */
function listen({ stage }: TestStage, calls: string[]): () => void {
  return stage.onCall(({ service, operation }) => {
    if (["cloudformation", "sns"].includes(service) && CHANGING.test(operation)) calls.push(operation);
  });
}

const outputOf = ({ execution }: Released): Record<string, unknown> =>
  JSON.parse(execution.output ?? JSON.stringify(execution)) as Record<string, unknown>;

async function statusOf({ client }: TestStage): Promise<string | undefined> {
  const { Stacks = [] } = await new CloudFormationClient(client()).send(
    new DescribeStacksCommand({ StackName: "dev-sample" }),
  );
  return Stacks[0]?.StackStatus;
}

describe("A release by change sets, on this machine", () => {
  let graph: Graph;
  before(async () => void (graph = await renderRelease()));

  it("goes the article's three paths: creates, updates safely, and refuses with nothing changed", async () => {
    await withStage(graph, async (test) => {
      const created = await deploy(test, SAMPLE);
      assert.equal(outputOf(created)["outcome"], "created", JSON.stringify(created.execution));
      assert.deepEqual(created.calls, ["CreateStack"]);
      assert.equal(await statusOf(test), "CREATE_COMPLETE");

      const updated = await deploy(test, SAFE);
      assert.deepEqual(
        [outputOf(updated)["outcome"], outputOf(updated)["verdict"]],
        ["updated", "safe"],
        JSON.stringify(updated.execution),
      );
      assert.deepEqual(updated.calls, ["CreateChangeSet", "ExecuteChangeSet"]);
      assert.equal(await statusOf(test), "UPDATE_COMPLETE");

      const refused = await deploy(test, DESTRUCTIVE);
      assert.deepEqual([refused.execution.status, refused.execution.error], ["FAILED", "Refused"]);
      assert.match(refused.execution.cause ?? "", /Orders/);
      assert.deepEqual(refused.calls, ["CreateChangeSet", "DeleteChangeSet", "Publish"]);
      assert.equal(await statusOf(test), "UPDATE_COMPLETE");
      assert.deepEqual(test.said, []);
    });
  });

  it("leaves no call denied, and holds no permission without use or a reason", async () => {
    await withStage(graph, async (test) => {
      await deploy(test, SAMPLE);
      await deploy(test, SAFE);
      await deploy(test, DESTRUCTIVE);
      const idle = new Set(
        graph
          .ofType("clickstream:iam:Role")
          .flatMap(({ inputs }) => inputs["statements"] as readonly { sid: string; idle?: string }[])
          .flatMap((statement) => (statement.idle === undefined ? [] : [statement.sid])),
      );
      const roles = test.stage.permissions.roles.filter(({ role }) => /::(deploy|prepare|inspect|stacks)$/.test(role));
      assert.equal(roles.length, 4);
      const unused = roles.flatMap(({ unused }) =>
        unused.filter(
          ({ action, resource, statement }) =>
            !idle.has(statement.split(": ").at(-1) ?? "") && !OF_PULUMI.test(`${action} ${resource}`),
        ),
      );
      assert.deepEqual(
        roles.flatMap(({ denied }) => denied),
        [],
      );
      assert.deepEqual(unused, []);
    });
  });

  it("is green without an update where nothing changes, and leaves no change set", async () => {
    await withStage(graph, async (test) => {
      await deploy(test, SAMPLE);
      const same = await deploy(test, SAMPLE);
      assert.equal(outputOf(same)["outcome"], "unchanged", JSON.stringify(same.execution));
      assert.deepEqual(same.calls, ["CreateChangeSet", "DeleteChangeSet"]);
    });
  });

  it("updates safely by a change set that is larger than a state of Step Functions may be", async function () {
    this.timeout(180_000);
    await withStage(graph, async (test) => {
      await deploy(test, queues(30));
      const review = outputOf(await deploy(test, queues(60), { mode: "review" }));
      assert.equal(review["verdict"], "safe");

      const ChangeSetName = String(review["subject"]);
      const page = await new CloudFormationClient(test.client()).send(new DescribeChangeSetCommand({ ChangeSetName }));
      const bytes = Buffer.byteLength(JSON.stringify(page.Changes));
      assert.ok(bytes > LARGEST_STATE, `${bytes} bytes on one page`);

      const { subject, digest, evidence } = review;
      const updated = await deploy(test, queues(60), { reviewed: { subject, digest, evidence } });
      assert.equal(outputOf(updated)["outcome"], "updated", JSON.stringify(updated.execution));
      assert.deepEqual(updated.calls, ["ExecuteChangeSet"]);
    });
  });

  it("says which resource failed and why, when CloudFormation cannot do it", async () => {
    await withStage(graph, async (test) => {
      const broken = SAMPLE.replace(
        "  Placed:\n    Type: AWS::SNS::Topic",
        "  Placed:\n    Type: AWS::IAM::Role",
      ).replace("DisplayName: Orders", "AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] }");
      const { execution } = await deploy(test, broken);
      assert.equal(execution.status, "FAILED");
      assert.match(execution.cause ?? "", /CAPABILITY_(NAMED_)?IAM/);
      assert.equal((await deploy(test, SAMPLE)).execution.status, "SUCCEEDED");
    });
  });

  it("G12: deploys what was reviewed, and not when another update came between", async () => {
    await withStage(graph, async (test) => {
      await deploy(test, SAMPLE);
      const review = outputOf(await deploy(test, SAFE, { mode: "review" }));
      assert.deepEqual([review["outcome"], review["verdict"]], ["reviewed", "safe"]);
      const reviewed = { subject: review["subject"], digest: review["digest"], evidence: review["evidence"] };
      const deployed = await deploy(test, SAFE, { reviewed });
      assert.deepEqual([outputOf(deployed)["outcome"], deployed.calls], ["updated", ["ExecuteChangeSet"]]);

      const next = SAMPLE.replace("maxReceiveCount: 5", "maxReceiveCount: 7");
      const late = outputOf(await deploy(test, next, { mode: "review" }));
      await deploy(test, SAMPLE.replace("maxReceiveCount: 5", "maxReceiveCount: 8"));
      const outdated = await deploy(test, next, {
        reviewed: { subject: late["subject"], digest: late["digest"], evidence: late["evidence"] },
      });
      assert.equal(outdated.execution.status, "FAILED");
      assert.equal(outdated.calls.includes("ExecuteChangeSet"), false);
    });
  });

  it("goes on where it stood when the machine it runs on went down in the middle", async () => {
    const folder = mkdtempSync(join(tmpdir(), "crash-"));
    try {
      let execution = "";
      let now = 0;
      await withStage(
        graph,
        async (test) => {
          await deploy(test, SAMPLE);
          execution = await begin(test, "crashed", SAFE);
          await test.clock.advance(2_000);
          now = test.clock.now();
        },
        { folder },
      );
      await withStage(
        graph,
        async (test) => {
          const { execution: ended, calls } = await watched(test, () => finish(test, execution));
          assert.equal(ended.status, "SUCCEEDED", JSON.stringify(ended));
          assert.deepEqual(calls, ["ExecuteChangeSet"]);
          assert.equal(await statusOf(test), "UPDATE_COMPLETE");
        },
        { folder, start: now },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
