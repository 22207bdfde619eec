/** Does not prove that Lambda hands over what failed (local/services/lambda does). */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { eventSourcesGiveUpInTheEnd } from "./event-sources-give-up-in-the-end";

const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";

proveRule(eventSourcesGiveUpInTheEnd, {
  right: [
    {
      type: MAPPING,
      properties: {
        eventSourceArn: "arn:aws:kinesis:eu-west-1:000000000000:stream/input-1",
        maximumRetryAttempts: 5,
        maximumRecordAgeInSeconds: 3600,
        destinationConfig: { onFailure: { destinationArn: "arn:aws:sqs:eu-west-1:000000000000:failures-1" } },
      },
    },
    {
      type: "aws:sqs/queue:Queue",
      name: "queue",
      properties: { arn: "arn:aws:sqs:eu-west-1:000000000000:work-1", redrivePolicy: "{}" },
    },
    {
      type: MAPPING,
      name: "worker",
      properties: { eventSourceArn: "arn:aws:sqs:eu-west-1:000000000000:work-1" },
      wiring: { eventSourceArn: ["queue"] },
    },
  ],
  cases: [
    {
      when: "it tries for ever",
      set: { maximumRetryAttempts: -1, maximumRecordAgeInSeconds: undefined },
      says: [
        "maximumRetryAttempts must be 0..100 attempts, got -1",
        "maximumRecordAgeInSeconds must be 60..86400 seconds, got nothing",
      ],
    },
    {
      when: "what failed is gone",
      set: { destinationConfig: undefined },
      says: [
        "destinationConfig.onFailure.destinationArn must be the ARN of a queue or topic for what failed, got nothing",
      ],
    },
    {
      when: "its queue has nowhere to put what failed",
      of: "queue",
      set: { redrivePolicy: undefined },
      says: ["redrivePolicy must be a policy that ends in a queue for what failed, got nothing"],
    },
    { when: "the queue has no ARN yet", of: "worker", set: { eventSourceArn: UNKNOWN }, says: [] },
    {
      when: "the attempts are not known",
      set: { maximumRetryAttempts: UNKNOWN },
      says: [notKnown("maximumRetryAttempts", "0..100 attempts")],
    },
  ],
});
