/** An engine that is a Python package: in a virtual environment of its own, at the versions that were tried. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Workshop } from "../harness/workshop";

/** Installs each `package==version` once and answers the folder of their commands. */
export async function installPackages(workshop: Workshop, ...requirements: readonly string[]): Promise<string> {
  const commands = join(workshop.folder, "venv", "bin");
  const python = join(commands, "python");
  if (!existsSync(python)) await workshop.run("python3", ["-m", "venv", join(workshop.folder, "venv")]);
  await workshop.run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements]);
  return commands;
}
