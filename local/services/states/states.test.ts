/**
 * Step Functions over loopback, driven by its AWS SDK client: what each operation answers and refuses.
 * Does not prove: how AWS words its refusals.
 */
import assert from "node:assert/strict";
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  ValidateStateMachineDefinitionCommand,
  type HistoryEvent,
} from "@aws-sdk/client-sfn";
import { START, render, withStage, type TestStage } from "../../../test/stage";
import { roleSession } from "../../iam/principal";
import { expectAccepted } from "./testing/accepted";
import { MACHINE, program } from "./testing/program";

const DEFINITION = {
  QueryLanguage: "JSONata",
  StartAt: "Wait",
  States: {
    Wait: { Type: "Wait", Seconds: 60, Assign: { n: "{% $states.input.n %}" }, Next: "Done" },
    Done: { Type: "Pass", Output: "{% $n + 1 %}", End: true },
  },
};

const withMachine = async (
  run: (sfn: SFNClient, test: TestStage) => Promise<void>,
  definition: object = DEFINITION,
): Promise<void> => {
  await withStage(await render(program({ definition })), async (test) => {
    const sfn = new SFNClient(test.client());
    try {
      await run(sfn, test);
    } finally {
      sfn.destroy();
    }
  });
};

const start = async (sfn: SFNClient, name: string, input = '{"n":1}'): Promise<string> => {
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name, input }));
  return executionArn ?? assert.fail("no ARN");
};

describe("Step Functions", () => {
  it("runs an execution, and describes it meanwhile and afterwards", () =>
    withMachine(async (sfn, { clock }) => {
      const executionArn = await start(sfn, "one");
      assert.equal(executionArn, `${MACHINE.replace("stateMachine", "execution")}:one`);
      const { status, input, startDate, stopDate } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      assert.deepEqual([status, input, startDate, stopDate], ["RUNNING", '{"n":1}', new Date(START), undefined]);
      await clock.advance(60_000);
      const ended = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      assert.deepEqual([ended.status, ended.output, ended.stopDate], ["SUCCEEDED", "2", new Date(START + 60_000)]);
    }));

  it("tells the history of an execution event by event, with its data", () =>
    withMachine(async (sfn, { clock }) => {
      const executionArn = await start(sfn, "one");
      await clock.advance(60_000);
      const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
      assert.deepEqual(
        events.map(({ id, previousEventId, type }) => [id, previousEventId, type]),
        [
          [1, 0, "ExecutionStarted"],
          [2, 1, "WaitStateEntered"],
          [3, 2, "WaitStateExited"],
          [4, 3, "PassStateEntered"],
          [5, 4, "PassStateExited"],
          [6, 5, "ExecutionSucceeded"],
        ],
      );
      const [started, entered, exited, , , succeeded] = events;
      assert.equal(started?.executionStartedEventDetails?.input, '{"n":1}');
      assert.equal(started?.executionStartedEventDetails?.roleArn, "arn:aws:iam::000000000000:role/states");
      const data = { input: '{"n":1}', inputDetails: { truncated: false } };
      assert.deepEqual(entered?.stateEnteredEventDetails, { name: "Wait", ...data });
      assert.deepEqual(exited?.stateExitedEventDetails?.assignedVariables, { n: "1" });
      assert.equal(succeeded?.executionSucceededEventDetails?.output, "2");
      assert.deepEqual(exited?.timestamp, new Date(START + 60_000));
    }));

  it("gives the history in pages, backwards and without data when asked", () =>
    withMachine(async (sfn, { clock }) => {
      const executionArn = await start(sfn, "one");
      await clock.advance(60_000);
      const seen: HistoryEvent[] = [];
      const request = { executionArn, reverseOrder: true, includeExecutionData: false };
      for await (const { events = [] } of paginateGetExecutionHistory({ client: sfn, pageSize: 4 }, request)) {
        assert.ok(events.length <= 4);
        seen.push(...events);
      }
      assert.deepEqual(
        seen.map(({ id }) => id),
        [6, 5, 4, 3, 2, 1],
      );
      assert.equal(seen[5]?.executionStartedEventDetails?.input, undefined);
      const nextToken = "made up";
      await assert.rejects(sfn.send(new GetExecutionHistoryCommand({ executionArn, nextToken })), {
        name: "InvalidToken",
      });
    }));

  it("takes the same start twice while the execution runs, and no other of its name", () =>
    withMachine(async (sfn, { clock }) => {
      const first = await sfn.send(
        new StartExecutionCommand({ stateMachineArn: MACHINE, name: "one", input: '{"n":1}' }),
      );
      await clock.advance(1_000);
      const again = await sfn.send(
        new StartExecutionCommand({ stateMachineArn: MACHINE, name: "one", input: '{"n":1}' }),
      );
      assert.deepEqual([again.executionArn, again.startDate], [first.executionArn, first.startDate]);
      await assert.rejects(start(sfn, "one", '{"n":2}'), { name: "ExecutionAlreadyExists" });
      await clock.advance(60_000);
      await assert.rejects(start(sfn, "one"), { name: "ExecutionAlreadyExists" });
      const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: MACHINE }));
      assert.equal(executions?.length, 1);
    }));

  it("gives a name free 90 days after its execution ended", () =>
    withMachine(async (sfn, { clock }) => {
      await start(sfn, "one");
      await clock.advance(89 * 86_400_000);
      await assert.rejects(start(sfn, "one"), { name: "ExecutionAlreadyExists" });
      await clock.advance(86_400_000 + 2 * 3_600_000);
      const executionArn = await start(sfn, "one");
      assert.equal((await sfn.send(new DescribeExecutionCommand({ executionArn }))).status, "RUNNING");
    }));

  it("stops an execution where it stands, once", () =>
    withMachine(async (sfn, { clock }) => {
      const executionArn = await start(sfn, "one");
      await clock.advance(5_000);
      const stop = new StopExecutionCommand({ executionArn, error: "Enough", cause: "for today" });
      assert.deepEqual((await sfn.send(stop)).stopDate, new Date(START + 5_000));
      await clock.advance(100_000);
      assert.deepEqual((await sfn.send(stop)).stopDate, new Date(START + 5_000));
      const { status, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      assert.deepEqual([status, error, cause], ["ABORTED", "Enough", "for today"]);
      const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
      assert.deepEqual(events.at(-1)?.executionAbortedEventDetails, { error: "Enough", cause: "for today" });
    }));

  it("lists executions, the newest first, by status and in pages", () =>
    withMachine(async (sfn, { clock }) => {
      for (const name of ["a", "b", "c"]) {
        await start(sfn, name);
        await clock.advance(25_000);
      }
      const list = async (more: object): Promise<[(string | undefined)[], string | undefined]> => {
        const { executions = [], nextToken } = await sfn.send(
          new ListExecutionsCommand({ stateMachineArn: MACHINE, ...more }),
        );
        return [executions.map(({ name }) => name), nextToken];
      };
      const [names, nextToken] = await list({ maxResults: 2 });
      assert.deepEqual(names, ["c", "b"]);
      assert.deepEqual(await list({ maxResults: 2, nextToken }), [["a"], undefined]);
      assert.deepEqual(await list({ statusFilter: "SUCCEEDED" }), [["a"], undefined]);
    }));

  it("describes its machines", () =>
    withMachine(async (sfn) => {
      const { stateMachines } = await sfn.send(new ListStateMachinesCommand({}));
      assert.deepEqual(
        stateMachines?.map(({ name, stateMachineArn, type }) => [name, stateMachineArn, type]),
        [["m", MACHINE, "STANDARD"]],
      );
      const described = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: MACHINE }));
      assert.deepEqual([described.status, JSON.parse(described.definition ?? "")], ["ACTIVE", DEFINITION]);
      const executionArn = await start(sfn, "one");
      const ofExecution = await sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
      assert.deepEqual([ofExecution.definition, ofExecution.name], [described.definition, "m"]);
    }));

  it("refuses what it cannot start, find or read, as AWS does", () =>
    withMachine(async (sfn) => {
      const other = MACHINE.replace(/:m$/, ":other");
      const started = (more: object): Promise<unknown> =>
        sfn.send(new StartExecutionCommand({ stateMachineArn: MACHINE, ...more }));
      await assert.rejects(started({ stateMachineArn: other }), { name: "StateMachineDoesNotExist" });
      await assert.rejects(started({ stateMachineArn: "m" }), { name: "InvalidArn" });
      await assert.rejects(started({ name: "a b" }), { name: "InvalidName" });
      await assert.rejects(started({ name: "a".repeat(81) }), { name: "InvalidName" });
      await assert.rejects(started({ input: "{" }), { name: "InvalidExecutionInput" });
      await assert.rejects(started({ input: JSON.stringify("x".repeat(262_143)) }), { name: "InvalidExecutionInput" });
      const executionArn = `${MACHINE.replace("stateMachine", "execution")}:none`;
      await assert.rejects(sfn.send(new DescribeExecutionCommand({ executionArn })), { name: "ExecutionDoesNotExist" });
      await assert.rejects(sfn.send(new StopExecutionCommand({ executionArn: "none" })), { name: "InvalidArn" });
    }));

  it("lets nobody start, look or stop without leave", () =>
    withMachine(async (_, { client }) => {
      const stranger = new SFNClient(client(roleSession("arn:aws:iam::000000000000:role/states", "stranger")));
      const executionArn = `${MACHINE.replace("stateMachine", "execution")}:one`;
      const denied = { name: "AccessDeniedException" };
      await assert.rejects(start(stranger, "one"), denied);
      await assert.rejects(stranger.send(new DescribeExecutionCommand({ executionArn })), denied);
      await assert.rejects(stranger.send(new StopExecutionCommand({ executionArn })), denied);
      await assert.rejects(stranger.send(new ListStateMachinesCommand({})), denied);
      stranger.destroy();
    }));

  it("judges a definition without keeping it", () =>
    withMachine(async (sfn) => {
      const judge = async (definition: object): Promise<unknown> => {
        const validate = new ValidateStateMachineDefinitionCommand({ definition: JSON.stringify(definition) });
        const { result, diagnostics = [] } = await sfn.send(validate);
        return [result, diagnostics.map(({ location }) => location)];
      };
      assert.deepEqual(await judge(DEFINITION), ["OK", []]);
      const { States } = DEFINITION;
      const broken = { ...DEFINITION, States: { ...States, Done: { Type: "Pass", Output: "{% ( %}", End: true } } };
      assert.deepEqual(await judge(broken), ["FAIL", ["/States/Done/Output"]]);
    }));

  it("counts executions and how long they took, as metrics of the machine", () =>
    withMachine(async (sfn, { clock, stage }) => {
      const measured: [string, number][] = [];
      stage.onMeasure(({ namespace, name, value }) => namespace === "AWS/States" && measured.push([name, value]));
      await start(sfn, "one");
      await clock.advance(60_000);
      assert.deepEqual(measured, [
        ["ExecutionsStarted", 1],
        ["ExecutionsSucceeded", 1],
        ["ExecutionTime", 60_000],
      ]);
    }));

  it("is tested with a definition that asl-validator accepts", () => expectAccepted([DEFINITION]));
});
