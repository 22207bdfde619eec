// Mocha's own listing for people, and, where REPORT_FILE names a file, counts and failures for whoever adds them up.
"use strict";
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.REPORT_FILE;
    if (file === undefined) return;
    const failures = [];
    runner.on("fail", (test, error) => {
      const [message] = `${error?.message ?? error}`.split("\n");
      failures.push({ fullTitle: test.fullTitle(), err: { message } });
    });
    runner.once("end", () => writeFileSync(file, JSON.stringify({ stats: runner.stats, failures })));
  }
};
