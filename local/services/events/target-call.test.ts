/** How targets are called. Does not prove that they let EventBridge in (the stage's tests do). */
import assert from "node:assert/strict";
import { callOf, targetProblem } from "./target-call";

const TOPIC = "arn:aws:sns:eu-west-1:000000000000:operators";
const PIPELINE = "arn:aws:codepipeline:eu-west-1:000000000000:release";

describe("A rule's target", () => {
  it("is called by what its kind understands", () => {
    assert.deepEqual(callOf(TOPIC, "{}"), {
      service: "sns",
      operation: "Publish",
      input: { TopicArn: TOPIC, Message: "{}" },
    });
    assert.deepEqual(callOf(PIPELINE, "{}").input, { name: "release" });
  });

  it("names a role exactly where it does not let EventBridge in itself", () => {
    assert.equal(targetProblem(TOPIC, undefined), undefined);
    assert.equal(targetProblem(PIPELINE, "arn:aws:iam::000000000000:role/push"), undefined);
    assert.match(targetProblem(PIPELINE, undefined) ?? "", /needs a roleArn/);
    assert.match(targetProblem(TOPIC, "arn:aws:iam::000000000000:role/push") ?? "", /called without a role/);
    assert.match(
      targetProblem("arn:aws:sqs:eu-west-1:000000000000:q", undefined) ?? "",
      /functions, topics and pipelines/,
    );
  });
});
