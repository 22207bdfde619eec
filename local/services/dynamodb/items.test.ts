/**
 * Items through the unmodified SDK client: put, get, update, delete, alone and in batches; what is answered and refused,
 * and what is still there when the stage is opened again.
 * Does not prove: that AWS answers alike where its behaviour is not documented; capacity and throttling, which the stage
 * does not model.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { render, withStage, type TestStage } from "../../../test/stage";
import { callerOf, declareAlerts, declareEvents } from "./testing/tables";

const program = (): void => {
  declareEvents();
  declareAlerts();
};

/** Runs a test with a client of the operator. */
async function withClient(
  run: (client: DynamoDBClient, test: TestStage) => Promise<void>,
  folder?: string,
): Promise<void> {
  await withStage(
    await render(program),
    async (test) => {
      const client = new DynamoDBClient(test.client());
      try {
        await run(client, test);
      } finally {
        client.destroy();
      }
    },
    folder === undefined ? {} : { folder },
  );
}

const key = (site: string, at: number): Record<string, AttributeValue> => ({
  site: { S: site },
  at: { N: String(at) },
});
const get = async (
  client: DynamoDBClient,
  Key: Record<string, AttributeValue>,
): Promise<Record<string, AttributeValue> | undefined> =>
  (await client.send(new GetItemCommand({ TableName: "events", Key, ConsistentRead: true }))).Item;

describe("DynamoDB items", () => {
  it("come back as they were put, whatever they hold", async () => {
    await withClient(async (client) => {
      const Item: Record<string, AttributeValue> = {
        ...key("ünïcode 🔑", -1.5),
        empty: { S: "" },
        bytes: { B: new Uint8Array([0, 255, 128]) },
        sets: { L: [{ SS: ["a", "b"] }, { NS: ["1", "2"] }, { BS: [new Uint8Array([1])] }] },
        map: { M: { flag: { BOOL: false }, nothing: { NULL: true } } },
      };
      await client.send(new PutItemCommand({ TableName: "events", Item }));
      assert.deepEqual(await get(client, key("ünïcode 🔑", -1.5)), Item);
      assert.deepEqual(await get(client, { site: { S: "ünïcode 🔑" }, at: { N: "-15E-1" } }), Item);
      assert.equal(await get(client, key("unicode", -1.5)), undefined);
    });
  });

  it("are answered in the parts that a projection names", async () => {
    await withClient(async (client) => {
      await client.send(
        new PutItemCommand({
          TableName: "events",
          Item: { ...key("a", 1), m: { M: { x: { S: "x" }, y: { S: "y" } } } },
        }),
      );
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: "arn:aws:dynamodb:eu-west-1:000000000000:table/events",
          Key: key("a", 1),
          ProjectionExpression: "#m.y, site",
          ExpressionAttributeNames: { "#m": "m" },
        }),
      );
      assert.deepEqual(Item, { site: { S: "a" }, m: { M: { y: { S: "y" } } } });
    });
  });

  it("are returned old and new, whole and in the parts that were updated", async () => {
    await withClient(async (client) => {
      const update = async (
        text: string,
        returns: "ALL_OLD" | "ALL_NEW" | "UPDATED_OLD" | "UPDATED_NEW" | "NONE",
        value = "1",
      ) =>
        (
          await client.send(
            new UpdateItemCommand({
              TableName: "events",
              Key: key("a", 1),
              UpdateExpression: text,
              ...(text.includes(":v") && { ExpressionAttributeValues: { ":v": { N: value } } }),
              ReturnValues: returns,
            }),
          )
        ).Attributes;
      assert.equal(await update("SET n = :v", "ALL_OLD"), undefined);
      assert.deepEqual(await update("SET n = :v", "UPDATED_OLD", "2"), { n: { N: "1" } });
      assert.deepEqual(await update("ADD n :v SET o = :v", "UPDATED_NEW"), { n: { N: "3" }, o: { N: "1" } });
      assert.deepEqual(await update("REMOVE o", "ALL_OLD"), { ...key("a", 1), n: { N: "3" }, o: { N: "1" } });
      assert.equal(await update("REMOVE o", "UPDATED_NEW"), undefined);
      assert.deepEqual(await update("SET n = :v", "ALL_NEW", "9"), { ...key("a", 1), n: { N: "9" } });
      assert.equal(await update("SET n = :v", "NONE"), undefined);
      const put = await client.send(
        new PutItemCommand({ TableName: "events", Item: key("a", 1), ReturnValues: "ALL_OLD" }),
      );
      assert.deepEqual(put.Attributes, { ...key("a", 1), n: { N: "1" } });
      const gone = await client.send(
        new DeleteItemCommand({ TableName: "events", Key: key("a", 1), ReturnValues: "ALL_OLD" }),
      );
      assert.deepEqual(gone.Attributes, key("a", 1));
      const again = await client.send(
        new DeleteItemCommand({ TableName: "events", Key: key("a", 1), ReturnValues: "ALL_OLD" }),
      );
      assert.equal(again.Attributes, undefined);
      await client.send(new UpdateItemCommand({ TableName: "events", Key: key("a", 2) }));
      assert.deepEqual(await get(client, key("a", 2)), key("a", 2));
    });
  });

  it("change only under their condition, which may show them", async () => {
    await withClient(async (client) => {
      const put = (n: string, shows: "ALL_OLD" | "NONE") =>
        client.send(
          new PutItemCommand({
            TableName: "events",
            Item: { ...key("a", 1), n: { N: n } },
            ConditionExpression: "attribute_not_exists(site)",
            ReturnValuesOnConditionCheckFailure: shows,
          }),
        );
      await put("1", "ALL_OLD");
      for (const [shows, shown] of [
        ["ALL_OLD", { ...key("a", 1), n: { N: "1" } }],
        ["NONE", undefined],
      ] as const) {
        await assert.rejects(put("2", shows), (error) => {
          assert.ok(error instanceof ConditionalCheckFailedException);
          assert.equal(error.message, "The conditional request failed");
          assert.deepEqual(error.Item, shown);
          return true;
        });
      }
      const at = { TableName: "events", Key: key("a", 1), ExpressionAttributeValues: { ":n": { N: "7" } } };
      const fails = { name: "ConditionalCheckFailedException" };
      await assert.rejects(client.send(new DeleteItemCommand({ ...at, ConditionExpression: "n = :n" })), fails);
      await assert.rejects(
        client.send(new UpdateItemCommand({ ...at, UpdateExpression: "SET n = :n", ConditionExpression: "n > :n" })),
        fails,
      );
      assert.deepEqual(await get(client, key("a", 1)), { ...key("a", 1), n: { N: "1" } });
    });
  });

  it("count every one of many updates made at once", async () => {
    await withClient(async (client) => {
      const add = () =>
        client.send(
          new UpdateItemCommand({
            TableName: "events",
            Key: key("a", 1),
            UpdateExpression: "ADD n :one",
            ExpressionAttributeValues: { ":one": { N: "1" } },
          }),
        );
      await Promise.all(Array.from({ length: 100 }, add));
      assert.deepEqual((await get(client, key("a", 1)))?.["n"], { N: "100" });
    });
  });

  it("go through one of a hundred attempts made at once under a condition", async () => {
    await withClient(async (client) => {
      const claim = (who: number) =>
        client.send(
          new PutItemCommand({
            TableName: "alerts",
            Item: { alert: { S: "x" }, who: { N: String(who) } },
            ConditionExpression: "attribute_not_exists(alert)",
          }),
        );
      const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, who) => claim(who)));
      assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    });
  });

  it("are written and read in batches", async () => {
    await withClient(async (client) => {
      const put = (at: number) => ({ PutRequest: { Item: { ...key("a", at), x: { S: "x" } } } });
      await client.send(
        new BatchWriteItemCommand({
          RequestItems: { events: [put(1), put(2), put(3)], alerts: [{ PutRequest: { Item: { alert: { S: "b" } } } }] },
        }),
      );
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { events: [{ DeleteRequest: { Key: key("a", 2) } }, put(4)] } }),
      );
      assert.deepEqual(UnprocessedItems, {});
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetItemCommand({
          RequestItems: {
            events: {
              Keys: [1, 2, 3, 4].map((at) => key("a", at)),
              ProjectionExpression: "#at",
              ExpressionAttributeNames: { "#at": "at" },
            },
            alerts: { Keys: [{ alert: { S: "b" } }], ConsistentRead: true },
          },
        }),
      );
      assert.deepEqual(Responses, {
        events: [{ at: { N: "1" } }, { at: { N: "3" } }, { at: { N: "4" } }],
        alerts: [{ alert: { S: "b" } }],
      });
      assert.deepEqual(UnprocessedKeys, {});
    });
  });

  it("are left for another request when a batch would answer more than 16 MB", async () => {
    await withClient(async (_, test) => {
      const call = callerOf(test);
      const stuffing = { S: "x".repeat(400_000) };
      for (let at = 0; at < 50; at++)
        await call("PutItem", { TableName: "events", Item: { ...key("a", at), stuffing } });
      const asked = {
        events: { Keys: Array.from({ length: 50 }, (_each, at) => key("a", at)), ProjectionExpression: "stuffing" },
      };
      const { Responses, UnprocessedKeys } = await call<{
        Responses: { events: unknown[] };
        UnprocessedKeys: { events: { Keys: unknown[]; ProjectionExpression: string } };
      }>("BatchGetItem", { RequestItems: asked });
      assert.equal(Responses.events.length, 41);
      assert.deepEqual(UnprocessedKeys, {
        events: { Keys: asked.events.Keys.slice(41), ProjectionExpression: "stuffing" },
      });
    });
  });

  it("are still there when the stage is opened again, and those deleted are not", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dynamodb-"));
    await withClient(async (client) => {
      for (let at = 0; at < 5; at++)
        await client.send(new PutItemCommand({ TableName: "events", Item: { ...key("a", at), watch: { S: "w" } } }));
      await client.send(new DeleteItemCommand({ TableName: "events", Key: key("a", 2) }));
      await client.send(
        new UpdateItemCommand({ TableName: "events", Key: key("a", 3), UpdateExpression: "REMOVE watch" }),
      );
    }, folder);
    for (let opening = 0; opening < 2; opening++) {
      await withClient(async (client, test) => {
        assert.equal(await get(client, key("a", 2)), undefined);
        assert.deepEqual(await get(client, key("a", 3)), key("a", 3));
        const { Count } = await callerOf(test)<{ Count: number }>("Query", {
          TableName: "events",
          IndexName: "watched",
          KeyConditionExpression: "watch = :w",
          ExpressionAttributeValues: { ":w": { S: "w" } },
        });
        assert.equal(Count, 3);
      }, folder);
    }
    await rm(folder, { recursive: true });
  });

  it("let their tables describe themselves", async () => {
    await withClient(async (client) => {
      await client.send(new PutItemCommand({ TableName: "events", Item: key("a", 1) }));
      const { Table } = await client.send(new DescribeTableCommand({ TableName: "events" }));
      assert.equal(Table?.TableArn, "arn:aws:dynamodb:eu-west-1:000000000000:table/events");
      assert.equal(Table.TableStatus, "ACTIVE");
      assert.equal(Table.ItemCount, 1);
      assert.equal(Table.TableSizeBytes, 4 + 1 + 2 + 2);
      assert.deepEqual(Table.KeySchema, [
        { AttributeName: "site", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ]);
      assert.deepEqual(
        Table.GlobalSecondaryIndexes?.map(({ IndexName, Projection }) => [IndexName, Projection?.ProjectionType]),
        [
          ["watched", "KEYS_ONLY"],
          ["coded", "INCLUDE"],
          ["sites", "ALL"],
        ],
      );
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: "events" }));
      assert.deepEqual(TimeToLiveDescription, { TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
      const first = await client.send(new ListTablesCommand({ Limit: 1 }));
      assert.deepEqual([first.TableNames, first.LastEvaluatedTableName], [["alerts"], "alerts"]);
      const rest = await client.send(new ListTablesCommand({ ExclusiveStartTableName: "alerts" }));
      assert.deepEqual([rest.TableNames, rest.LastEvaluatedTableName], [["events"], undefined]);
      await assert.rejects(client.send(new DescribeTableCommand({ TableName: "nothing" })), {
        name: "ResourceNotFoundException",
        message: "Requested resource not found: Table: nothing not found",
      });
    });
  });
});
