/** Wires the trigger to its environment. */
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { readEnv } from "../lib/env";
import { printLine } from "../lib/print-line";
import { functions } from "../manifest";
import { CodePipeline } from "./code-pipeline";
import { DeployMachine } from "./deploy-machine";
import { createTriggerHandler } from "./handler";
import { isTransient } from "./transient";

const env = readEnv(functions.trigger.env, process.env);
const s3 = new S3Client({});

export const handler = createTriggerHandler({
  machine: new DeployMachine(new SFNClient({}), env.STATE_MACHINE),
  pipeline: new CodePipeline(new CodePipelineClient({})),
  readInput: async (bucket, key) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  },
  isTransient,
  print: printLine,
});
