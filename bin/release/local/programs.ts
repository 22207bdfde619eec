/**
 * Programs that were pushed, kept beside the stage: a graph points into the folder of its program for the code of its
 * functions, so the folder lives as long as the graph runs. A program is known by its content.
 */
import { createHash, randomUUID } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { existsSync } from "node:fs";

/** Made or installed, and no part of a program. */
const NOT_OURS = ["node_modules", ".clickstream", ".git"];

export class Programs {
  /** @param folder holds one folder for each program */
  constructor(
    private readonly folder: string,
    private readonly dependencies: string,
  ) {}

  /** Keeps the program that stands in a folder. @returns where */
  async keep(root: string): Promise<string> {
    const kept = join(this.folder, await digestOf(root));
    if (existsSync(kept)) return kept;
    const draft = join(this.folder, `draft-${randomUUID()}`);
    await mkdir(this.folder, { recursive: true });
    await cp(root, draft, { recursive: true, filter: (path) => !NOT_OURS.includes(relative(root, path)) });
    await symlink(this.dependencies, join(draft, "node_modules"));
    await rename(draft, kept);
    return kept;
  }

  /** Removes every program but one. */
  async forgetOthers(kept: string): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const folder = join(this.folder, name);
      if (folder !== kept) await rm(folder, { recursive: true, force: true });
    }
  }
}

async function digestOf(root: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
    .filter((path) => !NOT_OURS.includes(path.split("/")[0] ?? ""))
    .sort();
  for (const file of files) {
    const content = await readFile(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 32);
}
