/**
 * Transactions: all or nothing, within a table and across tables, at once and after a crash; what a token makes of a
 * request sent again.
 * Does not prove: conflicts between transactions under way, of which there are none here: each is done in one turn.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DynamoDBClient,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { FACTS, render, START, withStage, type TestStage } from "../../../../test/stage";
import { VirtualClock } from "../../../clock";
import type { Transaction } from "../table/change";
import type { TableSchema } from "../table/schema";
import { Table } from "../table/table";
import { TableSet } from "../table/table-set";
import { callerOf, declareAlerts, declareEvents, type Call } from "../testing/tables";
import type { Item } from "../value/attribute-value";
import { Transactions } from "./transaction";

const program = (): void => {
  declareEvents();
  declareAlerts();
};

async function withTables(run: (call: Call, test: TestStage) => Promise<void>, folder?: string): Promise<void> {
  await withStage(await render(program), (test) => run(callerOf(test), test), folder === undefined ? {} : { folder });
}

const alert = (name: string, more: Item = {}): Item => ({ alert: { S: name }, ...more });
const putAlert = (name: string, more: object = {}): TransactWriteItem => ({
  Put: { TableName: "alerts", Item: { alert: { S: name } }, ...more },
});
const putEvent = (at: number): TransactWriteItem => ({
  Put: { TableName: "events", Item: { site: { S: "a" }, at: { N: String(at) } } },
});
const scan = async (call: Call, TableName: string): Promise<Item[]> =>
  (await call<{ Items: Item[] }>("Scan", { TableName })).Items;
const write = (call: Call, TransactItems: readonly object[], ClientRequestToken?: string): Promise<unknown> =>
  call("TransactWriteItems", { TransactItems, ...(ClientRequestToken && { ClientRequestToken }) });

describe("DynamoDB transactions", () => {
  it("put, update, delete and check items of several tables together", async () => {
    await withTables(async (call, test) => {
      await write(call, [putAlert("old"), putAlert("kept", { Item: alert("kept", { n: { N: "1" } }) })]);
      const client = new DynamoDBClient(test.client());
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            putEvent(1),
            {
              Delete: {
                TableName: "alerts",
                Key: { alert: { S: "old" } },
                ConditionExpression: "attribute_exists(alert)",
              },
            },
            {
              Update: {
                TableName: "alerts",
                Key: { alert: { S: "new" } },
                UpdateExpression: "SET #n = :one",
                ExpressionAttributeNames: { "#n": "n" },
                ExpressionAttributeValues: { ":one": { N: "1" } },
              },
            },
            {
              ConditionCheck: {
                TableName: "alerts",
                Key: { alert: { S: "kept" } },
                ConditionExpression: "n = :one",
                ExpressionAttributeValues: { ":one": { N: "1" } },
              },
            },
          ],
        }),
      );
      assert.deepEqual(await scan(call, "alerts"), [alert("kept", { n: { N: "1" } }), alert("new", { n: { N: "1" } })]);
      const { Responses } = await client.send(
        new TransactGetItemsCommand({
          TransactItems: [
            { Get: { TableName: "events", Key: { site: { S: "a" }, at: { N: "1" } }, ProjectionExpression: "site" } },
            { Get: { TableName: "alerts", Key: { alert: { S: "nowhere" } } } },
          ],
        }),
      );
      assert.deepEqual(Responses, [{ Item: { site: { S: "a" } } }, {}]);
      client.destroy();
    });
  });

  it("change nothing when one part cannot happen, and say of each part why", async () => {
    await withTables(async (call, test) => {
      await write(call, [putAlert("there")]);
      const client = new DynamoDBClient(test.client());
      const attempt = client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            putEvent(1),
            putAlert("there", {
              ConditionExpression: "attribute_not_exists(alert)",
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
            { Put: { TableName: "events", Item: { site: { N: "1" }, at: { N: "1" } } } },
            { Update: { TableName: "alerts", Key: { alert: { S: "x" } }, UpdateExpression: "SET a = b" } },
          ],
        }),
      );
      await assert.rejects(attempt, (error) => {
        assert.ok(error instanceof TransactionCanceledException);
        assert.equal(
          error.message,
          "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError, ValidationError]",
        );
        assert.deepEqual(error.CancellationReasons, [
          { Code: "None" },
          { Code: "ConditionalCheckFailed", Message: "The conditional request failed", Item: alert("there") },
          {
            Code: "ValidationError",
            Message: "One or more parameter values were invalid: Type mismatch for key site expected: S actual: N",
          },
          {
            Code: "ValidationError",
            Message: "The provided expression refers to an attribute that does not exist in the item",
          },
        ]);
        return true;
      });
      assert.deepEqual(await scan(call, "events"), []);
      client.destroy();
    });
  });

  it("are refused as AWS refuses them", async () => {
    await withTables(async (call) => {
      const large = Array.from({ length: 12 }, (_, index) =>
        putAlert("", { Item: alert(String(index), { x: { S: "x".repeat(380_000) } }) }),
      );
      const key = { TableName: "alerts", Key: { alert: { S: "x" } } };
      const refusals: readonly (readonly [object[], string | RegExp, string?])[] = [
        [[], /TransactItems/i],
        [Array.from({ length: 101 }, (_, index) => putEvent(index)), /TransactItems/i],
        [[putAlert("x"), { Delete: key }], "Transaction request cannot include multiple operations on one item"],
        [[putAlert("")], /empty string value\. Key: alert$/],
        [[{ ...putAlert("x"), Delete: key }], "TransactItems can only contain one of Check, Put, Update or Delete"],
        [[{ Update: key }], /'updateExpression' failed to satisfy constraint/],
        [[{ ConditionCheck: key }], /'conditionExpression' failed to satisfy constraint/],
        [
          [putAlert("x", { ConditionExpression: "name = :v", ExpressionAttributeValues: { ":v": { S: "" } } })],
          /reserved keyword: name$/,
        ],
        [large, "Collection size cannot exceed 4 MB in a transaction"],
        [[putAlert("x", { TableName: "nothing" })], "Requested resource not found", "ResourceNotFoundException"],
      ];
      for (const [items, message, code = "ValidationException"] of refusals) {
        await assert.rejects(write(call, items), { code, message }, String(message));
      }
      const get = { Get: key };
      await assert.rejects(call("TransactGetItems", { TransactItems: [get, get] }), {
        message: "Transaction request cannot include multiple operations on one item",
      });
      await assert.rejects(
        call("TransactGetItems", { TransactItems: [{ Get: { ...key, Key: { alert: { N: "1" } } } }] }),
        { code: "TransactionCanceledException" },
      );
      assert.deepEqual(await scan(call, "alerts"), []);
    });
  });

  it("happen once for one token within ten minutes, also when the stage was opened again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dynamodb-"));
    const add: TransactWriteItem = {
      Update: {
        TableName: "alerts",
        Key: { alert: { S: "x" } },
        UpdateExpression: "ADD n :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      },
    };
    const counted = async (call: Call): Promise<unknown> => (await scan(call, "alerts"))[0]?.["n"];
    await withTables(async (call) => {
      await Promise.all([write(call, [add], "token"), write(call, [add], "token")]);
      assert.deepEqual(await counted(call), { N: "1" });
      await assert.rejects(write(call, [putAlert("y")], "token"), { code: "IdempotentParameterMismatchException" });
    }, folder);
    await withTables(async (call, { clock }) => {
      await clock.advance(10 * 60_000 - 1);
      await write(call, [add], "token");
      assert.deepEqual(await counted(call), { N: "1" });
      await clock.advance(1);
      await write(call, [add], "token");
      assert.deepEqual(await counted(call), { N: "2" });
    }, folder);
    await rm(folder, { recursive: true });
  });

  it("may be tried again with their token when they could not happen", async () => {
    await withTables(async (call) => {
      const check: TransactWriteItem = {
        ConditionCheck: {
          TableName: "alerts",
          Key: { alert: { S: "x" } },
          ConditionExpression: "attribute_exists(alert)",
        },
      };
      await assert.rejects(write(call, [check, putEvent(1)], "token"), { code: "TransactionCanceledException" });
      await write(call, [putAlert("x")]);
      await write(call, [check, putEvent(1)], "token");
      assert.equal((await scan(call, "events")).length, 1);
    });
  });

  it("are still whole when the stage is opened again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dynamodb-"));
    await withTables(async (call) => {
      for (let at = 0; at < 10; at++) await write(call, [putEvent(at), putAlert(String(at))], `token-${at}`);
    }, folder);
    await withTables(async (call) => {
      assert.equal((await scan(call, "events")).length, 10);
      assert.equal((await scan(call, "alerts")).length, 10);
    }, folder);
    await rm(folder, { recursive: true });
  });
});

describe("DynamoDB transactions after a crash", () => {
  const schema = (name: string): TableSchema => ({
    name,
    arn: `arn:aws:dynamodb:eu-west-1:000000000000:table/${name}`,
    key: { partition: { name: "id", type: "S" }, sort: undefined },
    indexes: [],
    expiry: undefined,
    keyArn: undefined,
    billingMode: "PAY_PER_REQUEST",
    isProtected: false,
  });
  const item = (id: string, value: string): Item => ({ id: { S: id }, value: { S: value } });
  const transaction = (id: number, elsewhere: Transaction["elsewhere"]): Transaction => ({ id, elsewhere });

  /** Opens the tables as a stage does, tells what was said, and closes them again. */
  async function reopen(
    folder: string,
    names: readonly string[],
    run: (tables: TableSet) => Promise<void>,
  ): Promise<string[]> {
    const said: string[] = [];
    const tables = await Promise.all(
      names.map((name) => Table.open(schema(name), join(folder, name), { sync: false })),
    );
    const set = new TableSet(tables, FACTS);
    await Transactions.open(set, new VirtualClock(START), (line) => said.push(line));
    await run(set);
    await Promise.all(tables.map((table) => table.close()));
    return said;
  }

  const contents = (tables: TableSet, name: string): Item[] =>
    Array.from(tables.get(name).entries(), (entry) => entry.item);

  it("reach the tables that lost them, in their order", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dynamodb-"));
    // The disk got the part of `one`, twice, and nothing of `two`.
    const survivor = await Table.open(schema("one"), join(folder, "one"), { sync: false });
    await survivor.record({
      put: [item("a", "1")],
      transaction: transaction(1, { two: { put: [item("b", "1"), item("c", "1")] } }),
    });
    await survivor.record({
      put: [item("a", "2")],
      transaction: transaction(2, { two: { put: [item("b", "2")], delete: [{ id: { S: "c" } }] } }),
    });
    await survivor.close();
    const said = await reopen(folder, ["one", "two"], async (tables) => {
      assert.deepEqual(contents(tables, "one"), [item("a", "2")]);
      assert.deepEqual(contents(tables, "two"), [item("b", "2")]);
    });
    assert.deepEqual(said, []);
    await rm(folder, { recursive: true });
  });

  it("are not done again where they were done, and what came behind them stays", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dynamodb-"));
    const [one, two] = await Promise.all(
      ["one", "two"].map((name) => Table.open(schema(name), join(folder, name), { sync: false })),
    );
    await one?.record({ put: [item("a", "1")], transaction: transaction(1, { two: { put: [item("b", "1")] } }) });
    await two?.record({ put: [item("b", "1")], transaction: transaction(1, { one: { put: [item("a", "1")] } }) });
    await two?.record({ put: [item("b", "later")] });
    await one?.record({ delete: [{ id: { S: "a" } }] });
    await Promise.all([one?.close(), two?.close()]);
    for (let opening = 0; opening < 2; opening++) {
      await reopen(folder, ["one", "two"], async (tables) => {
        assert.deepEqual(contents(tables, "one"), []);
        assert.deepEqual(contents(tables, "two"), [item("b", "later")]);
      });
    }
    await rm(folder, { recursive: true });
  });

  it("are told when a table of theirs is gone", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dynamodb-"));
    const survivor = await Table.open(schema("one"), join(folder, "one"), { sync: false });
    await survivor.record({ put: [item("a", "1")], transaction: transaction(1, { two: { put: [item("b", "1")] } }) });
    await survivor.close();
    assert.deepEqual(await reopen(folder, ["one"], async () => undefined), [
      "dynamodb: there is no table two any more; its part of transactions is gone with it",
    ]);
    await rm(folder, { recursive: true });
  });
});
