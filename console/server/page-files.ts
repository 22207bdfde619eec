/** The files of the page: built when it is first asked for, kept on disk until a source of it changes. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

/** By path, relative to where the page is: `index.html`, `console/page.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const PAGE = join(__dirname, "..", "page");
const SHARED = join(__dirname, "..", "model");

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/**
 * @param cache folder that keeps builds between runs; made when it is not there
 * @throws Error where the page cannot be built
 */
export async function loadPage(cache: string): Promise<PageFiles> {
  const digest = await digestSources();
  const folder = join(cache, digest);
  const built = await readFiles(folder);
  if (built.size > 0) return built;
  const scratch = `${folder}.${process.pid}`;
  const { buildPage } = await import("./page-build");
  try {
    await buildPage(scratch);
    // Two processes may build at once: who comes second finds the same there.
    await rename(scratch, folder).catch(() => undefined);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return readFiles(folder);
}

/** What the build depends on. */
async function digestSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of [PAGE, SHARED]) {
    for (const path of await listFiles(folder)) hash.update(relative(folder, path)).update(await readFile(path));
  }
  for (const name of ["preact", "uplot", "esbuild"]) {
    hash.update(await readFile(require.resolve(`${name}/package.json`)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function readFiles(folder: string): Promise<PageFiles> {
  const paths = await listFiles(folder).catch(() => []);
  const files = paths.map(async (path): Promise<[string, PageFile]> => {
    const type = TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    return [relative(folder, path), { type, content: await readFile(path) }];
  });
  return new Map(await Promise.all(files));
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Writes one built file. */
export async function writePageFile(folder: string, path: string, content: string | Uint8Array): Promise<void> {
  const target = join(folder, path);
  await mkdir(join(target, ".."), { recursive: true });
  await writeFile(target, content);
}
