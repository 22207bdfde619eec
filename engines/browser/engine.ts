/** Chromium, headless, driven by playwright-core (Apache-2.0), with axe-core (MPL-2.0) as the judge of accessibility. */
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Unavailable, type Engine } from "../harness/contract";
import type { Workshop } from "../harness/workshop";

const PACKAGES = { "playwright-core": "1.65.1", "axe-core": "4.14.1" } as const;
const COMMANDS = ["chromium", "chromium-browser", "google-chrome"];

export const engine: Engine = {
  name: "browser",
  judges: "the console's pages: what is drawn, read out, reached by keyboard, and how soon",
  install: async (workshop) => {
    const { command, answer } = await findBrowser(workshop);
    await installPackages(workshop);
    return { version: answer, settings: { ENGINE_BROWSER: command, ENGINE_BROWSER_FOLDER: workshop.folder } };
  },
};

/** One on the PATH; else Debian's, where we may install it. */
async function findBrowser(workshop: Workshop): Promise<{ command: string; answer: string }> {
  const found = await askBrowser(workshop);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0) throw new Unavailable("no chromium on the PATH, and only root may install one");
  workshop.tell("installing Debian's chromium, once");
  await workshop.run("apt-get", ["update", "-qq"]);
  await workshop.run("apt-get", ["install", "-y", "-qq", "chromium"], { env: { DEBIAN_FRONTEND: "noninteractive" } });
  const installed = await askBrowser(workshop);
  if (installed === undefined) throw new Unavailable("the package chromium brought no browser");
  return installed;
}

/** By its whole path: a driver does not search. */
async function askBrowser(workshop: Workshop): Promise<{ command: string; answer: string } | undefined> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = COMMANDS.flatMap((name) => folders.map((folder) => join(folder, name))).filter((path) =>
    existsSync(path),
  );
  const found = await workshop.find(candidates, ["--version"]);
  return found === undefined ? undefined : { ...found, answer: found.answer.split(" built")[0] ?? found.answer };
}

async function installPackages(workshop: Workshop): Promise<void> {
  const missing = Object.entries(PACKAGES).filter(
    ([name, version]) => installedVersion(workshop.folder, name) !== version,
  );
  if (missing.length === 0) return;
  const wanted = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
  await workshop.run("npm", [
    "install",
    "--prefix",
    workshop.folder,
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    ...wanted,
  ]);
}

function installedVersion(folder: string, name: string): string | undefined {
  const file = join(folder, "node_modules", name, "package.json");
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
