/** Programs as they are deployed: one file, no loader, nothing else in memory. */
import { spawnSync } from "node:child_process";
import { basename, dirname, resolve } from "node:path";
import { buildSync } from "esbuild";

/** What a bench generates goes here, a folder for each; git ignores it. */
export const WORK = resolve(__dirname, "../.clickstream/bench");

/** Bundles a program of a bench's folder; returns the file to run. */
export function bundle(program: string): string {
  const outfile = resolve(WORK, basename(dirname(program)), `${basename(program, ".ts")}.js`);
  buildSync({ entryPoints: [program], outfile, bundle: true, platform: "node", target: "node22" });
  return outfile;
}

/** Runs a program to its end and returns what it printed. */
export function runProgram(command: string, given: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, given, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${given.join(" ")} failed:\n${stderr}`);
  return stdout;
}
