/** The release stack's local stage, and releases by its deploy machine: a new stack, a safe update, a refused one. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { textOf, type Graph } from "../../local/graph/graph";
import { release } from "../../stacks/release";
import { readStage } from "../../stacks/stage";
import { readStageFiles } from "../../stacks/stage-files";
import { render, type TestStage } from "../../test/stage";

const ROOT = join(__dirname, "../..");
const TEMPLATE = "infra/release/templates/sample-application.yaml";

export const SAMPLE = readFileSync(join(ROOT, TEMPLATE), "utf8");
/** Changed so that nothing is lost, and so that a table is. */
export const SAFE = SAMPLE.replace("maxReceiveCount: 5", "maxReceiveCount: 6");
export const DESTRUCTIVE = SAMPLE.replaceAll("AttributeName: order", "AttributeName: number");

export function renderRelease(): Promise<Graph> {
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
}

/** Releases a template under a name, and lets time pass until it ends. */
export async function deploy({ client, graph, clock }: TestStage, name: string, template: string): Promise<void> {
  const Bucket = graph.only("aws:s3/bucket:Bucket", (each) => each.name === "artifacts").id;
  const Key = `release/Source/${name}`;
  const s3 = new S3Client({ ...client(), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: packed(template) }));
  const place = { environmentName: "dev", stackName: "sample", templatePath: TEMPLATE };
  const machine = new SFNClient(client());
  const { executionArn } = await machine.send(
    new StartExecutionCommand({
      stateMachineArn: textOf(graph.stackOutputs, "deployMachineArn"),
      name,
      input: JSON.stringify({ ...place, revisionS3Bucket: Bucket, revisionS3Key: Key }),
    }),
  );
  for (let minutes = 0; minutes < 60; minutes++) {
    await clock.advance(60_000);
    const { status } = await machine.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== "RUNNING") return;
  }
  throw new Error(`${name} did not end in an hour`);
}

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
