/** Against the committed matrix. Does not prove that the matrix is right: people read it. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { roleSamples, STREAM_PATTERN } from "../../../test/policy-pack/role-samples";
import { accessIsInTheMatrix } from "./access-is-in-the-matrix";

const fresh = (access: string): string => `beacons gets ${access}, which the committed matrix does not list`;

proveRule(accessIsInTheMatrix, {
  right: roleSamples,
  cases: [
    {
      when: "an action is new",
      of: "beacons",
      set: { "statements[0].actions": ["kinesis:PutRecord", "kinesis:PutRecords"] },
      says: [fresh(`kinesis:PutRecords on ${STREAM_PATTERN}`)],
    },
    {
      when: "the same action reaches further",
      of: "beacons",
      set: { "statements[0].targets[0].pattern": "arn:aws:kinesis:eu-west-1:*:stream/*" },
      says: [fresh("kinesis:PutRecord on arn:aws:kinesis:eu-west-1:*:stream/*")],
    },
    {
      when: "the same access is in another region",
      of: "beacons",
      set: { "statements[0].targets[0].pattern": "arn:aws:kinesis:us-east-1:*:stream/input-*" },
      says: [],
    },
    {
      when: "it reaches less far",
      of: "beacons",
      set: { "statements[0].targets[0].pattern": "arn:aws:kinesis:eu-west-1:*:stream/input-a*" },
      says: [],
    },
    {
      when: "a condition makes it less",
      of: "beacons",
      set: { "statements[0].conditions": { StringEquals: { "aws:PrincipalTag/x": "y" } } },
      says: [],
    },
    {
      when: "an action is not known",
      of: "beacons",
      set: { "statements[0].actions": [UNKNOWN] },
      says: [fresh(`(unknown) on ${STREAM_PATTERN}`)],
    },
    {
      when: "a pattern is not known",
      of: "beacons",
      set: { "statements[0].targets[0].pattern": UNKNOWN },
      says: [fresh("kinesis:PutRecord on *")],
    },
  ],
});
