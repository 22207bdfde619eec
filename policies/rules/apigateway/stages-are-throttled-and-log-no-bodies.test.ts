/** Does not prove that API Gateway throttles (local/services/apigateway does). */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { stagesAreThrottledAndLogNoBodies } from "./stages-are-throttled-and-log-no-bodies";

const FORMAT = "a format without bodies, headers and claims";
const BODY = '{"id":"$context.requestId","body":"$input.body"}';

proveRule(stagesAreThrottledAndLogNoBodies, {
  right: [
    {
      type: "aws:apigateway/stage:Stage",
      properties: {
        stageName: "v1",
        accessLogSettings: {
          destinationArn: "arn:aws:logs:eu-west-1:000000000000:log-group:it-1",
          format: '{"id":"$context.requestId","status":"$context.status"}',
        },
      },
    },
    {
      type: "aws:apigateway/methodSettings:MethodSettings",
      name: "settings",
      properties: {
        stageName: "v1",
        methodPath: "*/*",
        settings: {
          throttlingRateLimit: 1000,
          throttlingBurstLimit: 2000,
          dataTraceEnabled: false,
          loggingLevel: "OFF",
        },
      },
    },
  ],
  cases: [
    {
      when: "nothing bounds the requests",
      without: "settings",
      says: ["no MethodSettings throttle every method (*/*) of the stage"],
    },
    {
      when: "one method alone is bounded",
      of: "settings",
      set: { methodPath: "beacon/GET" },
      says: ["no MethodSettings throttle every method (*/*) of the stage"],
    },
    {
      when: "the bound is none",
      of: "settings",
      set: { "settings.throttlingRateLimit": -1 },
      says: ["settings.throttlingRateLimit must be 1..10000 requests per second, got -1"],
    },
    {
      when: "it traces bodies",
      of: "settings",
      set: { "settings.dataTraceEnabled": true },
      says: ["settings.dataTraceEnabled must be false, got true"],
    },
    {
      when: "it writes bodies down",
      set: { "accessLogSettings.format": BODY },
      says: [`accessLogSettings.format must be ${FORMAT}, got ${JSON.stringify(BODY)}`],
    },
    { when: "the log group has no ARN yet", set: { "accessLogSettings.destinationArn": UNKNOWN }, says: [] },
    {
      when: "what it writes down is not known",
      set: { "accessLogSettings.format": UNKNOWN },
      says: [notKnown("accessLogSettings.format", FORMAT)],
    },
  ],
});
