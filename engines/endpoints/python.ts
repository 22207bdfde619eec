/** An engine that is a Python package: in a virtual environment of its own, at the version that was tried. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Workshop } from "../harness/workshop";

/** Installs `package==version` once and answers the folder of its commands. */
export async function installPackage(workshop: Workshop, requirement: string): Promise<string> {
  const commands = join(workshop.folder, "venv", "bin");
  const python = join(commands, "python");
  if (!existsSync(python)) await workshop.run("python3", ["-m", "venv", join(workshop.folder, "venv")]);
  await workshop.run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]);
  return commands;
}
