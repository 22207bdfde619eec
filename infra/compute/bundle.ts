/**
 * The code of a function: its entry and everything it imports in one file, made by esbuild while the program runs. All
 * entries are bundled together, once per process, into a folder that git ignores.
 */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { build } from "esbuild";
import { FUNCTION_RUNTIME, functions, type FunctionName } from "../../functions/manifest";

/** Name of the file inside a bundle, and the handler that Lambda calls in it. */
const FILE = "index.js";
export const HANDLER = "index.handler";

const ROOT = resolve(__dirname, "../..");
const TARGET = join(ROOT, ".clickstream", "bundles");

let bundling: Promise<void> | undefined;

/** The folder with a function's bundle, as Lambda takes it; a function that does not compile fails the program. */
export function bundleOf(name: FunctionName): pulumi.asset.Archive {
  bundling ??= bundleAll();
  return new pulumi.asset.FileArchive(bundling.then(() => join(TARGET, name)));
}

async function bundleAll(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.entries(functions).map(([name, { entry }]) => ({ in: entry, out: name })),
    outdir: TARGET,
    write: false,
    bundle: true,
    platform: "node",
    target: FUNCTION_RUNTIME.replace(/^nodejs(\d+)\.x$/, "node$1"),
    format: "cjs",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "silent",
  });
  await Promise.all(outputFiles.map(({ path, contents }) => writeWhole(path.replace(/\.js$/, ""), contents)));
}

/** Writes a bundle unless it is there already: other evaluations may be reading it. */
async function writeWhole(folder: string, contents: Uint8Array): Promise<void> {
  const file = join(folder, FILE);
  const known = await readFile(file).catch(() => undefined);
  if (known?.equals(contents) === true) return;
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, contents);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
