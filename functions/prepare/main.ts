/** Wires the preparation of a release to its environment. */
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { readEnv } from "../lib/env";
import { printLine } from "../lib/print-line";
import { functions } from "../manifest";
import { createPrepareHandler } from "./handler";

const env = readEnv(functions.prepare.env, process.env);
const s3 = new S3Client({});

export const handler = createPrepareHandler({
  readArtifact: async (bucket, key) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  },
  keepTemplate: async (key, template) => {
    await s3.send(new PutObjectCommand({ Bucket: env.RELEASE_BUCKET, Key: key, Body: template }));
    return `https://${env.TEMPLATE_HOST}/${key}`;
  },
  print: printLine,
});
