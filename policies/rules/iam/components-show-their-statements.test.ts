/** Does not prove that what is shown is what is granted (policies-grant-what-is-shown does). */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { roleSamples, STREAM_PATTERN } from "../../../test/policy-pack/role-samples";
import { notKnown } from "../../../test/policy-pack/samples";
import { componentsShowTheirStatements } from "./components-show-their-statements";

const EMPTY = "the component shows no statements: what it grants cannot be judged before it is granted";

proveRule(componentsShowTheirStatements, {
  right: roleSamples,
  cases: [
    {
      when: "the SDK was told not to show inputs",
      of: "beacons",
      set: { statements: undefined, trust: undefined },
      says: [EMPTY],
    },
    { when: "there is no statement", of: "beacons", set: { statements: [] }, says: [EMPTY] },
    {
      when: "an action is a wildcard",
      of: "beacons",
      set: { "statements[0].actions[0]": "kinesis:*" },
      says: ['statements[0].actions[0] must be one exact action, got "kinesis:*"'],
    },
    {
      when: "an ARN is another than was promised",
      of: "beacons",
      set: { "statements[0].targets[0].arn": "arn:aws:kinesis:eu-west-1:000000000000:stream/other-1" },
      says: [
        `statements[0].targets[0].arn is arn:aws:kinesis:eu-west-1:000000000000:stream/other-1, which its pattern ${STREAM_PATTERN} did not promise`,
      ],
    },
    { when: "an ARN is not known yet", of: "beacons", set: { "statements[0].targets[0].arn": UNKNOWN }, says: [] },
    {
      when: "not even a pattern is known",
      of: "beacons",
      set: { "statements[0].targets[0]": { arn: UNKNOWN, pattern: UNKNOWN } },
      says: [notKnown("statements[0].targets[0].pattern", "the pattern that the ARN will match")],
    },
    {
      when: "an action is not known, and the wildcard beside it is",
      of: "beacons",
      set: { "statements[0].actions": [UNKNOWN, "kinesis:*"] },
      says: [
        notKnown("statements[0].actions[0]", "one exact action"),
        'statements[0].actions[1] must be one exact action, got "kinesis:*"',
      ],
    },
  ],
});
