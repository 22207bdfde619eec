/**
 * The deploy machine on the local stage, under its own roles, against the stage's CloudFormation: the three paths of the
 * article by the calls that are made, and what may go wrong around them. Does not prove that AWS behaves as the stage
 * models it, nor what the pipeline does before (bin/release proves the whole way from a push).
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  type DescribeExecutionOutput,
} from "@aws-sdk/client-sfn";
import { textOf, type Graph } from "../local/graph/graph";
import { render, withStage, type TestStage } from "../test/stage";
import { release } from "./release";
import { readStage } from "./stage";
import { readStageFiles } from "./stage-files";

const ROOT = join(__dirname, "..");
const TEMPLATE = "infra/release/templates/sample-application.yaml";
const SAMPLE = readFileSync(join(ROOT, TEMPLATE), "utf8");

const renderRelease = (): Promise<Graph> => {
  const { values, secretKeys } = readStageFiles(ROOT, "release");
  const settings = {
    source: { kind: "codecommit", repository: "clickstream", branch: "main" },
    stages: [{ name: "dev", deployments: [{ engine: "cloudformation", stackName: "sample", templatePath: TEMPLATE }] }],
  };
  const config = { ...values, "clickstream:release": JSON.stringify(settings) };
  const program = (): object => {
    const stage = readStage("release", { values: config, secretKeys });
    return stage.release === undefined ? assert.fail("no release") : { ...release(stage, stage.release) };
  };
  return render(program, { stack: "release", config, secretKeys: [...secretKeys] });
};

/** An artifact as `zip` packs it, with one template in it. */
function packed(template: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "artifact-"));
  try {
    mkdirSync(dirname(join(folder, TEMPLATE)), { recursive: true });
    writeFileSync(join(folder, TEMPLATE), template);
    execFileSync("zip", ["-q", "-r", "artifact.zip", "."], { cwd: folder });
    return readFileSync(join(folder, "artifact.zip"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a release did: how it ended, and the calls that changed something. */
interface Released {
  readonly execution: DescribeExecutionOutput;
  readonly calls: readonly string[];
}

const CHANGING = /^(Create|Execute|Delete|Update)(Stack|ChangeSet)$|^Publish$/;
/** Used with the other engine only. */
const OF_PULUMI = /^(codebuild|events):|(previews|updates)\/\*$/;
let releases = 0;

/** Releases a template, and lets time pass until it ends. */
async function deploy(test: TestStage, template: string, more: object = {}): Promise<Released> {
  const calls: string[] = [];
  const stop = listen(test, calls);
  const { execution } = await finish(test, await begin(test, template, more));
  stop();
  return { execution, calls };
}

/** Starts a release. @returns the execution's ARN */
async function begin({ client, graph }: TestStage, template: string, more: object = {}): Promise<string> {
  const Key = `release/Source/${++releases}`;
  const Bucket = graph.only("aws:s3/bucket:Bucket", ({ name }) => name === "artifacts").id;
  await new S3Client({ ...client(), forcePathStyle: true }).send(
    new PutObjectCommand({ Bucket, Key, Body: packed(template) }),
  );
  const { executionArn = "" } = await new SFNClient(client()).send(
    new StartExecutionCommand({
      stateMachineArn: textOf(graph.stackOutputs, "deployMachineArn"),
      name: `release-${releases}`,
      input: JSON.stringify({
        ...{ environmentName: "dev", stackName: "sample", templatePath: TEMPLATE },
        ...{ revisionS3Bucket: Bucket, revisionS3Key: Key, ...more },
      }),
    }),
  );
  return executionArn;
}

async function finish(test: TestStage, executionArn: string): Promise<Released> {
  const calls: string[] = [];
  const stop = listen(test, calls);
  for (let minutes = 0; minutes < 60; minutes++) {
    await test.clock.advance(60_000);
    const execution = await new SFNClient(test.client()).send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status === "RUNNING") continue;
    stop();
    return { execution, calls };
  }
  throw new Error("it did not end in an hour");
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

      const updated = await deploy(test, SAMPLE.replace("maxReceiveCount: 5", "maxReceiveCount: 6"));
      assert.deepEqual(
        [outputOf(updated)["outcome"], outputOf(updated)["verdict"]],
        ["updated", "safe"],
        JSON.stringify(updated.execution),
      );
      assert.deepEqual(updated.calls, ["CreateChangeSet", "ExecuteChangeSet"]);
      assert.equal(await statusOf(test), "UPDATE_COMPLETE");

      const refused = await deploy(test, SAMPLE.replaceAll("AttributeName: order", "AttributeName: number"));
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
      await deploy(test, SAMPLE.replace("maxReceiveCount: 5", "maxReceiveCount: 6"));
      await deploy(test, SAMPLE.replaceAll("AttributeName: order", "AttributeName: number"));
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
      const change = SAMPLE.replace("maxReceiveCount: 5", "maxReceiveCount: 6");
      const review = outputOf(await deploy(test, change, { mode: "review" }));
      assert.deepEqual([review["outcome"], review["verdict"]], ["reviewed", "safe"]);
      const reviewed = { subject: review["subject"], digest: review["digest"], evidence: review["evidence"] };
      const deployed = await deploy(test, change, { reviewed });
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
          execution = await begin(test, SAMPLE.replace("maxReceiveCount: 5", "maxReceiveCount: 6"));
          await test.clock.advance(2_000);
          now = test.clock.now();
        },
        { folder },
      );
      await withStage(
        graph,
        async (test) => {
          const { execution: ended, calls } = await finish(test, execution);
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
