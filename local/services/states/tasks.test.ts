/**
 * Tasks that call services of the stage as the machine's role: what goes in, what comes out, what is refused.
 * Does not prove: how AWS words causes.
 */
import assert from "node:assert/strict";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  type HistoryEvent,
} from "@aws-sdk/client-sfn";
import * as aws from "@pulumi/aws";
import { StageError } from "../../diagnostics";
import { render, withStage, type TestStage } from "../../../test/stage";
import { expectAccepted } from "./testing/accepted";
import { declareFunction, MACHINE, program, REGION_ACCOUNT, type Declared } from "./testing/program";

interface Ended {
  readonly status: string | undefined;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly events: readonly HistoryEvent[];
}

const definitions: object[] = [];

/** A machine in JSONata with one task. */
const machine = (task: object, more: object = {}): object => {
  const definition = {
    QueryLanguage: "JSONata",
    StartAt: "T",
    States: { T: { Type: "Task", ...task, End: true }, ...more },
  };
  definitions.push(definition);
  return definition;
};

const withProgram = async (
  declared: Declared,
  run: (sfn: SFNClient, test: TestStage) => Promise<void>,
): Promise<void> =>
  withStage(await render(program(declared)), async (test) => {
    const sfn = new SFNClient(test.client());
    try {
      await run(sfn, test);
    } finally {
      sfn.destroy();
    }
  });

const begin = async (sfn: SFNClient, input: unknown = {}): Promise<string> => {
  const start = new StartExecutionCommand({ stateMachineArn: MACHINE, input: JSON.stringify(input) });
  return (await sfn.send(start)).executionArn ?? assert.fail("no ARN");
};

const look = async (sfn: SFNClient, executionArn: string): Promise<Ended> => {
  const { status, output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  return { status, output: output === undefined ? undefined : JSON.parse(output), error, cause, events };
};

/** Runs the machine once, for two minutes of virtual time. */
const runOnce = async (declared: Declared, input: unknown = {}): Promise<Ended> => {
  let ended: Ended | undefined;
  await withProgram(declared, async (sfn, { clock }) => {
    const arn = await begin(sfn, input);
    await clock.advance(120_000);
    ended = await look(sfn, arn);
  });
  return ended ?? assert.fail("it did not run");
};

const INVOKE = { Action: "lambda:InvokeFunction", Resource: `arn:aws:lambda:${REGION_ACCOUNT}:function:fn` };
const ITEMS = `arn:aws:dynamodb:${REGION_ACCOUNT}:table/items`;
const table = (): void => {
  const attributes = [{ name: "id", type: "S" }];
  new aws.dynamodb.Table("items", { name: "items", hashKey: "id", attributes, billingMode: "PAY_PER_REQUEST" });
};

describe("A task", () => {
  after(() => expectAccepted(definitions));

  it("calls a function by lambda:invoke, and gets its answer as data", async () => {
    const { status, output, events } = await runOnce(
      {
        also: () => declareFunction("return { doubled: event.n * 2 };"),
        grants: [INVOKE],
        definition: machine({
          Resource: "arn:aws:states:::lambda:invoke",
          Arguments: { FunctionName: "fn", Payload: { n: "{% $states.input.n %}" } },
          Output: "{% $states.result.Payload %}",
        }),
      },
      { n: 21 },
    );
    assert.deepEqual([status, output], ["SUCCEEDED", { doubled: 42 }]);
    const types = events.map(({ type }) => type);
    assert.deepEqual(types.slice(2, 5), ["TaskScheduled", "TaskStarted", "TaskSucceeded"]);
    const { resourceType, resource, region } = events[2]?.taskScheduledEventDetails ?? {};
    assert.deepEqual([resourceType, resource, region], ["lambda", "invoke", "eu-west-1"]);
  });

  it("calls a function by its ARN, and gets its payload alone", async () => {
    const { output, events } = await runOnce(
      {
        also: () => declareFunction("return event;"),
        grants: [INVOKE],
        definition: machine({ Resource: INVOKE.Resource }),
      },
      { a: 1 },
    );
    assert.deepEqual(output, { a: 1 });
    const types = events.map(({ type }) => type);
    assert.deepEqual(types.slice(2, 5), [
      "LambdaFunctionScheduled",
      "LambdaFunctionStarted",
      "LambdaFunctionSucceeded",
    ]);
  });

  it("fails with the name of the error that a function throws", async () => {
    const { error, cause } = await runOnce({
      also: () => declareFunction(`const e = new Error("no such size"); e.name = "SizeError"; throw e;`),
      grants: [INVOKE],
      definition: machine({ Resource: "arn:aws:states:::lambda:invoke", Arguments: { FunctionName: "fn" } }),
    });
    assert.equal(error, "SizeError");
    assert.match(cause ?? "", /no such size/);
  });

  it("without its role's leave fails, and the ledger has the denial", () =>
    withProgram(
      {
        also: table,
        definition: machine({
          Resource: "arn:aws:states:::dynamodb:putItem",
          Arguments: { TableName: "items", Item: { id: { S: "1" } } },
        }),
      },
      async (sfn, { stage, clock }) => {
        const arn = await begin(sfn);
        await clock.settle();
        const { status, error, cause, events } = await look(sfn, arn);
        assert.deepEqual([status, error], ["FAILED", "DynamoDB.AmazonDynamoDBException"]);
        assert.match(cause ?? "", /is not authorized to perform: dynamodb:PutItem/);
        assert.ok(events.some(({ type }) => type === "TaskFailed"));
        const [role] = stage.permissions.roles.filter(({ denied }) => denied.length > 0);
        assert.deepEqual(
          role?.denied.map(({ action }) => action),
          ["dynamodb:PutItem"],
        );
      },
    ));

  it("writes and reads items, and is refused by a condition by name", async () => {
    const item = { TableName: "items", Item: { id: { S: "1" } }, ConditionExpression: "attribute_not_exists(id)" };
    const put = { Type: "Task", Resource: "arn:aws:states:::dynamodb:putItem", Arguments: item };
    const caught = { Catch: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], Next: "Read" }] };
    const { status, output } = await runOnce({
      also: table,
      grants: [{ Action: ["dynamodb:PutItem", "dynamodb:GetItem"], Resource: ITEMS }],
      definition: {
        QueryLanguage: "JSONata",
        StartAt: "Put",
        States: {
          Put: { ...put, Next: "Again" },
          Again: { ...put, ...caught, Next: "Read" },
          Read: {
            Type: "Task",
            Resource: "arn:aws:states:::aws-sdk:dynamodb:getItem",
            Arguments: { TableName: "items", Key: { id: { S: "1" } } },
            Output: { item: "{% $states.result.Item %}", error: "{% $states.input.Error %}" },
            End: true,
          },
        },
      },
    });
    assert.deepEqual(
      [status, output],
      ["SUCCEEDED", { item: { id: { S: "1" } }, error: "DynamoDB.ConditionalCheckFailedException" }],
    );
  });

  it("calls any operation of a service in PascalCase, and times come as text", async () => {
    const arn = `arn:aws:states:${REGION_ACCOUNT}:stateMachine:m`;
    const { output } = await runOnce({
      grants: [{ Action: "states:ListExecutions", Resource: arn }],
      definition: machine({
        Resource: "arn:aws:states:::aws-sdk:sfn:listExecutions",
        Arguments: { StateMachineArn: arn, StatusFilter: "RUNNING" },
        Output: "{% $states.result.Executions[0].[Status, StartDate] %}",
      }),
    });
    assert.deepEqual(output, ["RUNNING", "2026-01-05T10:00:00.000Z"]);
  });

  it("names a service's refusal after the service, and one without a name of its own generally", async () => {
    const call = (name: string): object =>
      machine({
        Resource: "arn:aws:states:::aws-sdk:dynamodb:getItem",
        Arguments: { TableName: name, Key: { id: { S: "1" } } },
      });
    const grants = [{ Action: "dynamodb:GetItem", Resource: `arn:aws:dynamodb:${REGION_ACCOUNT}:table/none` }];
    const missing = await runOnce({ definition: call("none"), grants });
    assert.equal(missing.error, "DynamoDb.ResourceNotFoundException");
    assert.equal((await runOnce({ definition: call("other"), grants })).error, "DynamoDb.DynamoDbException");
  });

  it("that calls what the stage does not model ends the execution, whatever it catches", () =>
    withProgram(
      {
        definition: machine(
          {
            Resource: "arn:aws:states:::aws-sdk:kinesis:enableEnhancedMonitoring",
            Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }],
          },
          { Caught: { Type: "Succeed" } },
        ),
      },
      async (sfn, { said, clock }) => {
        const arn = await begin(sfn);
        await clock.settle();
        const { status, error } = await look(sfn, arn);
        assert.deepEqual([status, error], ["FAILED", "States.Runtime"]);
        assert.match(said.join("\n"), /does not model kinesis:EnableEnhancedMonitoring/);
      },
    ));

  it("writes objects and records that are text or data, and reads them as text", async () => {
    const bucket = "states-test-objects";
    const call = (api: string, Arguments: object, Next: string): object => ({
      ...{ Type: "Task", Resource: `arn:aws:states:::aws-sdk:${api}`, Arguments, Next },
    });
    const { status, output, cause } = await runOnce({
      also: () => {
        new aws.s3.Bucket("objects", { bucket });
        new aws.kinesis.Stream("events", { name: "events", shardCount: 1 });
      },
      grants: [
        { Action: ["s3:PutObject", "s3:GetObject"], Resource: `arn:aws:s3:::${bucket}/*` },
        { Action: "kinesis:PutRecord", Resource: `arn:aws:kinesis:${REGION_ACCOUNT}:stream/events` },
      ],
      definition: {
        QueryLanguage: "JSONata",
        StartAt: "Put",
        States: {
          Put: call("s3:putObject", { Bucket: bucket, Key: "a", Body: { n: 1 } }, "Record"),
          Record: call("kinesis:putRecord", { StreamName: "events", PartitionKey: "p", Data: "text" }, "Get"),
          Get: {
            ...call("s3:getObject", { Bucket: bucket, Key: "a" }, "Done"),
            Output: { body: "{% $states.result.Body %}", shard: "{% $states.input.ShardId %}" },
          },
          Done: { Type: "Succeed" },
        },
      },
    });
    assert.deepEqual([status, output], ["SUCCEEDED", { body: '{"n":1}', shard: "shardId-000000000000" }], cause);
  });

  it("sends messages and events that are data", async () => {
    const { status, output } = await runOnce({
      also: () => {
        new aws.sqs.Queue("q", { name: "q" });
        new aws.sns.Topic("t", { name: "t" });
      },
      grants: [
        { Action: ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource: `arn:aws:sqs:${REGION_ACCOUNT}:q` },
        { Action: "sns:Publish", Resource: `arn:aws:sns:${REGION_ACCOUNT}:t` },
        { Action: "events:PutEvents", Resource: `arn:aws:events:${REGION_ACCOUNT}:event-bus/default` },
      ],
      definition: {
        QueryLanguage: "JSONata",
        StartAt: "Send",
        States: {
          Send: {
            Type: "Task",
            Resource: "arn:aws:states:::sqs:sendMessage",
            Arguments: { QueueUrl: "http://127.0.0.1/000000000000/q", MessageBody: { a: 1 } },
            Next: "Publish",
          },
          Publish: {
            Type: "Task",
            Resource: "arn:aws:states:::sns:publish",
            Arguments: {
              TopicArn: `arn:aws:sns:${REGION_ACCOUNT}:t`,
              Message: { b: 2 },
              MessageAttributes: { kind: { DataType: "String", StringValue: "test" } },
            },
            Next: "Put",
          },
          Put: {
            Type: "Task",
            Resource: "arn:aws:states:::events:putEvents",
            Arguments: { Entries: [{ Source: "shop", DetailType: "Sold", Detail: { c: 3 } }] },
            Next: "Receive",
          },
          Receive: {
            Type: "Task",
            Resource: "arn:aws:states:::aws-sdk:sqs:receiveMessage",
            Arguments: { QueueUrl: "http://127.0.0.1/000000000000/q" },
            Output: "{% $parse($states.result.Messages[0].Body) %}",
            End: true,
          },
        },
      },
    });
    assert.deepEqual([status, output], ["SUCCEEDED", { a: 1 }]);
  });
});

describe("A task that waits for its token", () => {
  const definition = machine({
    Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    Arguments: { QueueUrl: "http://127.0.0.1/000000000000/q", MessageBody: "{% $states.context.Task.Token %}" },
    HeartbeatSeconds: 100,
    TimeoutSeconds: 1_000,
  });
  const declared: Declared = {
    also: () => void new aws.sqs.Queue("q", { name: "q" }),
    grants: [{ Action: "sqs:SendMessage", Resource: `arn:aws:sqs:${REGION_ACCOUNT}:q` }],
    definition,
  };

  /** The token is what the task sent. */
  const tokenOf = ({ events }: Ended): string => {
    const scheduled = events.find(({ type }) => type === "TaskScheduled")?.taskScheduledEventDetails;
    const { MessageBody } = JSON.parse(scheduled?.parameters ?? "{}") as { MessageBody?: string };
    return MessageBody ?? assert.fail("no token was sent");
  };

  it("ends with the output that somebody answers", () =>
    withProgram(declared, async (sfn, { clock }) => {
      const arn = await begin(sfn);
      await clock.advance(50_000);
      const waiting = await look(sfn, arn);
      assert.deepEqual([waiting.status, waiting.events.at(-1)?.type], ["RUNNING", "TaskSubmitted"]);
      const taskToken = tokenOf(waiting);
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"ok":true}' }));
      await clock.settle();
      const { status, output } = await look(sfn, arn);
      assert.deepEqual([status, output], ["SUCCEEDED", { ok: true }]);
      await assert.rejects(sfn.send(new SendTaskSuccessCommand({ taskToken, output: "{}" })), { name: "TaskTimedOut" });
    }));

  it("fails with the error that somebody answers", () =>
    withProgram(declared, async (sfn, { clock }) => {
      const arn = await begin(sfn);
      await clock.settle();
      const taskToken = tokenOf(await look(sfn, arn));
      await sfn.send(new SendTaskFailureCommand({ taskToken, error: "Refused", cause: "why" }));
      await clock.settle();
      const { status, error, cause } = await look(sfn, arn);
      assert.deepEqual([status, error, cause], ["FAILED", "Refused", "why"]);
    }));

  it("needs signs of life, and times out whatever they say", () =>
    withProgram(declared, async (sfn, { clock }) => {
      const silent = await begin(sfn);
      await clock.advance(101_000);
      assert.equal((await look(sfn, silent)).error, "States.HeartbeatTimeout");
      const lively = await begin(sfn);
      await clock.settle();
      const taskToken = tokenOf(await look(sfn, lively));
      for (let beat = 0; beat < 12; beat++) {
        await clock.advance(80_000);
        await sfn.send(new SendTaskHeartbeatCommand({ taskToken }));
      }
      assert.equal((await look(sfn, lively)).status, "RUNNING");
      await clock.advance(50_000);
      assert.equal((await look(sfn, lively)).error, "States.Timeout");
      await assert.rejects(sfn.send(new SendTaskHeartbeatCommand({ taskToken })), { name: "TaskTimedOut" });
    }));

  it("is not answered by a token that is none", () =>
    withProgram(declared, async (sfn) => {
      await begin(sfn);
      const answer = new SendTaskSuccessCommand({ taskToken: "made up", output: "{}" });
      await assert.rejects(sfn.send(answer), { name: "InvalidToken" });
    }));
});

describe("A task that waits for another execution", () => {
  const inner = `arn:aws:states:${REGION_ACCOUNT}:stateMachine:inner`;
  const rule = `arn:aws:events:${REGION_ACCOUNT}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`;
  const onRule = { Action: ["events:PutTargets", "events:PutRule", "events:DescribeRule"], Resource: rule };
  const grants = [
    { Action: "states:StartExecution", Resource: inner },
    {
      Action: ["states:DescribeExecution", "states:StopExecution"],
      Resource: `arn:aws:states:${REGION_ACCOUNT}:execution:inner:*`,
    },
    onRule,
  ];
  const declareInner = (states: object) => (): void => {
    const definition = JSON.stringify({ QueryLanguage: "JSONata", StartAt: "W", States: states });
    const assumeRolePolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    const role = new aws.iam.Role("inner", { name: "inner", assumeRolePolicy });
    new aws.sfn.StateMachine("inner", { name: "inner", roleArn: role.arn, definition });
  };
  const waiting = { W: { Type: "Wait", Seconds: 30, Output: { n: "{% $states.input.n + 1 %}" }, End: true } };
  const outer = (suffix: string, more: object = {}): object =>
    machine({
      Resource: `arn:aws:states:::states:startExecution${suffix}`,
      Arguments: { StateMachineArn: inner, Input: { n: 1 } },
      ...more,
    });

  it("gets its output, as data with .sync:2 and as text with .sync", async () => {
    for (const [suffix, output] of [
      [".sync:2", { n: 2 }],
      [".sync", '{"n":2}'],
    ] as const) {
      const definition = outer(suffix, { Output: "{% $states.result.Output %}" });
      const ended = await runOnce({ also: declareInner(waiting), grants, definition });
      assert.deepEqual([ended.status, ended.output], ["SUCCEEDED", output]);
    }
  });

  it("fails when it fails", async () => {
    const failing = { W: { Type: "Fail", Error: "Own", Cause: "why" } };
    const { error, cause } = await runOnce({ also: declareInner(failing), grants, definition: outer(".sync:2") });
    assert.equal(error, "States.TaskFailed");
    const { Error: name, Status } = JSON.parse(cause ?? "{}") as Record<string, unknown>;
    assert.deepEqual([name, Status], ["Own", "FAILED"]);
  });

  it("stops it when it is too late", () =>
    withProgram(
      { also: declareInner(waiting), grants, definition: outer(".sync:2", { TimeoutSeconds: 5 }) },
      async (sfn, { clock }) => {
        const arn = await begin(sfn);
        await clock.advance(10_000);
        const { error, events } = await look(sfn, arn);
        assert.equal(error, "States.Timeout");
        const submitted = events.find(({ type }) => type === "TaskSubmitted")?.taskSubmittedEventDetails?.output;
        const { ExecutionArn } = JSON.parse(submitted ?? "{}") as { ExecutionArn?: string };
        assert.equal((await look(sfn, ExecutionArn ?? "")).status, "ABORTED");
      },
    ));

  it("is refused with its machine when the role may not keep the rule that AWS keeps for it", async () => {
    const graph = await render(
      program({
        also: declareInner(waiting),
        grants: grants.filter((each) => each !== onRule),
        definition: outer(".sync"),
      }),
    );
    await assert.rejects(
      withStage(graph, async () => undefined),
      (error) => {
        assert.ok(error instanceof StageError);
        assert.match(error.message, /StateMachine m .*not authorized to perform: events:PutTargets/);
        return true;
      },
    );
  });
});
