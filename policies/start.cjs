// Starts the pack as JavaScript, whoever asks: the Pulumi CLI or this repository. The pack is bundled in memory at every
// start, which takes a tenth of a second, so nothing has to be built before and nothing can be stale.
"use strict";
const { Module, enableCompileCache } = require("node:module");
const { join } = require("node:path");
const { buildSync } = require("esbuild");

enableCompileCache?.(join(__dirname, "..", ".clickstream", "compiled"));

const { outputFiles } = buildSync({
  entryPoints: [join(__dirname, "index.ts")],
  outfile: join(__dirname, "pack.js"),
  write: false,
  bundle: true,
  platform: "node",
  target: "node22",
  packages: "external",
  sourcemap: "inline",
  logLevel: "silent",
});
const [{ path, text }] = outputFiles;
const pack = new Module(path, module);
pack.filename = path;
pack.paths = Module._nodeModulePaths(__dirname);
pack._compile(text, path);
