/**
 * The code of a function: its entry and everything it imports in one file, made by esbuild when the program runs. All
 * entries are bundled together, once per process, into a folder that git ignores.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";
import { FUNCTION_RUNTIME, functions, type FunctionName } from "../../functions/manifest";

/** Name of the file inside a bundle, and the handler that Lambda calls in it. */
const FILE = "index.js";
export const HANDLER = "index.handler";

let bundles: Readonly<Record<string, string>> | undefined;

/** The folder with a function's bundle, as Lambda takes it. @throws Error when a function does not compile */
export function bundleOf(name: FunctionName): pulumi.asset.Archive {
  bundles ??= bundleAll();
  return new pulumi.asset.FileArchive(bundles[name] ?? "");
}

function bundleAll(): Record<string, string> {
  const root = resolve(__dirname, "../..");
  const target = join(root, ".clickstream", "bundles");
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: Object.entries(functions).map(([name, { entry }]) => ({ in: entry, out: name })),
    outdir: target,
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
  return Object.fromEntries(
    outputFiles.map(({ path, contents }) => {
      const folder = path.replace(/\.js$/, "");
      writeWhole(folder, contents);
      return [folder.slice(target.length + 1), folder];
    }),
  );
}

/** Writes a bundle unless it is there already: other evaluations may be reading it. */
function writeWhole(folder: string, contents: Uint8Array): void {
  const file = join(folder, FILE);
  try {
    if (readFileSync(file).equals(contents)) return;
  } catch {
    mkdirSync(folder, { recursive: true });
  }
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, contents);
  try {
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
