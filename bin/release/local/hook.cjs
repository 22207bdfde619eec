// Runs in the bare repository before a push is taken: hands the commit over, shows what becomes of it, and refuses the push
// when the release is refused. So the branch is always what runs.
"use strict";
const { execFileSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { ask } = require("./contact.cjs");

const [contactFile, branch] = process.argv.slice(2);
const NOTHING = /^0+$/;

async function main() {
  const pushed = readFileSync(0, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" "));
  for (const [, commit, ref] of pushed) {
    if (ref !== `refs/heads/${branch}`) continue;
    if (NOTHING.test(commit)) {
      console.log(`${branch} is what runs here: it cannot be deleted`);
      return 1;
    }
    const artifact = execFileSync("git", ["archive", "--format=zip", commit], { maxBuffer: 2 ** 28 });
    const headers = { "content-type": "application/zip", "x-commit": commit };
    const status = await ask(
      contactFile,
      "/push",
      headers,
      artifact,
      ({ say }) => say !== undefined && console.log(say),
    );
    if (status !== 0) return status;
  }
  return 0;
}

main().then(
  (status) => (process.exitCode = status),
  (error) => {
    const gone = error.code === "ECONNREFUSED" || error.code === "ENOENT";
    console.log(gone ? "the local stage does not run: begin it with npm start" : `the push failed: ${error.message}`);
    process.exitCode = 1;
  },
);
