/** A committed stage as a project of the real CLI: its files as they are, and stand-ins for the secrets they cannot hold. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../bin/folders";
import { readStageFiles } from "../../stacks/stage-files";
import { Workspace } from "./workspace";

/** Opens a workspace with one stack, named as the stage is, that has never been deployed. */
export async function openStage(stage: string): Promise<Workspace> {
  const files = ["Pulumi.yaml", `Pulumi.${stage}.yaml`];
  const texts = Object.fromEntries(files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
  const workspace = await Workspace.open(texts, { root: ROOT, entry: "." });
  try {
    await workspace.must(["stack", "init", stage]);
    const { values, secretKeys } = readStageFiles(ROOT, stage);
    for (const key of secretKeys) {
      await workspace.must(["config", "set", "--stack", stage, "--secret", key, values[key] ?? ""]);
    }
    return workspace;
  } catch (error) {
    workspace.close();
    throw error;
  }
}
