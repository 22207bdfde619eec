// Mocha's own listing for people, and, where REPORT_FILE names a file, counts and failures for whoever adds them up.
"use strict";
const { writeFileSync } = require("node:fs");
const { relative } = require("node:path");
const { reporters } = require("mocha");

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    // Ahead of the listing: what failed outside of any test, a worker that died for one, is called by its file.
    runner.on("fail", (test, error) => {
      if (error?.file !== undefined) test.title = `${relative(".", error.file)} could not be run`;
    });
    super(runner, options);
    this.failUnlessEnded(runner);
    if (process.env.REPORT_FILE !== undefined) this.report(runner, process.env.REPORT_FILE);
  }

  /** A run whose workers die together may lose sight of its files: it ends without a word, and is no success. */
  failUnlessEnded(runner) {
    const lost = () => {
      process.exitCode = 1;
      console.error("FAILED: the run ended before all files were run: processes that run tests have died");
    };
    process.once("exit", lost);
    runner.once("end", () => process.removeListener("exit", lost));
  }

  report(runner, file) {
    const failures = [];
    runner.on("fail", (test, error) => {
      const [message] = `${error?.message ?? error}`.split("\n");
      failures.push({ fullTitle: test.fullTitle(), err: { message } });
    });
    runner.once("end", () => writeFileSync(file, JSON.stringify({ stats: runner.stats, failures })));
  }
};
