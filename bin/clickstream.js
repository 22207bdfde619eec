#!/usr/bin/env node
// Loads the command's TypeScript, with whichever Node runs it.
"use strict";
const [major] = process.versions.node.split(".").map(Number);
if (major < 22) {
  console.error(
    `clickstream needs Node 22 or newer, this is ${process.version}: run it by npm (npm start, npx clickstream), which brings its own`,
  );
  process.exit(2);
}
// What was compiled once is compiled the next time, too: a start is a third faster.
require("node:module").enableCompileCache(require("node:path").join(__dirname, "..", ".clickstream", "compiled"));
// An output that is turned into text by mistake is an error, not a text.
process.env.PULUMI_ERROR_OUTPUT_STRING = "true";
require("ts-node").register({ projectSearchDir: __dirname });
require("./main").main(process.argv);
