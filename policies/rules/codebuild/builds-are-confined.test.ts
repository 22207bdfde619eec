/** Does not prove what a build does. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { buildsAreConfined } from "./builds-are-confined";

proveRule(buildsAreConfined, {
  right: [
    key,
    {
      type: "aws:codebuild/project:Project",
      properties: {
        environment: { privilegedMode: false },
        buildTimeout: 30,
        encryptionKey: KEY_ARN,
        logsConfig: { cloudwatchLogs: { groupName: "it-1" } },
      },
    },
  ],
  cases: [
    {
      when: "it is privileged",
      set: { "environment.privilegedMode": true },
      says: ["environment.privilegedMode must be false, got true"],
    },
    { when: "its key is none of ours", set: { encryptionKey: FOREIGN_KEY }, says: [notOurKey("encryptionKey")] },
    {
      when: "it may run for ever, and logs where nobody bounds it",
      set: { buildTimeout: undefined, logsConfig: undefined },
      says: [
        "buildTimeout must be a time limit of its own, got nothing",
        "logsConfig.cloudwatchLogs.groupName must be a log group of ours, got nothing",
      ],
    },
    {
      when: "whether it is privileged is not known",
      set: { "environment.privilegedMode": UNKNOWN },
      says: [notKnown("environment.privilegedMode", "false")],
    },
  ],
});
