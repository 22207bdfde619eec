/** One run of the deploy machine on this machine, told state by state to whoever pushed. */
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { setTimeout as pause } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { textOf } from "../../../local/graph/graph";
import type { LocalStage } from "../../../local/stage";
import { EXIT } from "../../exit";
import { decide } from "../../../functions/trigger/domain";

/** States that are about nothing that a person waits for. */
const SILENT = /^(Begin Release|Wait .*|Tell Operators|.*\?)$/;
const GLANCE_MS = 200;

/** Hands a commit over to the release stage, and waits for what becomes of it. @returns the status of the push */
export async function deployCommit(
  { graph, clientConfig }: LocalStage,
  { commit, artifact, stack }: { readonly commit: string; readonly artifact: Buffer; readonly stack: string },
  say: (line: string) => void,
): Promise<number> {
  const Bucket = graph.only("aws:s3/bucket:Bucket", ({ name }) => name === "artifacts").id;
  const Key = `release/Source/${commit}.zip`;
  const s3 = new S3Client({ ...clientConfig, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: artifact }));
  const input = { environmentName: stack, engine: "pulumi", revisionS3Bucket: Bucket, revisionS3Key: Key };
  const machine = textOf(graph.stackOutputs, "deployMachineArn");
  const name = `${commit.slice(0, 12)}-${Date.now()}`;
  return runDeployment(new SFNClient(clientConfig), machine, name, input, say);
}

async function runDeployment(
  sfn: SFNClient,
  machine: string,
  name: string,
  input: object,
  say: (line: string) => void,
): Promise<number> {
  const start = new StartExecutionCommand({ stateMachineArn: machine, name, input: JSON.stringify(input) });
  const { executionArn } = await sfn.send(start);
  let told = 0;
  for (;;) {
    const { status = "", output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    for (const { stateEnteredEventDetails: entered } of events.slice(told)) {
      if (entered?.name !== undefined && !SILENT.test(entered.name)) say(`  ${entered.name}`);
    }
    told = events.length;
    const decision = decide({ status, output, error, cause });
    if (decision.kind === "succeed") {
      say(decision.summary);
      return EXIT.done;
    }
    if (decision.kind === "fail") {
      decision.message.split("; ").forEach((line) => say(line));
      return EXIT.refused;
    }
    await pause(GLANCE_MS);
  }
}
