/** What a machine writes to its log group, by level, and what its role needs for that. */
import assert from "node:assert/strict";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import * as aws from "@pulumi/aws";
import { render, withStage } from "../../../test/stage";
import { MACHINE, program, REGION_ACCOUNT, type Declared } from "./testing/program";

const LOGGING = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

const declared = (level: string, includeExecutionData: boolean, actions = LOGGING): Declared => ({
  definition: {
    StartAt: "A",
    States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Fail", Error: "Own", Cause: "why" } },
  },
  grants: [{ Action: actions, Resource: "*" }],
  also: () => void new aws.cloudwatch.LogGroup("m", { name: "/machines/m" }),
  machine: {
    loggingConfiguration: {
      level,
      includeExecutionData,
      logDestination: `arn:aws:logs:${REGION_ACCOUNT}:log-group:/machines/m:*`,
    },
  },
});

interface Line {
  readonly id: string;
  readonly type: string;
  readonly details: Record<string, unknown>;
  readonly previous_event_id: string;
  readonly event_timestamp: string;
  readonly execution_arn: string;
}

const linesOf = async (program_: Declared): Promise<Line[]> => {
  let lines: Line[] = [];
  await withStage(await render(program(program_)), async ({ client, clock, logged }) => {
    const sfn = new SFNClient(client());
    await sfn.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: "one", input: '{"a":1}' }));
    sfn.destroy();
    await clock.settle();
    lines = logged.map((line) => JSON.parse(line) as Line);
  });
  return lines;
};

describe("The log of a state machine", () => {
  it("tells every event at level ALL, with data where that is asked for", async () => {
    const lines = await linesOf(declared("ALL", true));
    assert.deepEqual(
      lines.map(({ type }) => type),
      ["ExecutionStarted", "PassStateEntered", "PassStateExited", "FailStateEntered", "ExecutionFailed"],
    );
    const [started, entered] = lines;
    assert.equal(started?.details["input"], '{"a":1}');
    assert.deepEqual([entered?.id, entered?.previous_event_id], ["2", "1"]);
    assert.equal(entered?.execution_arn, `${MACHINE.replace("stateMachine", "execution")}:one`);
  });

  it("leaves data out where it is not asked for", async () => {
    const lines = await linesOf(declared("ALL", false));
    assert.ok(lines.length === 5 && lines.every(({ details }) => details["input"] === undefined));
  });

  it("tells failures at level ERROR, and the end at level FATAL", async () => {
    const typesAt = async (level: string): Promise<string[]> =>
      (await linesOf(declared(level, false))).map(({ type }) => type);
    assert.deepEqual(await typesAt("ERROR"), ["FailStateEntered", "ExecutionFailed"]);
    assert.deepEqual(await typesAt("FATAL"), ["ExecutionFailed"]);
  });

  it("needs the permissions by which Step Functions sets a delivery up", async () => {
    const graph = await render(program(declared("ALL", true, LOGGING.slice(1))));
    await assert.rejects(
      withStage(graph, async () => undefined),
      /StateMachine m .*not authorized to perform: logs:CreateLogDelivery/,
    );
  });
});
