// The part of the Pulumi CLI that releases use, with the running stage in the cloud's place.
"use strict";
const { ask } = require("./contact.cjs");

const [contactFile, verb, ...rest] = process.argv.slice(2);
const stackAt = rest.indexOf("--stack");
const stack = stackAt < 0 ? undefined : rest[stackAt + 1];

if (verb === "login" || verb === "version") process.exit(0);
if ((verb !== "preview" && verb !== "up") || stack === undefined || !rest.includes("--json")) {
  console.error(`pulumi on this machine does: preview --stack NAME --json, up --stack NAME --json; got ${verb}`);
  process.exit(255);
}
ask(
  contactFile,
  `/${verb}`,
  { "content-type": "application/json" },
  JSON.stringify({ root: process.cwd(), stack }),
  (line) => {
    if (line.out !== undefined) process.stdout.write(`${line.out}\n`);
    if (line.say !== undefined) process.stderr.write(`${line.say}\n`);
  },
).then(
  (status) => (process.exitCode = status),
  (error) => {
    console.error(`the local stage cannot be reached: ${error.message}`);
    process.exitCode = 255;
  },
);
