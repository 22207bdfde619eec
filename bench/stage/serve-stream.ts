/** A stream of the local stage and nothing else, synced to disk: what a peer that emulates streams is compared with. */
import * as aws from "@pulumi/aws";
import { SystemClock } from "../../local/clock";
import { renderGraph } from "../../local/monitor/in-process";
import { models } from "../../local/services/models";
import { LocalStage } from "../../local/stage";
import { serve } from "./server";

export type StreamReady = Readonly<
  Record<"endpoint" | "region" | "accessKeyId" | "secretAccessKey" | "stream", string>
>;

const FACTS = { account: "000000000000", region: "eu-west-1", partition: "aws" };

export async function openStream(folder: string): Promise<LocalStage> {
  const settings = {
    project: "bench",
    stack: "bench",
    root: __dirname,
    facts: FACTS,
    models,
    config: {},
    secretKeys: [],
  };
  const declare = (): void => void new aws.kinesis.Stream("bench", { name: "bench", shardCount: 2 });
  const clock = new SystemClock(console.error);
  return LocalStage.open(await renderGraph(settings, declare), {
    facts: FACTS,
    clock,
    folder,
    port: 0,
    say: console.error,
  });
}

async function main(folder: string): Promise<void> {
  const stage = await openStream(folder);
  const { accessKeyId, secretAccessKey } = stage.operator;
  const { region } = FACTS;
  const ready: StreamReady = { endpoint: stage.url, region, accessKeyId, secretAccessKey, stream: "bench" };
  serve(ready, () => stage.close());
}

if (require.main === module) void main(process.argv[2] ?? "");
