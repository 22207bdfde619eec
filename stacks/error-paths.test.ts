/**
 * What the platform's roles are granted for bad days: calls that fail however often they are tried again, records that are
 * none. Does not prove that everything comes out even where trying again helps (faults.test.ts).
 */
import assert from "node:assert/strict";
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { BeaconClient } from "../bin/traffic/beacon-client";
import { readFaults } from "../local/faults/settings";
import { textOf, type Graph } from "../local/graph/graph";
import { frontDoor, renderLocal, travel } from "../test/journey";
import { withStage, type TestStage } from "../test/stage";

describe("A call that fails in every attempt", function () {
  this.timeout(120_000);
  let graph: Graph;
  before(async () => void (graph = await renderLocal()));

  /** Runs while every call of an operation fails. */
  const without = (operation: string, run: (test: TestStage) => Promise<void>): Promise<void> =>
    withStage(graph, run, { faults: readFaults({ seed: 1, calls: [{ on: operation, fault: "fail", share: 1 }] }) });

  /** Functions whose batches are on the failure queue. */
  const failed = async ({ client }: TestStage): Promise<string[]> => {
    const sqs = new SQSClient(client());
    const queue = graph.only("aws:sqs/queue:Queue", ({ name }) => name === "failures");
    const receive = new ReceiveMessageCommand({ QueueUrl: textOf(queue.outputs, "url"), MaxNumberOfMessages: 10 });
    const { Messages = [] } = await sqs.send(receive);
    sqs.destroy();
    const arns = Messages.map(({ Body = "{}" }) => {
      const { requestContext } = JSON.parse(Body) as { requestContext: { functionArn: string } };
      return requestContext.functionArn;
    });
    return [...new Set(arns.map((arn) => /:function:(\w+)/.exec(arn)?.[1] ?? arn))];
  };

  it("of the detector leaves its batch on the failure queue", async () => {
    await without("dynamodb:*", async (test) => {
      const browser = new BeaconClient(frontDoor(test), 2);
      await browser.send({ action: "Click", site: "a.example" });
      browser.close();
      for (let minute = 0; minute < 15; minute++) await test.clock.advance(60_000);
      assert.deepEqual(await failed(test), ["detect"]);
    });
  });

  it("of who tells people leaves the anomaly on the failure queue", async () => {
    await without("sns:Publish", async (test) => {
      await travel(test);
      for (let minute = 0; minute < 15; minute++) await test.clock.advance(60_000);
      assert.deepEqual(await failed(test), ["alert"]);
    });
  });

  it("of the archive is written to its log", async () => {
    await without("s3:PutObject", async (test) => {
      const lines: string[] = [];
      test.stage.onLog((logGroup, line) => void (logGroup.startsWith("archive") && lines.push(line)));
      const browser = new BeaconClient(frontDoor(test), 2);
      await browser.send({ action: "Click", site: "a.example" });
      browser.close();
      for (let minute = 0; minute < 15; minute++) await test.clock.advance(60_000);
      assert.ok(
        lines.some((line) => line.includes("S3")),
        lines.join("\n"),
      );
    });
  });
});

describe("What is no anomaly on the anomaly stream", () => {
  it("is kept apart, where what was rejected stands", async () => {
    await withStage(await renderLocal(), async ({ graph, client, clock }) => {
      const kinesis = new KinesisClient(client());
      const StreamName = textOf(graph.stackOutputs, "anomalyStreamName");
      await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: "a", Data: Buffer.from("no anomaly") }));
      kinesis.destroy();
      await clock.advance(60_000);
      const s3 = new S3Client({ ...client(), forcePathStyle: true });
      const Bucket = textOf(graph.stackOutputs, "processedBucketName");
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "rejected/" }));
      s3.destroy();
      assert.equal(Contents.length, 1);
    });
  });
});
