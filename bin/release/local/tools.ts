/**
 * Commands that come first on the path of builds on this machine: a `pulumi` whose cloud is the running stage, and an `npm`
 * that installs what is installed already. A buildspec is thus the same here as on AWS.
 */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../folders";

/** @param contact file that says how the running stage is reached */
export async function writeTools(folder: string, contact: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeTool(folder, "pulumi", [join(__dirname, "pulumi-cli.cjs"), contact]);
  await writeTool(folder, "npm", [join(__dirname, "npm-cli.cjs"), ROOT]);
}

async function writeTool(folder: string, name: string, [script = "", argument = ""]: readonly string[]): Promise<void> {
  const file = join(folder, name);
  const words = [process.execPath, script, argument].map(quoted).join(" ");
  await writeFile(file, `#!/bin/sh\nexec ${words} "$@"\n`);
  await chmod(file, 0o700);
}

export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
