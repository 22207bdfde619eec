/** Unit tests stand beside the code they prove; no rung here needs more than npm. */
"use strict";
const { availableParallelism, totalmem } = require("node:os");

/** A process that runs tests grows to a gigabyte, and so may what its tests start. */
const BYTES_PER_JOB = 2 * 2 ** 30;
const MOST_JOBS = 8;

module.exports = {
  require: ["ts-node/register", "test/root-hooks.ts"],
  extension: ["ts"],
  reporter: "test/reporter.cjs",
  "forbid-only": true,
  timeout: 60_000,
  // For --parallel, as `npm test` has it: files share a process, one after the other, with nobody knowing with which.
  jobs: Math.max(1, Math.min(availableParallelism(), MOST_JOBS, Math.floor(totalmem() / BYTES_PER_JOB))),
};
