/**
 * What a stage leaves when its graphs end, for small programs under the name of a committed stack. Does not prove what a
 * run's ledgers come to (verdict.test.ts).
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import * as aws from "@pulumi/aws";
import { permits } from "../../infra/core/capability";
import { Role } from "../../infra/iam/role";
import { textOf, type Graph } from "../../local/graph/graph";
import { roleSession } from "../../local/iam/principal";
import { FACTS, render, withStage, type StageTestOptions, type TestStage } from "../stage";
import { FOLDER, type GatheredLedger } from "./gather";

const ORDERS = "arn:aws:kinesis:eu-west-1:000000000000:stream/dev-orders";

/** A role that may put records on one of two streams. */
const program = (stack: string): Promise<Graph> =>
  render(
    () => {
      for (const name of ["dev-orders", "returns"]) new aws.kinesis.Stream(name, { name, shardCount: 1 });
      const target = { arn: ORDERS, pattern: "arn:aws:kinesis:eu-west-1:*:stream/dev-orders" };
      const actions = ["kinesis:PutRecord", "kinesis:PutRecords"] as const;
      new Role("writer", {
        on: { place: FACTS, roles: {} },
        trust: { kind: "service", service: "lambda.amazonaws.com" },
        description: "writes",
        access: [
          permits({ sid: "Write", reason: "writes orders", actions: actions.slice(0, 1), targets: [target] }),
          permits({ sid: "Batch", reason: "writes many", actions: actions.slice(1), targets: [target], idle: "rare" }),
        ],
      });
    },
    { stack },
  );

/** Puts a record as the role. */
async function put({ graph, client }: TestStage, StreamName: string): Promise<void> {
  const arn = textOf(graph.only("aws:iam/role:Role", ({ name }) => name === "writer").outputs, "arn");
  const kinesis = new KinesisClient(client(roleSession(arn, "test")));
  try {
    await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: "a", Data: Buffer.from("{}") }));
  } finally {
    kinesis.destroy();
  }
}

describe("A stage that a test opened", () => {
  let folder: string;
  let before: string | undefined;
  beforeEach(() => {
    before = process.env[FOLDER];
    folder = process.env[FOLDER] = mkdtempSync(join(tmpdir(), "gather-"));
  });
  afterEach(() => {
    if (before === undefined) delete process.env[FOLDER];
    else process.env[FOLDER] = before;
    rmSync(folder, { recursive: true });
  });

  const leaves = async (
    stack: string,
    run: (test: TestStage) => Promise<void>,
    options: StageTestOptions = {},
  ): Promise<GatheredLedger[]> => {
    await withStage(await program(stack), run, options);
    return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as GatheredLedger);
  };

  it("leaves what its roles were granted and used, by names that hold for any stage, and where it was opened", async () => {
    const [ledger, ...more] = await leaves("local", (test) => put(test, "dev-orders"));
    const pattern = "arn:aws:kinesis:eu-west-1:*:stream/<stage>-orders";
    assert.deepEqual(more, []);
    assert.deepEqual(ledger?.granted, [
      { key: `writer Batch kinesis:PutRecords ${pattern}`, idle: "rare" },
      { key: `writer Write kinesis:PutRecord ${pattern}` },
    ]);
    assert.deepEqual(ledger.used, [`writer Write kinesis:PutRecord ${pattern}`]);
    assert.deepEqual(ledger.denied, []);
    assert.match(ledger.opener, /^test\/ledgers\/gather\.test\.ts:\d+$/);
  });

  it("leaves what they were denied, and why that was expected", async () => {
    const refused = (test: TestStage): Promise<void> =>
      assert.rejects(put(test, "returns"), { name: "AccessDeniedException" });
    const [ledger] = await leaves("local", refused, { deniedCallsExpected: "the writer tries another stream" });
    assert.deepEqual(
      ledger?.denied.map(({ role, action, count }) => [role, action, count]),
      [["writer", "kinesis:PutRecord", 1]],
    );
    assert.equal(ledger.deniedCallsExpected, "the writer tries another stream");
  });

  it("leaves a ledger for each graph that ran", async () => {
    const ledgers = await leaves("local", async (test) => {
      await put(test, "dev-orders");
      await test.stage.apply(await program("local"));
    });
    assert.deepEqual(ledgers.map(({ used }) => used.length).sort(), [0, 1]);
  });

  it("leaves nothing of a program that is made up for a test", async () => {
    assert.deepEqual(await leaves("test", (test) => put(test, "dev-orders")), []);
  });
});
