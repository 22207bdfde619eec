/** A role as infra/iam makes it, small enough to change in a test: the component, the role and its policy. */
import type { Sample } from "./sample";
import type { Properties } from "../../policies/core/value";

export const STREAM_ARN = "arn:aws:kinesis:eu-west-1:000000000000:stream/input-1";
export const STREAM_PATTERN = "arn:aws:kinesis:eu-west-1:*:stream/input-*";

export const statement: Properties = {
  sid: "WriteInput",
  reason: "puts beacons on the input stream",
  actions: ["kinesis:PutRecord"],
  targets: [{ arn: STREAM_ARN, pattern: STREAM_PATTERN }],
};

/** The policy that the statement becomes. */
export const granted = (changes: Properties = {}): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "WriteInput", Effect: "Allow", Action: ["kinesis:PutRecord"], Resource: [STREAM_ARN], ...changes },
    ],
  });

export const trusted = (changes: Properties = {}): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole", ...changes },
    ],
  });

const SHOWN: Properties = {
  trust: { kind: "service", service: "apigateway.amazonaws.com" },
  statements: [statement],
};

/** A role named `beacons`, whose parts are named `component`, `it` and `policy`. */
export const roleSamples: readonly Sample[] = [
  { type: "clickstream:iam:Role", name: "beacons", properties: SHOWN },
  {
    type: "aws:iam/role:Role",
    properties: {
      name: "beacons-1",
      arn: "arn:aws:iam::000000000000:role/beacons-1",
      assumeRolePolicy: trusted(),
    },
    parent: "beacons",
  },
  {
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "policy",
    properties: { role: "beacons-1", policy: granted() },
    wiring: { role: ["it"], policy: ["it"] },
    parent: "beacons",
  },
];
