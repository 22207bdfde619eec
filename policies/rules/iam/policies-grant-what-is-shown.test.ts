/** Does not prove that what is shown is right: other rules judge it. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { granted, roleSamples, STREAM_ARN } from "../../../test/policy-pack/role-samples";
import { policiesGrantWhatIsShown } from "./policies-grant-what-is-shown";

const SHOWN = `["WriteInput","Allow",["kinesis:PutRecord"],["${STREAM_ARN}"],null,[]]`;

proveRule(policiesGrantWhatIsShown, {
  right: roleSamples,
  cases: [
    {
      when: "the policy grants one action more",
      of: "policy",
      set: { policy: granted({ Action: ["kinesis:PutRecord", "kinesis:DeleteStream"] }) },
      says: [
        `the policy grants what was not shown: ${SHOWN.replace('"kinesis:PutRecord"', '"kinesis:PutRecord","kinesis:DeleteStream"')}`,
        `the policy does not say what was shown: ${SHOWN}`,
      ],
    },
    {
      when: "a condition was lost",
      of: "beacons",
      set: { "statements[0].conditions": { StringEquals: { "aws:PrincipalTag/x": "y" } } },
      says: [
        `the policy grants what was not shown: ${SHOWN}`,
        `the policy does not say what was shown: ${SHOWN.replace("null", '{"StringEquals":{"aws:PrincipalTag/x":"y"}}')}`,
      ],
    },
    {
      when: "the policy is no JSON",
      of: "policy",
      set: { policy: "{" },
      says: [`the policy does not say what was shown: ${SHOWN}`],
    },
    { when: "the policy is not known yet", of: "policy", set: { policy: UNKNOWN }, says: [] },
  ],
});
