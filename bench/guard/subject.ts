/**
 * Judges a recorded preview once, as a fresh process does, and prints what it took. With `parse` it only reads the text as
 * JSON: what nobody who judges it can do without. Usage: subject.js FILE judge|parse
 */
import { readFileSync } from "node:fs";
import { judge } from "../../functions/inspect/judge";
import { readPreview } from "../../functions/inspect/pulumi/read-preview";

export interface Took {
  /** Of processor time, reading the file included. */
  readonly milliseconds: number;
  /** The most that was resident at any time. */
  readonly megabytes: number;
  /** The verdict; absent where nothing was judged. */
  readonly verdict?: string;
}

const [file = "", what] = process.argv.slice(2);
const before = process.cpuUsage();
const verdict = what === "judge" ? judge(readPreview(readFileSync(file, "utf8"))).verdict : parse();
const { user, system } = process.cpuUsage(before);
const took: Took = {
  milliseconds: (user + system) / 1000,
  megabytes: process.resourceUsage().maxRSS / 1024,
  ...(verdict === undefined ? {} : { verdict }),
};
process.stdout.write(JSON.stringify(took));

function parse(): undefined {
  if (typeof JSON.parse(readFileSync(file, "utf8")) !== "object") throw new Error(`${file} holds no preview`);
}
