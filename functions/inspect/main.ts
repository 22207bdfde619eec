/** Wires the guard to its environment. */
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { S3Client } from "@aws-sdk/client-s3";
import { readEnv } from "../lib/env";
import { printLine } from "../lib/print-line";
import { functions } from "../manifest";
import { CloudFormationSource } from "./cloudformation/source";
import { createInspectHandler } from "./handler";
import { ReleaseBucket } from "./release-bucket";

const env = readEnv(functions.inspect.env, process.env);

export const handler = createInspectHandler({
  // Big stacks are described page by page, and CloudFormation throttles: patience beats a failed deployment.
  cloudFormation: new CloudFormationSource(new CloudFormationClient({ maxAttempts: 8, retryMode: "adaptive" })),
  store: new ReleaseBucket(new S3Client({}), env.RELEASE_BUCKET),
  now: Date.now,
  print: printLine,
});
