/**
 * The folder in which a build runs: its sources, its home, and what its shell carries from one phase to the next. It is
 * made for one build and removed with it.
 */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ArtifactSpec } from "./buildspec";
import { readZip, writeZip, type ZipFile } from "./zip";

export class Workspace {
  private constructor(readonly folder: string) {}

  static async make(): Promise<Workspace> {
    const workspace = new Workspace(await mkdtemp(join(tmpdir(), "build-")));
    for (const name of ["src", "home", "tmp", "shell", "exported"]) await mkdir(join(workspace.folder, name));
    return workspace;
  }

  get home(): string {
    return join(this.folder, "home");
  }

  get temporary(): string {
    return join(this.folder, "tmp");
  }

  /** What the shell of one phase leaves for the next. */
  get shell(): string {
    return join(this.folder, "shell");
  }

  get exported(): string {
    return join(this.folder, "exported");
  }

  /** @param name identifier of a secondary source */
  source(name?: string): string {
    return name === undefined ? join(this.folder, "src") : join(this.folder, `src_${name}`);
  }

  /** @throws ZipError when the archive reaches outside of the folder */
  async unpack(archive: Buffer, name?: string): Promise<void> {
    for (const { path, content, isExecutable } of readZip(archive)) {
      const file = join(this.source(name), path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      if (isExecutable === true) await chmod(file, 0o755);
    }
  }

  /** What an artifact of the buildspec takes from the sources, packed. @throws Error when it takes nothing */
  async pack(artifact: ArtifactSpec): Promise<Buffer> {
    const base = join(this.source(), artifact["base-directory"] ?? ".");
    const wanted = artifact.files.map(patternOf);
    const unwanted = artifact["exclude-paths"].map(patternOf);
    const taken: ZipFile[] = [];
    for (const path of await listFiles(base)) {
      if (!wanted.some((each) => each.test(path)) || unwanted.some((each) => each.test(path))) continue;
      const file = join(base, path);
      const { mode } = await stat(file);
      const name = artifact["discard-paths"] ? (path.split("/").at(-1) ?? path) : path;
      taken.push({ path: name, content: await readFile(file), isExecutable: (mode & 0o100) !== 0 });
    }
    if (taken.length === 0) throw new Error(`no matching artifact paths found: ${artifact.files.join(", ")}`);
    return writeZip(taken);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function listFiles(folder: string, below = ""): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return listFiles(folder, path);
      return entry.isFile() ? [path] : [];
    }),
  );
  return found.flat().sort();
}

/** `**` stands for any folders, `*` for any part of a name. */
function patternOf(glob: string): RegExp {
  const parts = glob.replace(/^\.\//, "").split(/(\*\*\/|\*\*|\*|\?)/);
  const translated = parts.map((part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${translated.join("")}$`);
}
