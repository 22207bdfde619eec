/**
 * Kinesis on loopback, driven by the unmodified SDK client over HTTP/2, its default.
 * Does not prove: that AWS answers alike; quotas per shard and resharding, which the stage does not model.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  type _Record,
} from "@aws-sdk/client-kinesis";
import { render, withStage } from "../../../test/stage";
import { textOf } from "../../graph/graph";
import { roleSession } from "../../iam/principal";
import type { KinesisService } from "./service";

const program = (): void => {
  new aws.kinesis.Stream("events", { name: "events", shardCount: 2, retentionPeriod: 24 });
  const role = new aws.iam.Role("writer", {
    name: "writer",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  new aws.iam.RolePolicy("writer", {
    role: role.name,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "kinesis:PutRecord",
          Resource: "arn:aws:kinesis:eu-west-1:000000000000:stream/events",
        },
      ],
    }),
  });
};

async function readAll(client: KinesisClient): Promise<_Record[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: "events" }));
  const pages = await Promise.all(
    Shards.map(async ({ ShardId }) => {
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ StreamName: "events", ShardId, ShardIteratorType: "TRIM_HORIZON" }),
      );
      return (await client.send(new GetRecordsCommand({ ShardIterator }))).Records ?? [];
    }),
  );
  return pages.flat();
}

describe("Kinesis", () => {
  it("shows the newest records, however many one read would take", async () => {
    await withStage(await render(program), async ({ client, stage }) => {
      const kinesis = new KinesisClient(client());
      const Data = Buffer.alloc(900_000, "x");
      for (let number = 0; number < 16; number++)
        await kinesis.send(new PutRecordCommand({ StreamName: "events", PartitionKey: "one", Data }));
      kinesis.destroy();
      const { outputs } = stage.graph.only("aws:kinesis/stream:Stream");
      const service = stage.service("kinesis") as KinesisService;
      const indices = service.newest(textOf(outputs, "arn"), 16).map(({ index }) => index);
      assert.deepEqual(
        indices.sort((one, other) => one - other),
        Array.from({ length: 16 }, (_, number) => number),
      );
    });
  });

  it("gives back every record that it acknowledged, in order per key", async () => {
    await withStage(await render(program), async ({ client }) => {
      const kinesis = new KinesisClient(client());
      for (let i = 0; i < 20; i++) {
        await kinesis.send(
          new PutRecordCommand({ StreamName: "events", PartitionKey: `key-${i % 3}`, Data: Buffer.from(String(i)) }),
        );
      }
      const { FailedRecordCount } = await kinesis.send(
        new PutRecordsCommand({
          StreamName: "events",
          Records: Array.from({ length: 30 }, (_, i) => ({
            PartitionKey: `key-${i % 3}`,
            Data: Buffer.from(String(20 + i)),
          })),
        }),
      );
      assert.equal(FailedRecordCount, 0);
      const records = await readAll(kinesis);
      assert.equal(records.length, 50);
      for (const key of ["key-0", "key-1", "key-2"]) {
        const values = records
          .filter((record) => record.PartitionKey === key)
          .map((record) => Number(Buffer.from(record.Data ?? []).toString()));
        assert.deepEqual(
          values,
          [...values].sort((a, b) => a - b),
        );
      }
      kinesis.destroy();
    });
  });

  it("keeps its records when the stage is opened again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    const graph = await render(program);
    await withStage(
      graph,
      async ({ client }) => {
        const kinesis = new KinesisClient(client());
        await kinesis.send(
          new PutRecordCommand({ StreamName: "events", PartitionKey: "a", Data: Buffer.from("kept") }),
        );
        kinesis.destroy();
      },
      { folder },
    );
    await withStage(
      graph,
      async ({ client }) => {
        const kinesis = new KinesisClient(client());
        assert.deepEqual(
          (await readAll(kinesis)).map((record) => Buffer.from(record.Data ?? []).toString()),
          ["kept"],
        );
        kinesis.destroy();
      },
      { folder },
    );
    await rm(folder, { recursive: true });
  });

  it("lets a role do what its policy says, and nothing else", async () => {
    await withStage(await render(program), async ({ client, stage }) => {
      const kinesis = new KinesisClient(client(roleSession("arn:aws:iam::000000000000:role/writer", "tests")));
      await kinesis.send(new PutRecordCommand({ StreamName: "events", PartitionKey: "a", Data: Buffer.from("x") }));
      await assert.rejects(readAll(kinesis), {
        name: "AccessDeniedException",
        message:
          "User: arn:aws:sts::000000000000:assumed-role/writer/tests is not authorized to perform: kinesis:ListShards on resource: " +
          "arn:aws:kinesis:eu-west-1:000000000000:stream/events because no identity-based policy allows the kinesis:ListShards action",
      });
      const report = stage.permissions.roles.find((role) => role.role.endsWith("::writer"));
      assert.deepEqual(report?.unused, []);
      assert.equal(report?.denied.length, 1);
      kinesis.destroy();
    });
  });

  it("refuses a wrong secret, an unknown key and an unknown operation", async () => {
    await withStage(await render(program), async ({ client }) => {
      const good = client();
      const forged = new KinesisClient({ ...good, credentials: { ...good.credentials, secretAccessKey: "wrong" } });
      await assert.rejects(readAll(forged), { name: "InvalidSignatureException" });
      const unknown = new KinesisClient({ ...good, credentials: { accessKeyId: "AKIANOBODY", secretAccessKey: "x" } });
      await assert.rejects(readAll(unknown), { name: "UnrecognizedClientException" });
      forged.destroy();
      unknown.destroy();
    });
  });
});
