/**
 * What builds of a release call: `preview` and `apply` in the deploy machine's builds, `compare` for a pull request.
 * Everything that a build is told comes by its environment, as CodeBuild hands it over.
 */
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { readEnv } from "../../functions/lib/env";
import { compareCommand } from "./compare/command";
import { pulumi } from "./pulumi";
import { apply, preview, type StepDeps } from "./steps";

const say = (line: string): void => console.error(line);

function deps(bucket: string): StepDeps {
  const s3 = new S3Client({ forcePathStyle: process.env["AWS_ENDPOINT_URL"] !== undefined });
  const keep = async (Key: string, Body: string): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  };
  return { pulumi, keep, say };
}

const program = new Command("release")
  .description("Steps of a release, as builds call them")
  .addCommand(
    new Command("preview").description("Previews STAGE into PREVIEW_KEY of RELEASE_BUCKET").action(async () => {
      const env = readEnv({ STAGE: "text", PREVIEW_KEY: "text", RELEASE_BUCKET: "text" }, process.env);
      await preview(deps(env.RELEASE_BUCKET), env.STAGE, env.PREVIEW_KEY);
    }),
  )
  .addCommand(
    new Command("apply").description("Updates STAGE if its preview still has INSPECTED_DIGEST").action(async () => {
      const contract = { STAGE: "text", INSPECTED_DIGEST: "text", UPDATE_KEY: "text", RELEASE_BUCKET: "text" } as const;
      const env = readEnv(contract, process.env);
      await apply(deps(env.RELEASE_BUCKET), env.STAGE, env.INSPECTED_DIGEST, env.UPDATE_KEY);
    }),
  )
  .addCommand(compareCommand());

program.parseAsync(process.argv).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
