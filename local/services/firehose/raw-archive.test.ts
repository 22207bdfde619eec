/**
 * The way of a record from a stream into the archive, through the platform's own components and the unmodified SDK
 * clients, in virtual time: every record once, whatever fails on the way.
 * Does not prove: that AWS delivers each record once (it promises at least once); throughput.
 */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { GetObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { RawArchive } from "../../../infra/ingest/raw-archive";
import { EventStream } from "../../../infra/store/event-stream";
import { LakeBucket } from "../../../infra/store/lake-bucket";
import { disturb } from "../../../test/disturb";
import { foundation } from "../../../test/foundation";
import { render, START, withStage, type TestStage } from "../../../test/stage";
import { inScratchFolder } from "../../durable/testing/scratch-folder";
import { textOf, type Graph } from "../../graph/graph";
import { AwsError } from "../service";
import type { FirehoseService } from "./service";

const MINUTE = 60_000;

const program = (): void => {
  const on = foundation();
  const source = new EventStream("input", { on, capacity: 3 });
  new RawArchive("archive", { on, source, bucket: new LakeBucket("raw", { on }) });
};

interface Archive extends TestStage {
  /** Puts records numbered from `from` on. */
  put(count: number, from?: number): Promise<void>;
  /** The object's lines under a prefix, by key. */
  objects(prefix: string): Promise<Map<string, string[]>>;
  /** Numbers of the records in the archive, sorted. */
  archived(): Promise<number[]>;
  readonly bucket: string;
  readonly s3: S3Client;
}

async function withArchive(
  graph: Graph,
  run: (archive: Archive) => Promise<void>,
  options: { folder?: string; start?: number } = {},
): Promise<void> {
  await withStage(
    graph,
    async (test) => {
      const kinesis = new KinesisClient(test.client());
      const s3 = new S3Client(test.client());
      const StreamName = textOf(graph.only("aws:kinesis/stream:Stream").outputs, "name");
      const bucket = textOf(graph.only("aws:s3/bucket:Bucket").outputs, "bucket");
      const objects = async (Prefix: string): Promise<Map<string, string[]>> => {
        const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
        const read = Contents.map(async ({ Key = "" }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
          const bytes = (await Body?.transformToByteArray()) ?? Buffer.alloc(0);
          const text = (Key.endsWith(".gz") ? gunzipSync(bytes) : Buffer.from(bytes)).toString();
          assert.ok(text.endsWith("\n"), "every record ends its line");
          return [Key, text.slice(0, -1).split("\n")] as const;
        });
        return new Map(await Promise.all(read));
      };
      const archive: Archive = {
        ...test,
        s3,
        bucket,
        objects,
        put: async (count, from = 0) => {
          for (let first = from; first < from + count; first += 500) {
            const numbers = Array.from({ length: Math.min(500, from + count - first) }, (_, index) => first + index);
            const Records = numbers.map((n) => ({
              PartitionKey: `site-${n % 50}`,
              Data: Buffer.from(JSON.stringify({ n })),
            }));
            await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
          }
        },
        archived: async () =>
          [...(await objects("beacons/")).values()]
            .flat()
            .map((line) => (JSON.parse(line) as { n: number }).n)
            .sort((a, b) => a - b),
      };
      try {
        await run(archive);
      } finally {
        kinesis.destroy();
        s3.destroy();
      }
    },
    options,
  );
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

const busy = (): never => {
  throw new AwsError("SlowDown", "Please reduce your request rate.", 503);
};

const firehoseOf = ({ stage }: TestStage): FirehoseService => stage.service("firehose") as FirehoseService;

describe("The raw archive", () => {
  let graph: Graph;
  before(async () => {
    graph = await render(program);
  });

  it("has 1,000 records of three shards exactly once, by hour of arrival, after its interval", async () => {
    await withArchive(graph, async (archive) => {
      await archive.put(1000);
      await archive.clock.advance(MINUTE / 2);
      assert.deepEqual(await archive.archived(), [], "nothing before the interval is over");
      await archive.clock.advance(MINUTE);
      assert.deepEqual(await archive.archived(), numbers(1000));
      const [key = ""] = (await archive.objects("beacons/")).keys();
      assert.match(
        key,
        /^beacons\/year=2026\/month=01\/day=05\/hour=10\/archive-[0-9a-f]{7}-1-2026-01-05-10-00-00-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.gz$/,
      );
      assert.deepEqual(archive.said, []);
    });
  });

  it("does it by its own role, which is denied nothing", async () => {
    await withArchive(graph, async (archive) => {
      await archive.put(10);
      await archive.clock.advance(2 * MINUTE);
      const role = archive.stage.permissions.roles.find(({ role: urn }) => urn.endsWith("::archive"));
      assert.deepEqual(role?.denied, []);
      const used = new Set(role?.used.map(({ action }) => action));
      for (const action of [
        "kinesis:DescribeStream",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ]) {
        assert.ok(used.has(action), action);
      }
      for (const action of ["kms:Decrypt", "kms:GenerateDataKey", "s3:PutObject"]) assert.ok(used.has(action), action);
    });
  });

  it("puts what arrives later into later objects, by the hour of the oldest record", async () => {
    await withArchive(graph, async (archive) => {
      await archive.clock.advanceTo(START + 59 * MINUTE + 30_000);
      await archive.put(5);
      await archive.clock.advance(2 * MINUTE);
      await archive.put(5, 5);
      await archive.clock.advance(2 * MINUTE);
      const hours = [...(await archive.objects("beacons/"))].map(([key, lines]) => [
        /hour=(\d\d)/.exec(key)?.[1],
        lines.length,
      ]);
      assert.deepEqual(hours, [
        ["10", 5],
        ["11", 5],
      ]);
      assert.deepEqual(await archive.archived(), numbers(10));
    });
  });

  it("measures what it read and delivered", async () => {
    await withArchive(graph, async (archive) => {
      const cloudwatch = new CloudWatchClient(archive.client());
      const name = textOf(graph.only("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").outputs, "name");
      const measured = async (MetricName: string, Statistic: "Sum" | "Maximum"): Promise<number | undefined> => {
        const { Datapoints = [] } = await cloudwatch.send(
          new GetMetricStatisticsCommand({
            Namespace: "AWS/Firehose",
            MetricName,
            Dimensions: [{ Name: "DeliveryStreamName", Value: name }],
            StartTime: new Date(START),
            EndTime: new Date(START + 10 * MINUTE),
            Period: 600,
            Statistics: [Statistic],
          }),
        );
        return Datapoints[0]?.[Statistic];
      };
      await archive.put(20);
      await archive.clock.advance(2 * MINUTE);
      assert.equal(await measured("IncomingRecords", "Sum"), 20);
      assert.equal(await measured("DeliveryToS3.Records", "Sum"), 20);
      assert.equal(await measured("DeliveryToS3.Success", "Sum"), 1);
      assert.equal(await measured("DeliveryToS3.DataFreshness", "Maximum"), 60);
      cloudwatch.destroy();
    });
  });

  it("tries again what S3 refuses, later and later, and loses nothing", async () => {
    await withArchive(graph, async (archive) => {
      let attempts = 0;
      const recover = disturb(archive, "s3:PutObject", () => {
        attempts++;
        return busy();
      });
      await archive.put(100);
      await archive.clock.advance(10 * MINUTE);
      assert.ok(attempts >= 5 && attempts <= 12, `${attempts} attempts in 9 minutes`);
      assert.deepEqual(await archive.archived(), []);
      assert.ok(
        archive.logged.some((line) => line.includes('"errorCode":"S3.SlowDown"')),
        "its log says why",
      );
      recover();
      await archive.put(100, 100);
      await archive.clock.advance(10 * MINUTE);
      assert.deepEqual(await archive.archived(), numbers(200));
    });
  });

  it("has a record once when S3 took the object but its answer was lost", async () => {
    await withArchive(graph, async (archive) => {
      let lost = 0;
      disturb(archive, "s3:PutObject", async (proceed) => {
        const answer = await proceed();
        return lost++ === 0 ? busy() : answer;
      });
      await archive.put(50);
      await archive.clock.advance(5 * MINUTE);
      assert.ok(lost > 1);
      assert.deepEqual(await archive.archived(), numbers(50));
      const { Versions = [] } = await archive.s3.send(new ListObjectVersionsCommand({ Bucket: archive.bucket }));
      assert.equal(Versions.length, 2, "the second delivery went over the first");
    });
  });

  it("has every record once when the stage ends between the object and its checkpoint", async () => {
    await inScratchFolder(async (folder) => {
      await withArchive(
        graph,
        async (archive) => {
          disturb(archive, "s3:PutObject", async (proceed) => {
            await proceed();
            return busy();
          });
          await archive.put(300);
          await archive.clock.advance(MINUTE);
          assert.deepEqual(await archive.archived(), numbers(300), "the object is there, the checkpoint is not");
          // What arrives now must not slip into the batch when it is delivered again.
          await archive.put(300, 300);
        },
        { folder },
      );
      await withArchive(
        graph,
        async (archive) => {
          await archive.put(300, 600);
          let reads = 0;
          disturb(archive, "kinesis:GetRecords", (proceed) => (++reads === 2 ? busy() : proceed()));
          await archive.clock.advance(5 * MINUTE);
          assert.deepEqual(await archive.archived(), numbers(900));
          assert.equal((await archive.objects("beacons/")).size, 2);
        },
        { folder, start: START + 10 * MINUTE },
      );
    });
  });

  it("goes on after a stop where it was, with nothing delivered in a hurry", async () => {
    await inScratchFolder(async (folder) => {
      for (const round of [0, 1, 2]) {
        await withArchive(
          graph,
          async (archive) => {
            await archive.put(40, round * 40);
            await archive.clock.advance(round === 1 ? 2 * MINUTE : 10_000);
          },
          { folder, start: START + round * 10 * MINUTE },
        );
      }
      await withArchive(
        graph,
        async (archive) => {
          assert.deepEqual(await archive.archived(), numbers(80));
          await archive.clock.advance(2 * MINUTE);
          assert.deepEqual(await archive.archived(), numbers(120));
        },
        { folder, start: START + 60 * MINUTE },
      );
    });
  });

  it("delivers everything at once when it is told to settle", async () => {
    await withArchive(graph, async (archive) => {
      await archive.put(1000);
      await firehoseOf(archive).settle();
      assert.deepEqual(await archive.archived(), numbers(1000));
      await firehoseOf(archive).settle();
      assert.equal((await archive.objects("beacons/")).size, 1, "nothing new makes no object");
      disturb(archive, "s3:PutObject", busy);
      await archive.put(1, 1000);
      await assert.rejects(firehoseOf(archive).settle(), { code: "SlowDown" });
    });
  });

  it("writes under failed/, with the reason, what S3 has refused for a day", async () => {
    await withArchive(graph, async (archive) => {
      const recover = disturb(archive, "s3:PutObject", (proceed, input) =>
        (input as { Key: string }).Key.startsWith("beacons/") ? busy() : proceed(),
      );
      await archive.put(3);
      await archive.clock.advance(25 * 60 * MINUTE);
      assert.deepEqual(await archive.archived(), []);
      const [[key = "", lines = []] = []] = await archive.objects("failed/");
      assert.match(key, /^failed\/s3-failed\/year=2026\/month=01\/day=05\/hour=10\/archive-/);
      const records = lines.map((line) => JSON.parse(line) as { errorCode: string; rawData: string });
      assert.deepEqual(new Set(records.map(({ errorCode }) => errorCode)), new Set(["S3.SlowDown"]));
      const data = records.map(
        ({ rawData }) => (JSON.parse(Buffer.from(rawData, "base64").toString()) as { n: number }).n,
      );
      assert.deepEqual(data.sort(), [0, 1, 2]);
      recover();
      await archive.put(3, 3);
      await archive.clock.advance(10 * MINUTE);
      assert.deepEqual(await archive.archived(), [3, 4, 5]);
    });
  });
});
