/**
 * The event source mapping that feeds a function, in virtual time. What is proven is what AWS documents; what it leaves
 * open (pauses between attempts, how long after its end a window closes) is our choice.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as aws from "@pulumi/aws";
import type { ReadRecords } from "../../kinesis/get";
import { disturb } from "../../../../test/disturb";
import { render, START, withStage, type TestStage } from "../../../../test/stage";
import { program, REGION_ACCOUNT, saidBy } from "../testing/declared-function";

const put = ({ stage }: TestStage, ...data: string[]): Promise<unknown> =>
  stage.dispatch(stage.operator.principal, "kinesis", "PutRecords", {
    StreamName: "events",
    Records: data.map((each) => ({ PartitionKey: "k", Data: Buffer.from(each).toString("base64") })),
  });

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
      const data = Array.from({ length: 500 }, (_, number) => String(number));
      for (let nth = 0; nth < 21; nth++) await put(test, ...data);
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
        /EventSourceMapping f \(local\/services\/lambda\/testing\/declared-function\.ts:\d+\): the local stage does not follow/,
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
