/**
 * Step Functions over loopback, driven by its AWS SDK client.
 * Does not prove: that AWS accepts a definition; asl-validator and the published specification stand for it.
 */
import assert from "node:assert/strict";
import {
  SFNClient,
  StartExecutionCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
} from "@aws-sdk/client-sfn";
import * as aws from "@pulumi/aws";
import { render, withStage } from "../../../test/stage";

const machine = (definition: object) => (): void => {
  const role = new aws.iam.Role("machine", {
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  new aws.sfn.StateMachine("m", { name: "m", roleArn: role.arn, definition: JSON.stringify(definition) });
};
const ARN = "arn:aws:states:eu-west-1:000000000000:stateMachine:m";

describe("Step Functions", () => {
  it("runs a machine from state to state and tells its history", async () => {
    const graph = await render(
      machine({
        QueryLanguage: "JSONata",
        StartAt: "A",
        States: {
          A: {
            Type: "Pass",
            Output: { n: "{% $states.input.n + 1 %}" },
            Assign: { seen: "{% $states.input.n %}" },
            Next: "W",
          },
          W: { Type: "Wait", Seconds: 60, Next: "C" },
          C: { Type: "Choice", Choices: [{ Condition: "{% $seen = 1 %}", Next: "P" }], Default: "F" },
          P: {
            Type: "Parallel",
            Branches: [
              { StartAt: "P1", States: { P1: { Type: "Pass", Output: "{% $seen %}", End: true } } },
              { StartAt: "P2", States: { P2: { Type: "Wait", Seconds: 5, End: true } } },
            ],
            Next: "M",
          },
          M: {
            Type: "Map",
            Items: "{% [1..3] %}",
            ItemSelector: { v: "{% $states.context.Map.Item.Value * 2 %}" },
            ItemProcessor: {
              StartAt: "I",
              States: { I: { Type: "Pass", Output: "{% $states.input.v %}", End: true } },
            },
            Next: "S",
          },
          S: { Type: "Succeed" },
          F: { Type: "Fail" },
        },
      }),
    );
    await withStage(graph, async ({ client, clock }) => {
      const sfn = new SFNClient(client());
      const { executionArn } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn: ARN, name: "one", input: '{"n":1}' }),
      );
      await clock.advance(59_000);
      assert.equal((await sfn.send(new DescribeExecutionCommand({ executionArn }))).status, "RUNNING");
      await clock.advance(10_000);
      const done = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      assert.deepEqual([done.status, done.output], ["SUCCEEDED", "[2,4,6]"]);
      const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
      assert.deepEqual([events[0]?.type, events.at(-1)?.type], ["ExecutionStarted", "ExecutionSucceeded"]);
      assert.ok(events.every(({ id, previousEventId = 0 }, index) => id === index + 1 && previousEventId <= index));
      sfn.destroy();
    });
  });
});
