import { between, present } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

const QUEUE = "aws:sqs/queue:Queue";

export const eventSourcesGiveUpInTheEnd: StackRule = {
  name: "lambda-event-sources-give-up-in-the-end",
  description: "One bad record can hold a stream up neither for ever nor without a trace.",
  severity: "high",
  fix: "set maximumRetryAttempts, maximumRecordAgeInSeconds and destinationConfig.onFailure; for a queue, its redrive policy",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
  types: ["aws:lambda/eventSourceMapping:EventSourceMapping"],
  checkWithin(stack, mapping, examination) {
    const queue = stack.target(mapping, "eventSourceArn", QUEUE);
    if (queue !== undefined) {
      // A queue's own redrive policy bounds the attempts.
      return examination.of(queue).expect("redrivePolicy", present("a policy that ends in a queue for what failed"));
    }
    examination.expect("maximumRetryAttempts", between(0, 100, "attempts"));
    examination.expect("maximumRecordAgeInSeconds", between(60, 86_400, "seconds"));
    examination.expect(
      "destinationConfig.onFailure.destinationArn",
      present("the ARN of a queue or topic for what failed"),
    );
  },
};
