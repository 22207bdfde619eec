/**
 * Delivery streams on loopback, driven by the unmodified SDK client in virtual time.
 * Does not prove: that AWS answers alike; features of Firehose that the stage refuses.
 */
import assert from "node:assert/strict";
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
} from "@aws-sdk/client-firehose";
import { render, START, withStage, type TestStage } from "../../../test/stage";
import { StageError } from "../../diagnostics";
import { numbersUntilKilled } from "../../durable/testing/killed-process";
import { inScratchFolder } from "../../durable/testing/scratch-folder";
import { roleSession } from "../../iam/principal";
import type { FirehoseService } from "./service";
import { archiving } from "./testing/archive-writer";
import { BUCKET, delimiter, delivered, delivering, DELIVERY, STREAM, type DeliveryOptions } from "./testing/deliveries";

const MINUTE = 60_000;

interface Delivering extends TestStage {
  readonly firehose: FirehoseClient;
  /** Puts texts into the delivery stream itself. */
  readonly put: (...texts: string[]) => Promise<void>;
  /** Puts texts into the Kinesis stream. */
  readonly feed: (...texts: string[]) => Promise<void>;
}

async function withDelivery(
  options: DeliveryOptions,
  run: (test: Delivering) => Promise<void>,
  more: { folder?: string; start?: number } = {},
): Promise<void> {
  await withStage(
    await render(delivering(options)),
    async (test) => {
      const firehose = new FirehoseClient(test.client());
      const feed = async (...texts: string[]): Promise<void> => {
        const Records = texts.map((text) => ({
          PartitionKey: text.slice(0, 9),
          Data: Buffer.from(text).toString("base64"),
        }));
        await test.stage.dispatch(test.stage.operator.principal, "kinesis", "PutRecords", {
          StreamName: STREAM,
          Records,
        });
      };
      const put = async (...texts: string[]): Promise<void> => {
        const Records = texts.map((text) => ({ Data: Buffer.from(text) }));
        await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: DELIVERY, Records }));
      };
      try {
        await run({ ...test, firehose, feed, put });
      } finally {
        firehose.destroy();
      }
    },
    more,
  );
}

/** The message with which a stage with such a delivery stream refuses to open. */
async function refusal(options: DeliveryOptions): Promise<string> {
  try {
    await withDelivery(options, async () => undefined);
  } catch (error) {
    assert.ok(error instanceof StageError, String(error));
    return error.message;
  }
  return "none";
}

describe("A delivery stream", () => {
  it("takes records directly and delivers them in the order in which they came", async () => {
    await withDelivery({ direct: true, s3: delimiter("\\n") }, async (test) => {
      const { firehose, clock } = test;
      const { RecordId } = await firehose.send(
        new PutRecordCommand({ DeliveryStreamName: DELIVERY, Record: { Data: Buffer.from("first") } }),
      );
      assert.ok(RecordId !== undefined);
      await test.put("second", "third");
      await clock.advance(MINUTE / 2);
      assert.equal((await delivered(test)).size, 0);
      await clock.advance(MINUTE);
      const [[key, text] = []] = await delivered(test);
      assert.match(key ?? "", /^2026\/01\/05\/10\/delivery-1-2026-01-05-10-00-00-[0-9a-f-]{36}$/);
      assert.equal(text, "first\nsecond\nthird\n");
    });
  });

  it("keeps what it was given when the stage is opened again", async () => {
    await inScratchFolder(async (folder) => {
      await withDelivery({ direct: true }, async ({ put }) => put("kept "), { folder });
      const start = START + 10 * MINUTE;
      await withDelivery(
        { direct: true },
        async (test) => {
          await test.put("and new");
          await test.clock.advance(2 * MINUTE);
          assert.deepEqual([...(await delivered(test)).values()], ["kept and new"]);
        },
        { folder, start },
      );
    });
  });

  it("delivers as soon as the buffer is full, in objects of about its size", async () => {
    await withDelivery({ s3: { bufferingSize: 1, bufferingInterval: 900 } }, async (test) => {
      const texts = Array.from({ length: 40 }, (_, index) => String(index % 10).repeat(100_000));
      for (const text of texts) await test.feed(text);
      await test.clock.advance(5000);
      const sizes = [...(await delivered(test)).values()].map(({ length }) => length);
      assert.deepEqual(sizes, [1_100_000, 1_100_000, 1_100_000]);
      await test.clock.advance(15 * MINUTE);
      const all = [...(await delivered(test)).values()].join("");
      assert.equal(all.length, 4_000_000);
    });
  });

  it("writes records as they are, delimited and compressed as it is told", async () => {
    const feedOne = async (s3: DeliveryOptions["s3"]): Promise<[string, string]> => {
      let object: [string, string] = ["", ""];
      await withDelivery(
        {
          s3: {
            ...s3,
            prefix: "p-!{firehose:random-string}-!{timestamp:yyyy'T'D}/",
            errorOutputPrefix: "e/!{firehose:error-output-type}/",
          },
        },
        async (test) => {
          await test.feed("a");
          await test.clock.advance(2 * MINUTE);
          object = [...(await delivered(test))][0] ?? object;
        },
      );
      return object;
    };
    const [key, text] = await feedOne({});
    assert.match(key, /^p-[0-9a-f]{11}-2026T5\/delivery-1-/);
    assert.equal(text, "a");
    assert.equal((await feedOne(delimiter("|")))[1], "a|");
    assert.equal((await feedOne(delimiter("\\r\\n")))[1], "a\r\n");
    const [zipped, unzipped] = await feedOne({ ...delimiter("\\n"), compressionFormat: "GZIP" });
    assert.ok(zipped.endsWith(".gz"));
    assert.equal(unzipped, "a\n");
    assert.ok((await feedOne({ fileExtension: ".jsonl" }))[0].endsWith(".jsonl"));
    assert.equal((await feedOne({}))[0], key, "the same records have the same key in every run");
  });

  it("reads only what arrived since it was there", async () => {
    await inScratchFolder(async (folder) => {
      const unrelated = delivering({ direct: true });
      await withStage(
        await render(unrelated),
        async ({ stage }) => {
          const Records = [{ PartitionKey: "a", Data: Buffer.from("old").toString("base64") }];
          await stage.dispatch(stage.operator.principal, "kinesis", "PutRecords", { StreamName: STREAM, Records });
        },
        { folder },
      );
      const renamed = { stream: { name: "another" } };
      await withDelivery(
        renamed,
        async (test) => {
          await test.feed("new");
          await test.clock.advance(2 * MINUTE);
          assert.deepEqual([...(await delivered(test)).values()], ["new"]);
        },
        { folder, start: START + MINUTE },
      );
    });
  });

  it("has every record exactly once after kill -9 at any moment", async () => {
    for (let round = 0; round < 3; round++) {
      await inScratchFolder(async (folder) => {
        const acknowledged = await numbersUntilKilled("../../services/firehose/testing/archive-writer.ts", folder);
        const graph = await render(archiving);
        await withStage(
          graph,
          async (test) => {
            await (test.stage.service("firehose") as FirehoseService).settle();
            const archived = [...(await delivered(test)).values()]
              .flatMap((text) => text.trimEnd().split("\n"))
              .map(Number);
            assert.equal(new Set(archived).size, archived.length, "no record twice");
            assert.deepEqual(
              acknowledged.filter((number) => !archived.includes(number)),
              [],
              "none missing",
            );
          },
          { folder, start: START + 86_400_000 / 2 },
        );
      });
    }
  });

  it("says once why it cannot read its source, and tries again, later and later", async () => {
    await withDelivery({ actions: ["kinesis:DescribeStream", "s3:PutObject"] }, async (test) => {
      await test.feed("x");
      await test.clock.advance(MINUTE);
      const denied = test.stage.permissions.roles.flatMap((role) => role.denied);
      const tries = denied.find(({ action }) => action === "kinesis:ListShards")?.count ?? 0;
      assert.ok(tries > 2 && tries < 10, String(tries));
      assert.equal(test.said.length, 1);
      assert.match(
        test.said[0] ?? "",
        /^delivery stream delivery: Kinesis refused: User: .* is not authorized to perform: kinesis:ListShards/,
      );
    });
  });

  it("says in its log, or to the person where it cannot, why S3 refuses", async () => {
    await withDelivery(
      { actions: ["kinesis:DescribeStream", "kinesis:ListShards", "kinesis:GetRecords", "kinesis:GetShardIterator"] },
      async (test) => {
        await test.feed("x");
        await test.clock.advance(2 * MINUTE);
        assert.match(
          test.said[0] ?? "",
          /S3 refused: User: .* is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::deliveries\/2026/,
        );
      },
    );
  });

  it("describes itself, and lists its likes", async () => {
    await withDelivery({ s3: { prefix: "in/", ...delimiter("\\n") } }, async ({ firehose }) => {
      const { DeliveryStreamDescription: described } = await firehose.send(
        new DescribeDeliveryStreamCommand({ DeliveryStreamName: DELIVERY }),
      );
      assert.equal(described?.DeliveryStreamStatus, "ACTIVE");
      assert.equal(described.DeliveryStreamType, "KinesisStreamAsSource");
      assert.deepEqual(described.CreateTimestamp, new Date(START));
      const destination = described.Destinations?.[0]?.ExtendedS3DestinationDescription;
      assert.equal(destination?.BucketARN, `arn:aws:s3:::${BUCKET}`);
      assert.deepEqual(destination.BufferingHints, { IntervalInSeconds: 60, SizeInMBs: 5 });
      assert.deepEqual(destination.ProcessingConfiguration?.Processors?.[0]?.Parameters, [
        { ParameterName: "Delimiter", ParameterValue: "\\n" },
      ]);
      const listed = await firehose.send(
        new ListDeliveryStreamsCommand({ DeliveryStreamType: "KinesisStreamAsSource" }),
      );
      assert.deepEqual(listed.DeliveryStreamNames, [DELIVERY]);
      const direct = await firehose.send(new ListDeliveryStreamsCommand({ DeliveryStreamType: "DirectPut" }));
      assert.deepEqual(direct.DeliveryStreamNames, []);
    });
  });

  it("refuses puts that are not for it, too large, or not allowed", async () => {
    const one = { DeliveryStreamName: DELIVERY, Record: { Data: Buffer.from("x") } };
    await withDelivery({}, async ({ firehose }) => {
      await assert.rejects(firehose.send(new PutRecordCommand(one)), { name: "InvalidArgumentException" });
      const other = new PutRecordCommand({ ...one, DeliveryStreamName: "other" });
      await assert.rejects(firehose.send(other), { name: "ResourceNotFoundException" });
    });
    await withDelivery({ direct: true }, async ({ firehose, ...test }) => {
      const large = { ...one, Record: { Data: Buffer.alloc(1000 * 1024 + 1) } };
      await assert.rejects(firehose.send(new PutRecordCommand(large)), { name: "ValidationException" });
      const deliverer = new FirehoseClient(
        test.client(roleSession("arn:aws:iam::000000000000:role/deliverer", "tests")),
      );
      await assert.rejects(deliverer.send(new PutRecordCommand(one)), {
        name: "AccessDeniedException",
        message: /firehose:PutRecord on resource: arn:aws:firehose:eu-west-1:000000000000:deliverystream\/delivery/,
      });
      deliverer.destroy();
    });
  });
});

describe("A delivery stream's declaration", () => {
  it("is refused, with its place, where it asks for what the stage does not do", async () => {
    const processing = { processingConfiguration: { enabled: true, processors: [{ type: "Lambda" }] } };
    assert.match(
      await refusal({ s3: processing }),
      /^FirehoseDeliveryStream delivery \(local\/.*:\d+\): the processor "Lambda" is not modelled/,
    );
    assert.match(
      await refusal({ s3: { dynamicPartitioningConfiguration: { enabled: true } } }),
      /has dynamicPartitioningConfiguration/,
    );
    assert.equal(await refusal({ s3: { dynamicPartitioningConfiguration: { enabled: false } } }), "none");
    assert.match(await refusal({ s3: { compressionFormat: "Snappy" } }), /compressionFormat Snappy is not modelled/);
    assert.match(await refusal({ s3: { s3BackupMode: "Enabled" } }), /s3BackupMode is not modelled/);
    assert.match(await refusal({ s3: { customTimeZone: "Asia/Tokyo" } }), /customTimeZone must be UTC/);
    assert.match(
      await refusal({ s3: { bufferingInterval: 901 } }),
      /bufferingInterval must be a whole number from 0 to 900, got 901/,
    );
    assert.match(await refusal({ s3: { bufferingSize: 129 } }), /bufferingSize must be a whole number from 1 to 128/);
    assert.match(await refusal({ s3: { bucketArn: "arn:aws:s3:::other" } }), /is no bucket of this graph/);
    assert.match(
      await refusal({ stream: { destination: "http_endpoint" } }),
      /destination http_endpoint is not modelled/,
    );
    assert.match(await refusal({ stream: { serverSideEncryption: { enabled: true } } }), /has serverSideEncryption/);
  });

  it("is refused where Firehose may not take on its role", async () => {
    assert.match(
      await refusal({ trusted: "lambda.amazonaws.com" }),
      /firehose\.amazonaws\.com may not take on .*role\/deliverer/,
    );
  });
});
