/**
 * What is kept for a while goes after it: five days of virtual time on a stream, a table, a bucket and a log group leave
 * the data folder as large as two did. And what a clock that jumps between two runs comes to.
 * Does not prove retention of resources that are declared to keep everything.
 */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { faultsOf, renderLocal, travel, type Journey } from "../test/journey";
import { render, START, withStage, type TestStage } from "../test/stage";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const sizes = entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

function declareKeepers(): void {
  new aws.kinesis.Stream("events", { name: "events", shardCount: 1, retentionPeriod: 24 });
  new aws.dynamodb.Table("seen", {
    name: "seen",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "id",
    attributes: [{ name: "id", type: "S" }],
    ttl: { attributeName: "expires", enabled: true },
  });
  new aws.cloudwatch.LogGroup("lines", { name: "lines", retentionInDays: 1 });
  const bucket = new aws.s3.Bucket("objects", { bucket: "objects" });
  new aws.s3.BucketLifecycleConfiguration("objects", {
    bucket: bucket.bucket,
    rules: [{ id: "all", status: "Enabled", filter: {}, expiration: { days: 1 } }],
  });
}

const MEGABYTE = Buffer.alloc(2 ** 20, "x");
const AS_TEXT = MEGABYTE.toString("base64");

/** An hour's worth: 8 MB on the stream, 1 MB each elsewhere. */
async function feed({ stage, clock }: TestStage, hour: number): Promise<void> {
  const call = (service: string, operation: string, input: object): Promise<unknown> =>
    stage.dispatch(stage.operator.principal, service, operation, input);
  for (let record = 0; record < 8; record++) {
    await call("kinesis", "PutRecord", { StreamName: "events", PartitionKey: "k", Data: AS_TEXT });
  }
  for (let item = 0; item < 4; item++) {
    const expires = { N: String(Math.floor(clock.now() / 1000) + 3600) };
    const Item = { id: { S: `${hour}-${item}` }, text: { S: "x".repeat(250_000) }, expires };
    await call("dynamodb", "PutItem", { TableName: "seen", Item });
  }
  const logEvents = Array.from({ length: 4 }, () => ({ timestamp: clock.now(), message: "x".repeat(200_000) }));
  await call("logs", "PutLogEvents", { logGroupName: "lines", logStreamName: "s", logEvents });
  await call("s3", "PutObject", { Bucket: "objects", Key: `${hour}`, Body: MEGABYTE });
}

describe("A data folder in the long run", function () {
  this.timeout(300_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "retention-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("is no larger after five days than what is kept of them", async () => {
    await withStage(
      await render(declareKeepers),
      async (test) => {
        const { stage, clock } = test;
        const place = { logGroupName: "lines", logStreamName: "s" };
        await stage.dispatch(stage.operator.principal, "logs", "CreateLogStream", place);
        const sizes: number[] = [];
        for (let hour = 0; hour < 5 * 24; hour++) {
          await feed(test, hour);
          await clock.advance(HOUR);
          if ((hour + 1) % 24 === 0) sizes.push(await bytesIn(folder));
        }
        const [, second = 0, ...later] = sizes;
        // A day of the stream, and one more segment of it; the rest keeps less than two days.
        assert.ok(
          later.every((size) => size < second * 1.2),
          sizes.join(", "),
        );
        assert.deepEqual(test.said, []);
      },
      { folder },
    );
  });

  for (const [jump, distance] of [
    ["back by ten minutes", -600_000],
    ["ahead by a month", 30 * DAY],
  ] as const) {
    it(`has everything, and tells nobody twice, when the clock jumped ${jump} while it was closed`, async () => {
      const graph = await renderLocal();
      let before: Journey | undefined;
      await withStage(graph, async (test) => void (before = await travel(test)), { folder });
      const { sent, mails } = before as Journey;
      const start = START + 17 * 60_000 + distance;
      await withStage(
        graph,
        async (test) => {
          const journey = await travel(test, { start });
          assert.deepEqual(faultsOf({ ...journey, sent: new Set([...sent, ...journey.sent]) }), []);
          assert.deepEqual(
            mails.filter((mail) => !journey.mails.includes(mail)),
            [],
          );
        },
        { folder, start },
      );
    });
  }
});
