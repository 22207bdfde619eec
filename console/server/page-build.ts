/** Builds the page: one script, one style sheet, named by their content, and the document that names them. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { writePageFile } from "./page-files";

const PAGE = join(__dirname, "..", "page");

/** Where assets lie, beside the document. */
const ASSETS = "console";

/**
 * Writes `index.html` and its assets; every path in it is relative, so that any server and any folder may hold it.
 * @throws Error of esbuild, where a source is wrong
 */
export async function buildPage(folder: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: { page: join(PAGE, "main.tsx"), style: join(PAGE, "style", "index.css") },
    bundle: true,
    write: false,
    outdir: ASSETS,
    entryNames: "[name]-[hash]",
    format: "esm",
    target: ["es2022", "chrome111", "firefox113", "safari16.4"],
    minify: true,
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { "process.env.NODE_ENV": '"production"' },
    tsconfig: join(PAGE, "tsconfig.json"),
    logLevel: "silent",
  });
  const names = new Map<string, string>();
  for (const { path, contents } of outputFiles) {
    const name = basename(path);
    names.set(name.split("-")[0] ?? name, name);
    await writePageFile(folder, join(ASSETS, name), contents);
  }
  const document = await readFile(join(PAGE, "index.html"), "utf8");
  await writePageFile(
    folder,
    "index.html",
    document.replace(/\{(page|style)\}/g, (_, kind: string) => `${ASSETS}/${names.get(kind) ?? ""}`),
  );
  await writePageFile(folder, join(ASSETS, "icon.svg"), await readFile(join(PAGE, "icon.svg")));
}
