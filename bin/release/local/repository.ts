/** The bare repository that pushes go to; its hook hands them over to the running stage. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { quoted } from "./tools";

export const BRANCH = "main";

const run = promisify(execFile);

/** Makes the repository where there is none, and points its hook to this stage. */
export async function openRepository(folder: string, contact: string): Promise<void> {
  if (!existsSync(join(folder, "HEAD"))) {
    await mkdir(folder, { recursive: true });
    await run("git", ["init", "--quiet", "--bare", `--initial-branch=${BRANCH}`, folder]);
  }
  const hook = join(folder, "hooks", "pre-receive");
  const words = [process.execPath, join(__dirname, "hook.cjs"), contact, BRANCH].map(quoted).join(" ");
  await mkdir(join(folder, "hooks"), { recursive: true });
  await writeFile(hook, `#!/bin/sh\nexec ${words}\n`);
  await chmod(hook, 0o755);
}
