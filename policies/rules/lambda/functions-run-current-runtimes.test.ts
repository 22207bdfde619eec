/** Does not prove that AWS still patches the runtimes that are named here: the list is checked by hand once a year. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { functionsRunCurrentRuntimes } from "./functions-run-current-runtimes";

const RUNTIME = "a runtime that AWS patches, e.g. nodejs24.x";

proveRule(functionsRunCurrentRuntimes, {
  right: [
    {
      type: "aws:lambda/function:Function",
      properties: { runtime: "nodejs24.x", timeout: 30, loggingConfig: { logGroup: "it-1" } },
    },
    {
      type: "aws:lambda/function:Function",
      name: "image",
      properties: { packageType: "Image", timeout: 30, loggingConfig: { logGroup: "image-1" } },
    },
  ],
  cases: [
    {
      when: "its runtime has had its last patch",
      set: { runtime: "nodejs18.x" },
      says: [`runtime must be ${RUNTIME}, got "nodejs18.x"`],
    },
    {
      when: "it logs to a group that nobody encrypts or bounds",
      set: { loggingConfig: undefined },
      says: ["loggingConfig.logGroup must be a log group of ours, got nothing"],
    },
    { when: "its log group has no name yet", set: { "loggingConfig.logGroup": UNKNOWN }, says: [] },
    { when: "its runtime is not known", set: { runtime: UNKNOWN }, says: [notKnown("runtime", RUNTIME)] },
  ],
});
