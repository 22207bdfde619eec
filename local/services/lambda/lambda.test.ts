/**
 * Functions in worker threads and the event source mapping that feeds them, in virtual time. What is proven is what AWS
 * documents; what it leaves open (pauses between attempts, how long after its end a window closes) is our choice.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ReadRecords } from "../kinesis/get";
import { disturb } from "../../../test/disturb";
import { render, START, withStage, type TestStage } from "../../../test/stage";

const REGION_ACCOUNT = "eu-west-1:000000000000";

interface Declared {
  /** Body of the handler: `event` and `context` in, an answer out. */
  readonly code: string;
  readonly mapping?: Partial<aws.lambda.EventSourceMappingArgs>;
  readonly grants?: readonly { readonly Action: string | string[]; readonly Resource: string }[];
  readonly function?: Partial<aws.lambda.FunctionArgs>;
}

/** A stream, and a function that reads it (unless it is not to). */
const program =
  ({ code, mapping, grants = [], function: args = {} }: Declared) =>
  (): void => {
    const stream = new aws.kinesis.Stream("events", { name: "events", shardCount: 1 });
    new aws.sqs.Queue("failures", { name: "failures" });
    new aws.cloudwatch.LogGroup("f", { name: "fn" });
    const role = new aws.iam.Role("f", {
      name: "fn",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    const own = [
      {
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `arn:aws:logs:${REGION_ACCOUNT}:log-group:fn:*`,
      },
      {
        Action: [
          "kinesis:DescribeStream",
          "kinesis:DescribeStreamSummary",
          "kinesis:GetRecords",
          "kinesis:GetShardIterator",
          "kinesis:ListShards",
        ],
        Resource: `arn:aws:kinesis:${REGION_ACCOUNT}:stream/events`,
      },
      { Action: "sqs:SendMessage", Resource: `arn:aws:sqs:${REGION_ACCOUNT}:failures` },
    ];
    new aws.iam.RolePolicy("f", {
      role: role.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [...own, ...grants].map((grant) => ({ Effect: "Allow", ...grant })),
      }),
    });
    const lambda = new aws.lambda.Function("f", {
      name: "fn",
      role: role.arn,
      runtime: "nodejs24.x",
      handler: "index.handler",
      code: new pulumi.asset.AssetArchive({
        "index.js": new pulumi.asset.StringAsset(
          `let calls = 0; const say = (o) => process.stdout.write(JSON.stringify(o) + "\\n");
         const data = (r) => Buffer.from(r.kinesis.data, "base64").toString();
         exports.handler = async (event, context) => { calls++; ${code} };`,
        ),
      }),
      loggingConfig: { logFormat: "JSON", logGroup: "fn" },
      ...args,
    });
    if (mapping === undefined) return;
    new aws.lambda.EventSourceMapping("f", {
      eventSourceArn: stream.arn,
      functionName: lambda.arn,
      startingPosition: "TRIM_HORIZON",
      functionResponseTypes: ["ReportBatchItemFailures"],
      ...mapping,
    });
  };

const put = ({ stage }: TestStage, ...data: string[]): Promise<unknown> =>
  stage.dispatch(stage.operator.principal, "kinesis", "PutRecords", {
    StreamName: "events",
    Records: data.map((each) => ({ PartitionKey: "k", Data: Buffer.from(each).toString("base64") })),
  });

const invoke = ({ stage }: TestStage, payload: unknown): Promise<unknown> =>
  stage.dispatch(stage.operator.principal, "lambda", "Invoke", {
    FunctionName: "fn",
    Payload: JSON.stringify(payload),
  });

/** What the function said, each line read. */
const saidBy = ({ logged }: TestStage): unknown[] => logged.map((line) => JSON.parse(line) as unknown);

const failed = async ({
  stage,
}: TestStage): Promise<{ requestContext: { condition: string }; KinesisBatchInfo: { batchSize: number } }[]> => {
  const QueueUrl = "https://sqs.eu-west-1.amazonaws.com/000000000000/failures";
  const { Messages = [] } = (await stage.dispatch(stage.operator.principal, "sqs", "ReceiveMessage", {
    QueueUrl,
    MaxNumberOfMessages: 10,
  })) as {
    Messages?: { Body: string }[];
  };
  return Messages.map(
    ({ Body }) =>
      JSON.parse(Body) as { requestContext: { condition: string }; KinesisBatchInfo: { batchSize: number } },
  );
};

const WINDOW: Partial<aws.lambda.EventSourceMappingArgs> = {
  tumblingWindowInSeconds: 10,
  parallelizationFactor: 1,
  maximumRetryAttempts: 3,
};

/** A handler that counts, as the documentation's example does, and says what it was called with. */
const COUNTING = `
  const count = (event.state.count ?? 0) + event.Records.length;
  say({ window: event.window.start, seen: event.Records.map(data), count, final: event.isFinalInvokeForWindow, early: event.isWindowTerminatedEarly });
  return { state: { count }, batchItemFailures: [] };`;

describe("A function", () => {
  it("gives way to whoever answers requests", async function () {
    if (process.platform !== "linux") this.skip();
    const graph = await render(program({ code: `return require("node:os").getPriority();` }));
    await withStage(graph, async (test) => {
      const before = getPriority();
      assert.deepEqual(await invoke(test, {}), { StatusCode: 200, Payload: "10" });
      assert.equal(getPriority(), before, "its thread alone");
    });
  });

  it("runs its code with its own environment and answers", async () => {
    const graph = await render(
      program({
        code: `return { got: event, color: process.env.COLOR, region: process.env.AWS_REGION, name: context.functionName, home: process.env.HOME ?? null };`,
        function: { environment: { variables: { COLOR: "red" } } },
      }),
    );
    await withStage(graph, async (test) => {
      assert.deepEqual(await invoke(test, { a: 1 }), {
        StatusCode: 200,
        Payload: JSON.stringify({ got: { a: 1 }, color: "red", region: "eu-west-1", name: "fn", home: null }),
      });
    });
  });

  it("that throws, does not end, or cannot be loaded answers an error", async () => {
    const throwing = await render(program({ code: `throw new TypeError("wrong input");` }));
    await withStage(throwing, async (test) => {
      const answer = (await invoke(test, {})) as { FunctionError: string; Payload: string };
      assert.equal(answer.FunctionError, "Unhandled");
      const { errorType, errorMessage } = JSON.parse(answer.Payload) as Record<string, string>;
      assert.deepEqual({ errorType, errorMessage }, { errorType: "TypeError", errorMessage: "wrong input" });
    });
    const endless = await render(program({ code: `for (;;);`, function: { timeout: 1 } }));
    await withStage(endless, async (test) => {
      const { Payload } = (await invoke(test, {})) as { Payload: string };
      assert.match(Payload, /Sandbox\.Timedout.*Task timed out after 1\.00 seconds/);
    });
    const broken = await render(program({ code: `}; syntax error {` }));
    await withStage(broken, async (test) => {
      assert.match(((await invoke(test, {})) as { Payload: string }).Payload, /SyntaxError/);
    });
  });

  it("is refused with an input that is no JSON, and by a name that is none", async () => {
    await withStage(await render(program({ code: "return 1;" })), async ({ stage }) => {
      const call = (input: object): Promise<unknown> =>
        stage.dispatch(stage.operator.principal, "lambda", "Invoke", input);
      await assert.rejects(call({ FunctionName: "fn", Payload: "{" }), { code: "InvalidRequestContentException" });
      await assert.rejects(call({ FunctionName: "g" }), {
        code: "ResourceNotFoundException",
        message: "Function not found: arn:aws:lambda:eu-west-1:000000000000:function:g",
      });
    });
  });

  it("of a role that does not trust Lambda keeps the stage from opening", async () => {
    const graph = await render(() => {
      program({ code: "return 1;" })();
      new aws.iam.Role("other", {
        name: "other",
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "firehose.amazonaws.com" }, Action: "sts:AssumeRole" }],
        }),
      });
      new aws.lambda.Function("g", {
        name: "g",
        role: "arn:aws:iam::000000000000:role/other",
        runtime: "nodejs24.x",
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("exports.handler = () => 1;") }),
      });
    });
    await assert.rejects(
      withStage(graph, async () => undefined),
      /lambda\.amazonaws\.com may not take on arn:aws:iam::000000000000:role\/other: its trust policy does not allow it/,
    );
  });
});

describe("An event source mapping", () => {
  it("hands over every record once, in order, in batches", async () => {
    const graph = await render(
      program({ code: `say(event.Records.map(data)); return { batchItemFailures: [] };`, mapping: { batchSize: 4 } }),
    );
    await withStage(graph, async (test) => {
      await put(test, ..."abcdefghij".split(""));
      await test.clock.advance(1000);
      assert.deepEqual(saidBy(test), [
        ["a", "b", "c", "d"],
        ["e", "f", "g", "h"],
        ["i", "j"],
      ]);
    });
  });

  it("tries again from the first failure that is reported, as often as it may, and then gives up into the queue", async () => {
    const graph = await render(
      program({
        code: `say(event.Records.map(data)); const bad = event.Records.find((r) => data(r) === "bad");
               return { batchItemFailures: bad ? [{ itemIdentifier: bad.kinesis.sequenceNumber }] : [] };`,
        mapping: {
          maximumRetryAttempts: 2,
          destinationConfig: { onFailure: { destinationArn: `arn:aws:sqs:${REGION_ACCOUNT}:failures` } },
        },
      }),
    );
    await withStage(graph, async (test) => {
      await put(test, "a", "bad", "c");
      await test.clock.advance(60_000);
      await put(test, "d");
      await test.clock.advance(1000);
      assert.deepEqual(saidBy(test), [["a", "bad", "c"], ["bad", "c"], ["bad", "c"], ["d"]]);
      assert.deepEqual(
        (await failed(test)).map(({ requestContext, KinesisBatchInfo }) => [
          requestContext.condition,
          KinesisBatchInfo.batchSize,
        ]),
        [["RetryAttemptsExhausted", 2]],
      );
    });
  });

  it("splits a failing batch until one record is left, which is no attempt", async () => {
    const graph = await render(
      program({
        code: `const seen = event.Records.map(data); say(seen); if (seen.includes("bad")) throw new Error("bad"); return {};`,
        mapping: {
          bisectBatchOnFunctionError: true,
          maximumRetryAttempts: 1,
          destinationConfig: { onFailure: { destinationArn: `arn:aws:sqs:${REGION_ACCOUNT}:failures` } },
        },
      }),
    );
    await withStage(graph, async (test) => {
      await put(test, "a", "b", "bad", "d");
      await test.clock.advance(60_000);
      assert.deepEqual(
        saidBy(test).filter((line) => Array.isArray(line)),
        [["a", "b", "bad", "d"], ["a", "b"], ["bad", "d"], ["bad"], ["bad"], ["d"]],
      );
      assert.deepEqual(
        (await failed(test)).map(({ KinesisBatchInfo }) => KinesisBatchInfo.batchSize),
        [1],
      );
    });
  });

  it("gets what arrives while it works together, in the next reading", async () => {
    const graph = await render(program({ code: `say(event.Records.map(data)); return {};`, mapping: {} }));
    await withStage(graph, async (test) => {
      const recover = disturb(test, "kinesis:GetRecords", async (proceed) => {
        const answer = (await proceed()) as ReadRecords;
        if (answer.Records.length === 0) return answer;
        recover();
        await put(test, "b");
        await put(test, "c");
        return answer;
      });
      await put(test, "a");
      await test.clock.advance(200);
      assert.deepEqual(saidBy(test), [["a"]]);
      await test.clock.advance(200);
      assert.deepEqual(saidBy(test), [["a"], ["b", "c"]]);
    });
  });

  it("catches up without a pause", async () => {
    const graph = await render(
      program({ code: `say(event.Records.length); return {};`, mapping: { batchSize: 10_000 } }),
    );
    await withStage(graph, async (test) => {
      const five = Array.from({ length: 500 }, (_, number) => String(number));
      for (let nth = 0; nth < 21; nth++) await put(test, ...five);
      await test.clock.advance(200);
      const taken = saidBy(test).map(Number);
      assert.equal(
        taken.reduce((sum, records) => sum + records, 0),
        10_500,
      );
      assert.ok(taken.length >= 2, "more than one reading");
    });
  });

  it("treats an answer that names no record of the batch as a failure of the whole", async () => {
    const graph = await render(
      program({
        code: `say(event.Records.map(data)); return calls === 1 ? { batchItemFailures: [{ itemIdentifier: "7" }] } : {};`,
        mapping: { maximumRetryAttempts: 3 },
      }),
    );
    await withStage(graph, async (test) => {
      await put(test, "a", "b");
      await test.clock.advance(10_000);
      assert.deepEqual(saidBy(test), [
        ["a", "b"],
        ["a", "b"],
      ]);
    });
  });

  it("goes on where it was when the stage opens again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    const graph = await render(program({ code: `say(event.Records.map(data)); return {};`, mapping: {} }));
    await withStage(
      graph,
      async (test) => {
        await put(test, "a", "b");
        await test.clock.advance(1000);
        assert.deepEqual(saidBy(test), [["a", "b"]]);
      },
      { folder },
    );
    await withStage(
      graph,
      async (test) => {
        await put(test, "c");
        await test.clock.advance(1000);
        assert.deepEqual(saidBy(test), [["c"]]);
      },
      { folder, start: START + 60_000 },
    );
    await rm(folder, { recursive: true });
  });

  for (const [what, mapping] of [
    ["filters", { filterCriteria: { filters: [{ pattern: "{}" }] } }],
    ["a batching window", { maximumBatchingWindowInSeconds: 5 }],
    ["parallel batches of a shard", { parallelizationFactor: 2 }],
  ] satisfies [string, Partial<aws.lambda.EventSourceMappingArgs>][]) {
    it(`with ${what}, which the stage does not follow, keeps it from opening`, async () => {
      const graph = await render(program({ code: "return {};", mapping }));
      await assert.rejects(
        withStage(graph, async () => undefined),
        /EventSourceMapping f \(local\/services\/lambda\/lambda\.test\.ts:\d+\): the local stage does not follow/,
      );
    });
  }
});

describe("A tumbling window", () => {
  it("carries the state from batch to batch, ends once, and begins the next empty", async () => {
    const graph = await render(program({ code: COUNTING, mapping: WINDOW }));
    await withStage(graph, async (test) => {
      await put(test, "a", "b");
      await test.clock.advance(3000);
      await put(test, "c");
      await test.clock.advance(10_000);
      await put(test, "d");
      await test.clock.advance(20_000);
      const [first, second] = ["2026-01-05T10:00:00Z", "2026-01-05T10:00:10Z"];
      assert.deepEqual(saidBy(test), [
        { window: first, seen: ["a", "b"], count: 2, final: false, early: false },
        { window: first, seen: ["c"], count: 3, final: false, early: false },
        { window: first, seen: [], count: 3, final: true, early: false },
        { window: second, seen: ["d"], count: 1, final: false, early: false },
        { window: second, seen: [], count: 1, final: true, early: false },
      ]);
    });
  });

  it("ends at once when a record of a later window is there", async () => {
    const graph = await render(program({ code: COUNTING, mapping: WINDOW }));
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    // The mapping is down while two windows pass.
    const down = await render(program({ code: COUNTING }));
    await withStage(
      down,
      async (test) => {
        await put(test, "a");
        await test.clock.advance(10_000);
        await put(test, "b", "c");
      },
      { folder },
    );
    await withStage(
      graph,
      async (test) => {
        await test.clock.advance(0);
        assert.deepEqual(
          (saidBy(test) as { seen: string[]; final: boolean }[]).map(({ seen, final }) => [seen, final]),
          [
            [["a"], false],
            [[], true],
            [["b", "c"], false],
            [[], true],
          ],
        );
      },
      { folder, start: START + 60_000 },
    );
    await rm(folder, { recursive: true });
  });

  it("ends early when its state grows beyond 1 MB, and goes on empty in the same window", async () => {
    const graph = await render(
      program({
        code: `say({ window: event.window.start, seen: event.Records.length, had: Object.keys(event.state).length, final: event.isFinalInvokeForWindow, early: event.isWindowTerminatedEarly });
               return { state: event.Records.length > 1 ? { big: "x".repeat(2 ** 20) } : { small: 1 } };`,
        mapping: WINDOW,
      }),
    );
    await withStage(graph, async (test) => {
      await put(test, "a", "b");
      await test.clock.advance(1000);
      await put(test, "c");
      await test.clock.advance(20_000);
      const window = "2026-01-05T10:00:00Z";
      assert.deepEqual(saidBy(test), [
        { window, seen: 2, had: 0, final: false, early: false },
        { window, seen: 0, had: 1, final: true, early: true },
        { window, seen: 1, had: 0, final: false, early: false },
        { window, seen: 0, had: 1, final: true, early: false },
      ]);
    });
  });

  it("blocks its shard until its end succeeds, and is given up only after as many attempts as it may take", async () => {
    const graph = await render(
      program({
        code: `say({ seen: event.Records.map(data), final: event.isFinalInvokeForWindow }); if (event.isFinalInvokeForWindow && calls < 5) throw new Error("not yet"); return { state: {} };`,
        mapping: WINDOW,
      }),
    );
    await withStage(graph, async (test) => {
      await put(test, "a");
      await test.clock.advance(10_300);
      await put(test, "b");
      await test.clock.advance(60_000);
      const calls = (saidBy(test) as { seen?: string[]; final?: boolean }[])
        .filter(({ seen }) => seen !== undefined)
        .map(({ seen, final }) => [seen, final]);
      assert.deepEqual(calls, [
        [["a"], false],
        [[], true],
        [[], true],
        [[], true],
        [[], true],
        [["b"], false],
        [[], true],
      ]);
    });
  });

  it("needs a state in every answer", async () => {
    const graph = await render(
      program({ code: `say(event.Records.map(data)); return calls === 1 ? {} : { state: {} };`, mapping: WINDOW }),
    );
    await withStage(graph, async (test) => {
      await put(test, "a");
      await test.clock.advance(5000);
      assert.deepEqual(saidBy(test), [["a"], ["a"]]);
    });
  });

  it("begins anew from its first record when the stage opened in its middle", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    const graph = await render(program({ code: COUNTING, mapping: WINDOW }));
    await withStage(
      graph,
      async (test) => {
        await put(test, "a", "b");
        await test.clock.advance(2000);
        assert.equal(saidBy(test).length, 1);
      },
      { folder },
    );
    await withStage(
      graph,
      async (test) => {
        await put(test, "c");
        await test.clock.advance(20_000);
        const last = saidBy(test).at(-1);
        assert.deepEqual(last, { window: "2026-01-05T10:00:00Z", seen: [], count: 3, final: true, early: false });
      },
      { folder, start: START + 3000 },
    );
    await rm(folder, { recursive: true });
  });
});
