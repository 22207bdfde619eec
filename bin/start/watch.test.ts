/**
 * Hot reload of a running stage, by files that change in a folder of the test's own.
 * Does not prove the evaluation in a process of its own (bin/command.test.ts), nor every change of a graph
 * (local/deployment/apply.test.ts).
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import type { Graph } from "../../local/graph/graph";
import type { KinesisService } from "../../local/services/kinesis/service";
import { render, withStage, type TestStage } from "../../test/stage";
import { ProgramWatch } from "./watch";

const program = (retention: number, more: readonly string[] = []): Promise<Graph> =>
  render(() => {
    for (const name of ["orders", ...more])
      new aws.kinesis.Stream(name, { name, shardCount: 1, retentionPeriod: retention });
  });

const ORDERS = "arn:aws:kinesis:eu-west-1:000000000000:stream/orders";

describe("A program under watch", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "watch-"));
    for (const folder of ["functions", "infra", "stacks"]) await mkdir(join(root, folder));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  /** Runs with a stage whose program answers `evaluate`; `saysNext` resolves with the lines of the next reload. */
  const watching = async (
    evaluate: () => Promise<Graph>,
    run: (test: TestStage, saysNext: (file: string) => Promise<string[]>) => Promise<void>,
  ): Promise<void> =>
    withStage(await program(24), async (test) => {
      let lines: string[] = [];
      let heard = (): void => undefined;
      const say = (line: string): void => {
        lines.push(line);
        if (/changed;|did not|not taken over/.test(line)) heard();
      };
      const watch = new ProgramWatch({ root, evaluate, apply: (graph) => test.stage.apply(graph), say });
      try {
        await run(test, async (file) => {
          lines = [];
          const next = new Promise<void>((resolve) => (heard = resolve));
          await writeFile(join(root, file), String(Math.random()));
          await next;
          return lines;
        });
      } finally {
        await watch.close();
      }
    });

  it("is evaluated again when one of its files changes; the change is shown and the data stays", async () => {
    await watching(
      () => program(48, ["returns"]),
      async ({ stage }, saysNext) => {
        const put = { StreamName: "orders", PartitionKey: "a", Data: Buffer.from("kept").toString("base64") };
        await stage.dispatch(stage.operator.principal, "kinesis", "PutRecord", put);
        const lines = await saysNext("stacks/platform.ts");
        assert.match(lines.join("\n"), /^ {2}~ update {2}Stream orders \(.*\): retentionPeriod$/m);
        assert.match(lines.join("\n"), /^ {2}\+ create {2}Stream returns \(.*\)$/m);
        assert.equal(lines.at(-1), "2 changed; data stays, requests go on");
        const records = (stage.service("kinesis") as KinesisService).newest(ORDERS, 10);
        assert.deepEqual(
          records.map(({ data }) => data.toString()),
          ["kept"],
        );
      },
    );
  });

  it("goes on as it was when the program fails, and says why", async () => {
    await watching(
      () => Promise.reject(new Error("stacks/platform.ts:7: expected ;")),
      async ({ stage }, saysNext) => {
        assert.deepEqual(await saysNext("infra/store.ts"), [
          "the change is not taken over: stacks/platform.ts:7: expected ;",
        ]);
        assert.equal((stage.service("kinesis") as KinesisService).newest(ORDERS, 10).length, 0);
      },
    );
  });

  it("says so when the graph is the same, and looks at its configuration too", async () => {
    await watching(
      () => program(24),
      async (_, saysNext) => {
        assert.deepEqual(await saysNext("Pulumi.local.yaml"), ["the program changed, its graph did not"]);
      },
    );
  });
});
