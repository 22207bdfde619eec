/** Programs as they are deployed: one file, no loader, nothing else in memory. */
import { spawnSync } from "node:child_process";
import { basename, resolve } from "node:path";
import { buildSync } from "esbuild";
import { WORK } from "./workload";

/** Bundles a program of this folder; returns the file to run. */
export function bundle(program: string): string {
  const outfile = resolve(WORK, `${basename(program, ".ts")}.js`);
  buildSync({ entryPoints: [resolve(__dirname, program)], outfile, bundle: true, platform: "node", target: "node22" });
  return outfile;
}

/** Runs a program to its end and returns what it printed. */
export function runProgram(command: string, given: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, given, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${given.join(" ")} failed:\n${stderr}`);
  return stdout;
}
