/**
 * What is refused of requests for items, in AWS's words, and what hostile requests come to.
 * Does not prove: which of two mistakes in one request AWS names.
 */
import assert from "node:assert/strict";
import { DynamoDBClient, PutItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { render, withStage, type TestStage } from "../../../test/stage";
import { callerOf, declareEvents } from "./testing/tables";

async function withClient(run: (client: DynamoDBClient, test: TestStage) => Promise<void>): Promise<void> {
  await withStage(await render(() => void declareEvents()), async (test) => {
    const client = new DynamoDBClient(test.client());
    try {
      await run(client, test);
    } finally {
      client.destroy();
    }
  });
}

const key = (site: string, at: number): Record<string, AttributeValue> => ({
  site: { S: site },
  at: { N: String(at) },
});

describe("DynamoDB requests", () => {
  it("are refused as AWS refuses them", async () => {
    await withClient(async (_, test) => {
      const call = callerOf(test);
      const invalid = "One or more parameter values were invalid: ";
      const notValid = "One or more parameter values are not valid. ";
      const v = { ExpressionAttributeValues: { ":v": { S: "" } } };
      const put = (Item: unknown, more = {}) => ["PutItem", { Item, ...more }] as const;
      const update = (UpdateExpression: string, more = {}) =>
        ["UpdateItem", { Key: key("a", 1), UpdateExpression, ...more }] as const;
      const getKey = (Key: unknown, more = {}) => ["GetItem", { Key, ...more }] as const;
      const refusals: readonly (readonly [readonly [string, object], string | RegExp])[] = [
        [put({ site: { S: "a" } }), `${invalid}Missing the key at in the item`],
        [put({ site: { N: "1" }, at: { N: "1" } }), `${invalid}Type mismatch for key site expected: S actual: N`],
        [
          put({ ...key("a", 1), watch: { N: "1" } }),
          `${invalid}Type mismatch for Index Key watch Expected: S Actual: N IndexName: watched`,
        ],
        [
          put({ ...key("a", 1), watch: { S: "" } }),
          `${notValid}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: watched, IndexKey: watch`,
        ],
        [put({ ...key("a", 1), code: { B: "" } }), /empty binary value\. IndexName: coded, IndexKey: code$/],
        [
          put(key("", 1)),
          `${notValid}The AttributeValue for a key attribute cannot contain an empty string value. Key: site`,
        ],
        [put(key("x".repeat(2049), 1)), `${invalid}Size of hashkey has exceeded the maximum size limit of2048 bytes`],
        [
          put({ ...key("a", 1), watch: { S: "w" }, large: { S: "x".repeat(409_600) } }),
          "Item size has exceeded the maximum allowed size",
        ],
        [
          put(undefined),
          "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null",
        ],
        [put(key("a", 1), { ReturnValues: "ALL_NEW" }), "Return values set to invalid value"],
        [put(key("a", 1), { ReturnValues: "SOME" }), /ReturnValues/i],
        [
          put(key("a", 1), v),
          "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
        ],
        [
          put(key("a", 1), { ExpressionAttributeNames: { "#a": "a" } }),
          "ExpressionAttributeNames can only be specified when using expressions",
        ],
        [
          put(key("a", 1), { Expected: {} }),
          "the local stage does not model the legacy parameter Expected: say it with ConditionExpression",
        ],
        [put(key("a", 1), { ReturnConsumedCapacity: "TOTAL" }), /the local stage meters no capacity/],
        [
          getKey(key("a", 1), { AttributesToGet: ["a"], ProjectionExpression: "a" }),
          "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}",
        ],
        [getKey({ site: { S: "a" } }), "The provided key element does not match the schema"],
        [getKey({ site: { S: "a" }, at: { S: "1" } }), "The provided key element does not match the schema"],
        [getKey({ ...key("a", 1), more: { S: "1" } }), "The provided key element does not match the schema"],
        [getKey(key("", 1)), /empty string value\. Key: site$/],
        [update("SET site = :v", v), `${invalid}Cannot update attribute site. This attribute is part of the key`],
        [
          update("REMOVE #a.b", { ExpressionAttributeNames: { "#a": "at" } }),
          `${invalid}Cannot update attribute at. This attribute is part of the key`,
        ],
        [
          update("SET watch = :v", v),
          `${notValid}The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.`,
        ],
        [
          update("SET watch = :n", { ExpressionAttributeValues: { ":n": { N: "1" } } }),
          /Type mismatch for Index Key watch Expected: S Actual: N/,
        ],
        [
          update("SET big = :v", { ExpressionAttributeValues: { ":v": { S: "x".repeat(409_600) } } }),
          "Item size to update has exceeded the maximum allowed size",
        ],
        [
          update("SET a = :v", { ...v, AttributeUpdates: {} }),
          /Non-expression parameters: \{AttributeUpdates\} Expression parameters: \{UpdateExpression\}$/,
        ],
        [
          [
            "BatchWriteItem",
            {
              RequestItems: {
                events: [{ PutRequest: { Item: key("a", 1) } }, { DeleteRequest: { Key: key("a", 1) } }],
              },
            },
          ],
          "Provided list of item keys contains duplicates",
        ],
        [["BatchWriteItem", { RequestItems: {} }], "The requestItems parameter is required for BatchWriteItem"],
        [
          [
            "BatchWriteItem",
            { RequestItems: { events: [{ PutRequest: { Item: { site: { N: "5" }, at: { N: "1" } } } }] } },
          ],
          "The provided key element does not match the schema",
        ],
        [
          ["BatchGetItem", { RequestItems: { events: { Keys: [key("a", 1), key("a", 1)] } } }],
          "Provided list of item keys contains duplicates",
        ],
        [
          [
            "BatchGetItem",
            { RequestItems: { events: { Keys: Array.from({ length: 101 }, (_each, at) => key("a", at)) } } },
          ],
          /length less than or equal to 100/,
        ],
      ];
      for (const [[operation, input], message] of refusals) {
        const named = operation.startsWith("Batch") ? input : { TableName: "events", ...input };
        await assert.rejects(
          call(operation, named),
          { code: "ValidationException", message },
          `${operation} ${JSON.stringify(input).slice(0, 200)}`,
        );
      }
      for (const operation of ["GetItem", "DeleteItem"]) {
        await assert.rejects(call(operation, { TableName: "nothing", Key: key("a", 1) }), {
          code: "ResourceNotFoundException",
          message: "Requested resource not found",
        });
      }
      const { Count } = await call<{ Count: number }>("Scan", { TableName: "events" });
      assert.equal(Count, 0);
    });
  });

  it("may bring items of 409,600 bytes and not one more", async () => {
    await withClient(async (client) => {
      const rest = 409_600 - ("site".length + 1 + "at".length + 2 + "x".length);
      const put = (bytes: number) =>
        client.send(new PutItemCommand({ TableName: "events", Item: { ...key("a", 1), x: { S: "x".repeat(bytes) } } }));
      await put(rest);
      await assert.rejects(put(rest + 1), {
        name: "ValidationException",
        message: "Item size has exceeded the maximum allowed size",
      });
    });
  });

  it("may bring hostile names, depths and numbers, and harm nothing", async () => {
    await withClient(async (client, test) => {
      const hostile = JSON.parse(
        '{"site":{"S":"a"},"at":{"N":"1"},"__proto__":{"M":{"__proto__":{"S":"p"}}},"constructor":{"S":"c"}}',
      ) as Record<string, AttributeValue>;
      await callerOf(test)("PutItem", { TableName: "events", Item: hostile });
      const item = await callerOf(test)<{ Item: unknown }>("GetItem", { TableName: "events", Key: key("a", 1) });
      assert.equal(JSON.stringify(item.Item), JSON.stringify(hostile));
      const deep = Array.from({ length: 40 }).reduce<AttributeValue>((inner) => ({ L: [inner] }), { S: "" });
      await assert.rejects(client.send(new PutItemCommand({ TableName: "events", Item: { ...key("a", 2), deep } })), {
        name: "ValidationException",
        message: /^Nesting Levels/,
      });
      const levels = (count: number) =>
        Array.from({ length: count }).reduce<AttributeValue>((inner) => ({ M: { n: inner } }), { S: "" });
      await client.send(new PutItemCommand({ TableName: "events", Item: { ...key("a", 2), deep: levels(31) } }));
      await assert.rejects(
        callerOf(test)("UpdateItem", {
          TableName: "events",
          Key: key("a", 2),
          UpdateExpression: "SET deep.n = :v",
          ExpressionAttributeValues: { ":v": levels(31) },
        }),
        { code: "ValidationException", message: /^Nesting Levels/ },
      );
      for (const N of ["1".repeat(50_000), `1e${"9".repeat(50)}`, "NaN", "٣"]) {
        await assert.rejects(
          client.send(new PutItemCommand({ TableName: "events", Item: { ...key("a", 2), n: { N } } })),
          { name: "ValidationException" },
        );
      }
    });
  });
});
