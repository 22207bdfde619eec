/** Executions of a whole stage that closes and opens again, with the same program or another. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import * as aws from "@pulumi/aws";
import { render, START, withStage, type TestStage } from "../../../test/stage";
import { MACHINE, program, REGION_ACCOUNT, type Declared } from "./testing/program";

const waiting = (Output: string): object => ({
  QueryLanguage: "JSONata",
  StartAt: "W",
  States: { W: { Type: "Wait", Seconds: 60, Output, End: true } },
});
const EXECUTION = `${MACHINE.replace("stateMachine", "execution")}:one`;

describe("An execution", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "states-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Opens the stage at some seconds after the first start, for as long as `run` takes. */
  const open = async (
    declared: Declared | undefined,
    at: number,
    run: (sfn: SFNClient, test: TestStage) => Promise<void>,
  ): Promise<void> => {
    const graph = await render(declared === undefined ? () => undefined : program(declared));
    await withStage(
      graph,
      async (test) => {
        const sfn = new SFNClient(test.client());
        try {
          await run(sfn, test);
        } finally {
          sfn.destroy();
        }
      },
      { folder, start: START + at * 1000 },
    );
  };
  const begin = async (sfn: SFNClient, { clock }: TestStage): Promise<void> => {
    await sfn.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: "one" }));
    await clock.advance(20_000);
  };
  const describe = (sfn: SFNClient) => sfn.send(new DescribeExecutionCommand({ executionArn: EXECUTION }));
  const typesOf = async (sfn: SFNClient): Promise<string[]> => {
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn: EXECUTION }));
    return events.map(({ type }) => type ?? "");
  };

  it("waits on by the clock while its stage is down", async () => {
    const definition = waiting("done");
    await open({ definition }, 0, begin);
    await open({ definition }, 40, async (sfn, { clock }) => {
      await clock.advance(19_000);
      assert.equal((await describe(sfn)).status, "RUNNING");
      await clock.advance(1_000);
      const { status, stopDate } = await describe(sfn);
      assert.deepEqual([status, stopDate], ["SUCCEEDED", new Date(START + 60_000)]);
      assert.deepEqual(await typesOf(sfn), [
        "ExecutionStarted",
        "WaitStateEntered",
        "WaitStateExited",
        "ExecutionSucceeded",
      ]);
    });
  });

  it("goes on at once when its wait ended meanwhile, and stays ended", async () => {
    const definition = waiting("done");
    await open({ definition }, 0, begin);
    for (const at of [500, 600]) {
      await open({ definition }, at, async (sfn, { clock }) => {
        await clock.settle();
        const { status, stopDate } = await describe(sfn);
        assert.deepEqual([status, stopDate], ["SUCCEEDED", new Date(START + 500_000)]);
      });
    }
  });

  it("runs to its end by the definition it began with", async () => {
    await open({ definition: waiting("old") }, 0, begin);
    await open({ definition: waiting("new") }, 61, async (sfn, { clock }) => {
      await clock.settle();
      assert.equal((await describe(sfn)).output, '"old"');
    });
  });

  it("is aborted when the program does not declare its machine any more", async () => {
    await open({ definition: waiting("done") }, 0, begin);
    await open(undefined, 30, async (sfn, { clock }) => {
      await clock.settle();
      const { status, error } = await describe(sfn);
      assert.deepEqual([status, error], ["ABORTED", "StateMachineDeleted"]);
    });
  });

  it("goes on as the role it began with, and fails when that is gone", async () => {
    const definition = waiting("done");
    await open({ definition }, 0, begin);
    await open({ definition, role: "another" }, 30, async (sfn, { clock }) => {
      await clock.settle();
      const { status, error, cause } = await describe(sfn);
      assert.deepEqual([status, error], ["FAILED", "States.Runtime"]);
      assert.match(cause ?? "", /may not take on arn:aws:iam::000000000000:role\/states/);
    });
  });

  it("takes the answer to a token that was sent before its stage went down", async () => {
    const declared: Declared = {
      also: () => void new aws.sqs.Queue("q", { name: "q" }),
      grants: [{ Action: "sqs:SendMessage", Resource: `arn:aws:sqs:${REGION_ACCOUNT}:q` }],
      definition: {
        QueryLanguage: "JSONata",
        StartAt: "T",
        States: {
          T: {
            Type: "Task",
            Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            Arguments: { QueueUrl: "http://127.0.0.1/000000000000/q", MessageBody: "{% $states.context.Task.Token %}" },
            End: true,
          },
        },
      },
    };
    let taskToken: string | undefined;
    await open(declared, 0, async (sfn, test) => {
      await begin(sfn, test);
      const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn: EXECUTION }));
      const parameters =
        events.flatMap(({ taskScheduledEventDetails: details }) => details?.parameters ?? [])[0] ?? "{}";
      ({ MessageBody: taskToken } = JSON.parse(parameters) as { MessageBody?: string });
    });
    await open(declared, 40, async (sfn, { clock }) => {
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '"answered"' }));
      await clock.settle();
      assert.equal((await describe(sfn)).output, '"answered"');
      const types = await typesOf(sfn);
      assert.equal(types.filter((type) => type === "TaskScheduled").length, 1, "the message was sent once");
    });
  });

  it("waits on for the execution that it began, and begins no other", async () => {
    const inner = `arn:aws:states:${REGION_ACCOUNT}:stateMachine:inner`;
    const declared: Declared = {
      also: () => {
        const assumeRolePolicy = JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
        });
        const role = new aws.iam.Role("inner", { name: "inner", assumeRolePolicy });
        const definition = JSON.stringify(waiting("inner"));
        new aws.sfn.StateMachine("inner", { name: "inner", roleArn: role.arn, definition });
      },
      grants: [
        { Action: "states:StartExecution", Resource: inner },
        {
          Action: ["states:DescribeExecution", "states:StopExecution"],
          Resource: `arn:aws:states:${REGION_ACCOUNT}:execution:inner:*`,
        },
        {
          Action: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
          Resource: `arn:aws:events:${REGION_ACCOUNT}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`,
        },
      ],
      definition: {
        QueryLanguage: "JSONata",
        StartAt: "T",
        States: {
          T: {
            Type: "Task",
            Resource: "arn:aws:states:::states:startExecution.sync:2",
            Arguments: { StateMachineArn: inner },
            Output: "{% $states.result.Output %}",
            End: true,
          },
        },
      },
    };
    await open(declared, 0, begin);
    await open(declared, 40, async (sfn, { clock }) => {
      await clock.advance(25_000);
      assert.equal((await describe(sfn)).output, '"inner"');
      const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: inner }));
      assert.equal(executions?.length, 1);
    });
  });
});
