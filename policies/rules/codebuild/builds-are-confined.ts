import { NOT_TRUE, ourKey, present } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

export const buildsAreConfined: StackRule = {
  name: "codebuild-builds-are-confined",
  description:
    "A build has no power over its host, ends in time, logs, and encrypts what it leaves behind with a key of ours.",
  severity: "high",
  fix: "set environment.privilegedMode: false, buildTimeout, encryptionKey, logsConfig.cloudwatchLogs",
  url: "https://docs.aws.amazon.com/codebuild/latest/userguide/security-best-practices.html",
  types: ["aws:codebuild/project:Project"],
  checkWithin(stack, _, examination) {
    examination.expect("environment.privilegedMode", NOT_TRUE);
    examination.expect("buildTimeout", present("a time limit of its own"));
    examination.expect("encryptionKey", ourKey(stack));
    examination.expect("logsConfig.cloudwatchLogs.groupName", present("a log group of ours"));
  },
};
