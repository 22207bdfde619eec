/**
 * The benches, each a folder beside this file with a `main.ts` of its own: `npm run bench [-- name... [--json]]`. Without a
 * name all of them run, one after the other.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const known = readdirSync(__dirname)
  .filter((name) => statSync(join(__dirname, name)).isDirectory())
  .sort();

const given = process.argv.slice(2);
// A word behind an option is that option's value: names come first.
const firstOption = given.findIndex((each) => each.startsWith("-"));
const names = firstOption < 0 ? given : given.slice(0, firstOption);
const options = firstOption < 0 ? [] : given.slice(firstOption);

const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no bench is called ${unknown.join(", ")}: there are ${known.join(", ")}`);
  process.exit(2);
}
for (const name of names.length > 0 ? names : known) {
  const program = join(__dirname, name, "main.ts");
  const { status } = spawnSync(process.execPath, ["-r", "ts-node/register/transpile-only", program, ...options], {
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
