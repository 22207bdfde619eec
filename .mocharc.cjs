/** Unit tests stand beside the code they prove; no rung here needs more than npm. */
"use strict";
const { availableParallelism, totalmem } = require("node:os");

/** A process that runs tests grows to more than a gigabyte, and its tests start processes of their own. */
const BYTES_PER_JOB = 2 * 2 ** 30;
const MOST_JOBS = 8;

/** A container may have less than its machine. */
const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);

module.exports = {
  require: ["ts-node/register", "test/root-hooks.ts"],
  extension: ["ts"],
  reporter: "test/reporter.cjs",
  "forbid-only": true,
  timeout: 60_000,
  // For --parallel, as `npm test` has it. With one job mocha runs all files in its own process.
  jobs: Math.max(1, Math.min(availableParallelism(), MOST_JOBS, Math.floor(memory / BYTES_PER_JOB))),
};
