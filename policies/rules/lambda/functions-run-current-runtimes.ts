import { matching, present } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";

export const functionsRunCurrentRuntimes: ResourceRule = {
  name: "lambda-functions-run-current-runtimes",
  description:
    "A function runs on a runtime that AWS patches, under a time limit of its own, and logs to a group of ours.",
  severity: "medium",
  fix: 'set runtime: "nodejs24.x", timeout, and loggingConfig.logGroup',
  url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
  types: ["aws:lambda/function:Function"],
  check({ properties }, examination) {
    // An image brings its runtime along.
    if (properties["packageType"] !== "Image") {
      examination.expect(
        "runtime",
        matching(
          "a runtime that AWS patches, e.g. nodejs24.x",
          /^(nodejs2[2-9]\.x|python3\.1[2-9]|java(21|25)|provided\.al2023)$/,
        ),
      );
    }
    examination.expect("timeout", present("a time limit of its own"));
    examination.expect("loggingConfig.logGroup", present("a log group of ours"));
  },
};
