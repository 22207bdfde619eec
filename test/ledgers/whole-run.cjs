// Makes a run of all tests one that is judged as a whole: `npm test` requires this file, a run of single files does not.
"use strict";

// What is TypeScript can be loaded once the run begins.
exports.mochaGlobalSetup = () => require("./run").beginRun();

exports.mochaGlobalTeardown = function () {
  return require("./run").judgeRun(this.stats);
};
