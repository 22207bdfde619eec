/**
 * A running stage that goes on with another graph.
 * Does not prove what happens to a function in the midst of a long call: services close as they do when a stage ends.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { render, withStage, type TestStage } from "../../test/stage";
import type { Graph } from "../graph/graph";
import { DataShelf } from "./data-shelf";

interface Shop {
  readonly hashKey?: string;
  readonly tables?: readonly string[];
  readonly options?: pulumi.CustomResourceOptions;
}

const shop = ({ hashKey = "id", tables = ["orders"], options = {} }: Shop = {}): Promise<Graph> =>
  render(() => {
    for (const name of tables) {
      const args = { name, hashKey, attributes: [{ name: hashKey, type: "S" }], billingMode: "PAY_PER_REQUEST" };
      new aws.dynamodb.Table(name, args, options);
    }
  });

const withQueue = (...names: readonly string[]): Promise<Graph> =>
  render(() => names.forEach((name) => new aws.sqs.Queue(name, { name })));

const put = ({ stage }: TestStage, table: string, key: string, id: string): Promise<unknown> =>
  stage.dispatch(stage.operator.principal, "dynamodb", "PutItem", { TableName: table, Item: { [key]: { S: id } } });

const has = async ({ stage }: TestStage, table: string, key: string, id: string): Promise<boolean> => {
  const input = { TableName: table, Key: { [key]: { S: id } } };
  const found = (await stage.dispatch(stage.operator.principal, "dynamodb", "GetItem", input)) as { Item?: unknown };
  return found.Item !== undefined;
};

const send = ({ stage }: TestStage, queue: string): Promise<unknown> =>
  stage.dispatch(stage.operator.principal, "sqs", "SendMessage", { QueueUrl: urlOf(queue), MessageBody: "hello" });

const receive = async ({ stage }: TestStage, queue: string): Promise<number> => {
  const input = { QueueUrl: urlOf(queue), VisibilityTimeout: 0 };
  const got = (await stage.dispatch(stage.operator.principal, "sqs", "ReceiveMessage", input)) as {
    Messages?: object[];
  };
  return got.Messages?.length ?? 0;
};

const urlOf = (queue: string): string => `https://sqs.eu-west-1.amazonaws.com/000000000000/${queue}`;

describe("A running stage", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "apply-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const run = async (graph: Graph, test: (stage: TestStage) => Promise<void>): Promise<void> =>
    withStage(graph, test, { folder });

  it("goes on with another graph on the same port and data, for clients that know nothing of it", async () => {
    await run(await shop(), async (test) => {
      const client = new DynamoDBClient(test.client());
      try {
        await client.send(new PutItemCommand({ TableName: "orders", Item: { id: { S: "1" } } }));
        const { url } = test.stage;
        const { changes } = await test.stage.apply(await shop({ tables: ["orders", "carts"] }));
        assert.deepEqual(
          changes.filter(({ kind }) => kind !== "same").map(({ kind, after }) => [kind, after?.id]),
          [["create", "carts"]],
        );
        assert.equal(test.stage.url, url);
        const { Item } = await client.send(new GetItemCommand({ TableName: "orders", Key: { id: { S: "1" } } }));
        assert.deepEqual(Item, { id: { S: "1" } });
        await client.send(new PutItemCommand({ TableName: "carts", Item: { id: { S: "2" } } }));
        assert.deepEqual(test.stage.state.serial, 2);
      } finally {
        client.destroy();
      }
    });
  });

  it("refuses nobody in the meantime", async () => {
    await run(await shop(), async (test) => {
      const client = new DynamoDBClient(test.client());
      try {
        let applied = false;
        const ids: string[] = [];
        const traffic = (async (): Promise<void> => {
          for (let n = 0; !applied || n < 20; n++) {
            await client.send(new PutItemCommand({ TableName: "orders", Item: { id: { S: String(n) } } }));
            ids.push(String(n));
          }
        })();
        for (const tables of [["orders", "carts"], ["orders"], ["orders", "carts"]]) {
          await test.stage.apply(await shop({ tables }));
        }
        applied = true;
        await traffic;
        for (const id of ids) assert.ok(await has(test, "orders", "id", id), id);
      } finally {
        client.destroy();
      }
    });
  });

  it("takes the data of what is deleted along, and leaves that of what is retained", async () => {
    const both = { tables: ["orders", "carts"] };
    await run(await shop(both), async (test) => {
      for (const table of both.tables) await put(test, table, "id", "1");
      await test.stage.apply(await shop());
      await test.stage.apply(await shop({ ...both, options: { retainOnDelete: true } }));
      assert.equal(await has(test, "carts", "id", "1"), false);
      assert.equal(await has(test, "orders", "id", "1"), true);
      await test.stage.apply(await shop({ tables: ["carts"] }));
      await test.stage.apply(await shop(both));
      assert.equal(await has(test, "orders", "id", "1"), true);
    });
  });

  it("begins anew with what is replaced", async () => {
    await run(await shop(), async (test) => {
      await put(test, "orders", "id", "1");
      const { changes } = await test.stage.apply(await shop({ hashKey: "key" }));
      assert.deepEqual(
        changes.map(({ kind }) => kind),
        ["same", "replace"],
      );
      await put(test, "orders", "key", "1");
      assert.equal(await has(test, "orders", "key", "1"), true);
    });
  });

  it("takes the messages of a deleted queue along", async () => {
    await run(await withQueue("jobs", "mail"), async (test) => {
      for (const queue of ["jobs", "mail"]) await send(test, queue);
      await test.stage.apply(await withQueue("mail"));
      await test.stage.apply(await withQueue("jobs", "mail"));
      assert.equal(await receive(test, "jobs"), 0);
      assert.equal(await receive(test, "mail"), 1);
    });
  });

  it("stays with the old graph and its data when the new one cannot be opened, and says why", async () => {
    await run(await shop(), async (test) => {
      await put(test, "orders", "id", "1");
      const bad = await render(() => {
        new aws.dynamodb.Table("orders", {
          name: "orders",
          hashKey: "key",
          attributes: [{ name: "key", type: "S" }],
          billingMode: "PAY_PER_REQUEST",
        });
        new aws.cloudwatch.EventTarget("nowhere", {
          rule: "none",
          arn: "arn:aws:lambda:eu-west-1:000000000000:function:f",
        });
      });
      await assert.rejects(test.stage.apply(bad), /its rule none is not in the graph/);
      assert.equal(test.stage.state.serial, 1);
      assert.equal(await has(test, "orders", "id", "1"), true);
      await test.stage.apply(await shop({ tables: ["orders", "carts"] }));
      assert.equal(await has(test, "orders", "id", "1"), true);
    });
  });

  it("refuses a change that was judged on another state", async () => {
    await run(await shop(), async (test) => {
      const judgedOn = test.stage.state;
      await test.stage.apply(await shop({ tables: ["orders", "carts"] }));
      await assert.rejects(test.stage.apply(await shop(), judgedOn), /the state has moved .* inspect again/);
      await test.stage.apply(await shop(), test.stage.state);
    });
  });

  it("refuses to delete what is protected", async () => {
    await run(await shop({ options: { protect: true } }), async (test) => {
      await assert.rejects(test.stage.apply(await shop({ tables: [] })), /orders is protected and would be deleted/);
      await put(test, "orders", "id", "1");
    });
  });

  it("knows at the next start what ran last, and touches no data that nobody gave up", async () => {
    await run(await shop({ tables: ["orders", "carts"] }), async (test) => {
      for (const table of ["orders", "carts"]) await put(test, table, "id", "1");
    });
    await run(await shop({ hashKey: "key" }), async ({ stage, said }) => {
      assert.equal(stage.state.serial, 2);
      assert.match(said.join("\n"), /orders .*set aside/);
      assert.match(said.join("\n"), /Table carts is not in the program any more: its data stays/);
    });
    await run(await shop({ tables: ["carts"] }), async (test) => {
      assert.equal(await has(test, "carts", "id", "1"), true);
    });
  });

  it("keeps its operator's keys, and forgets those of users that are gone", async () => {
    const user = (): Promise<Graph> =>
      render(() => {
        const producer = new aws.iam.User("producer", { name: "producer" });
        new aws.iam.AccessKey("producer", { user: producer.name });
      });
    await run(await user(), async ({ stage }) => {
      const key = stage.graph.only("aws:iam/accessKey:AccessKey").id;
      const { accessKeyId } = stage.operator;
      assert.ok(stage.credentials.find(key));
      await stage.apply(await shop());
      assert.equal(stage.credentials.find(key), undefined);
      assert.ok(stage.credentials.find(accessKeyId));
    });
  });
});

describe("Data that is moved out of the way", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "shelf-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is put back after a crash before the deployment was recorded, and discarded after one behind it", async () => {
    const { mkdir } = await import("node:fs/promises");
    const from = join(folder, "orders");
    const to = join(folder, "moved", "2", "orders");
    await mkdir(join(from, "kept"), { recursive: true });
    await new DataShelf(join(folder, "moved"), false).move(2, [{ from, to, discard: true }]);
    // What the deployment that died had made.
    await mkdir(join(from, "new"), { recursive: true });
    await new DataShelf(join(folder, "moved"), false).settle(1);
    assert.deepEqual([existsSync(join(from, "kept")), existsSync(join(from, "new"))], [true, false]);

    await new DataShelf(join(folder, "moved"), false).move(2, [{ from, to, discard: true }]);
    await new DataShelf(join(folder, "moved"), false).settle(2);
    assert.deepEqual([existsSync(from), existsSync(to)], [false, false]);
  });
});
