import { present, satisfying } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";

export const applicationsAreBounded: ResourceRule = {
  name: "emr-applications-are-bounded",
  description: "A Spark application runs in our network, cannot grow without end, and stops when nobody needs it.",
  severity: "medium",
  fix: "set networkConfiguration.subnetIds, maximumCapacity, and leave autoStopConfiguration on",
  url: "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-best-practices.html",
  types: ["aws:emrserverless/application:Application"],
  check(_, examination) {
    examination.expect("networkConfiguration.subnetIds", present("subnets of ours"));
    examination.expect("maximumCapacity.cpu", present("the most that may run at once"));
    examination.expect(
      "autoStopConfiguration.enabled",
      satisfying("true, or left out", (value) => value !== false),
    );
  },
};
