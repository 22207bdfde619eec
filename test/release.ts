/** Releases for a test: the release stack of one stage that deploys the sample application, and what its machine makes of it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  type DescribeExecutionOutput,
} from "@aws-sdk/client-sfn";
import type { ReleaseStage } from "../infra/release/release-stage";
import { textOf, type Graph } from "../local/graph/graph";
import { writeZip } from "../local/services/codebuild/zip";
import { release } from "../stacks/release";
import { readStage } from "../stacks/stage";
import { readStageFiles } from "../stacks/stage-files";
import { render, type TestStage } from "./stage";

const ROOT = join(__dirname, "..");
const TEMPLATE = "infra/release/templates/sample-application.yaml";

/** The template of the sample application: as it is, changed so that nothing is lost, and so that a table is. */
export const SAMPLE = readFileSync(join(ROOT, TEMPLATE), "utf8");
export const SAFE = SAMPLE.replace("maxReceiveCount: 5", "maxReceiveCount: 6");
export const DESTRUCTIVE = SAMPLE.replaceAll("AttributeName: order", "AttributeName: number");

/** @param more of the one stage that is released to: another engine, or people who are asked */
export function renderRelease(more: Partial<ReleaseStage> = {}): Promise<Graph> {
  const { values, secretKeys } = readStageFiles(ROOT, "release");
  const settings = {
    source: { kind: "codecommit", repository: "clickstream", branch: "main" },
    stages: [
      {
        name: "dev",
        deployments: [{ engine: "cloudformation", stackName: "sample", templatePath: TEMPLATE }],
        ...more,
      },
    ],
  };
  const config = { ...values, "clickstream:release": JSON.stringify(settings) };
  const program = (): object => {
    const stage = readStage("release", { values: config, secretKeys });
    return stage.release === undefined ? assert.fail("no release") : { ...release(stage, stage.release) };
  };
  return render(program, { stack: "release", config, secretKeys: [...secretKeys] });
}

/**
 * Commands in the place of those that builds call: each leaves a report, and does nothing else.
 * @returns the folder of the tools, and a file that makes them wait for as long as it is there
 */
export async function standInTools(folder: string): Promise<{ buildTools: string; waitsFor: string }> {
  const buildTools = join(folder, "tools");
  const waitsFor = join(folder, "wait");
  await mkdir(buildTools);
  for (const name of ["npm", "npx", "node"]) {
    const wait = `while [ -e '${waitsFor}' ]; do sleep 0.05; done`;
    await writeFile(join(buildTools, name), `#!/bin/sh\n${wait}\nmkdir -p reports && echo done > reports/tests.xml\n`);
    await chmod(join(buildTools, name), 0o755);
  }
  return { buildTools, waitsFor };
}

/** A revision in which the application has this template, as the pipeline hands it on. */
export function revisionOf(template: string): Buffer {
  return writeZip([{ path: TEMPLATE, content: Buffer.from(template) }]);
}

/** Releases a template by the deploy machine, and lets time pass until that ends. */
export async function deploy(test: TestStage, name: string, template: string): Promise<DescribeExecutionOutput> {
  return finish(test, await begin(test, name, template));
}

/** @param more parameters for the machine @returns the execution's ARN */
export async function begin(
  { client, graph }: TestStage,
  name: string,
  template: string,
  more: object = {},
): Promise<string> {
  const Bucket = graph.only("aws:s3/bucket:Bucket", (each) => each.name === "artifacts").id;
  const Key = `release/Source/${name}`;
  const s3 = new S3Client({ ...client(), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: revisionOf(template) }));
  const place = { environmentName: "dev", stackName: "sample", templatePath: TEMPLATE };
  const { executionArn } = await new SFNClient(client()).send(
    new StartExecutionCommand({
      stateMachineArn: textOf(graph.stackOutputs, "deployMachineArn"),
      name,
      input: JSON.stringify({ ...place, revisionS3Bucket: Bucket, revisionS3Key: Key, ...more }),
    }),
  );
  return executionArn ?? assert.fail(`${name} was not started`);
}

export async function finish({ client, clock }: TestStage, executionArn: string): Promise<DescribeExecutionOutput> {
  const machine = new SFNClient(client());
  for (let minutes = 0; minutes < 60; minutes++) {
    await clock.advance(60_000);
    const execution = await machine.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== "RUNNING") return execution;
  }
  return assert.fail(`${executionArn} did not end in an hour`);
}
