// `npm ci` where the same dependencies are installed already: they are linked. Everything else is npm's own.
"use strict";
const { spawnSync } = require("node:child_process");
const { existsSync, readFileSync, symlinkSync } = require("node:fs");
const { delimiter, join } = require("node:path");

const [root, ...args] = process.argv.slice(2);
if (args[0] === "ci") {
  const same = readFileSync("package-lock.json").equals(readFileSync(join(root, "package-lock.json")));
  if (same) {
    if (!existsSync("node_modules")) symlinkSync(join(root, "node_modules"), "node_modules");
    process.exit(0);
  }
  console.error("the commit has other dependencies than the running checkout: they are installed anew");
}
const [, ...others] = process.env.PATH.split(delimiter);
const { status } = spawnSync("npm", args, { stdio: "inherit", env: { ...process.env, PATH: others.join(delimiter) } });
process.exit(status ?? 1);
