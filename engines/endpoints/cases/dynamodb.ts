/** DynamoDB: items, conditions, expressions, queries, transactions. */
import * as dynamodb from "@aws-sdk/client-dynamodb";
import type { Case } from "../case";

const TableName = "visits";
const key = (hour: number, site = "shop") => ({ site: { S: site }, hour: { N: `${hour}` } });

export const DYNAMODB_CASES: readonly Case[] = [
  {
    name: "dynamodb: a table is described",
    call: async (world) => {
      const { Table } = await world.dynamodb.send(new dynamodb.DescribeTableCommand({ TableName }));
      return { status: Table?.TableStatus, keys: Table?.KeySchema, arn: Table?.TableArn };
    },
  },
  {
    name: "dynamodb: an item is put and read back",
    call: async (world) => {
      const Item = {
        ...key(1),
        ...{ count: { N: "1" }, tags: { SS: ["x", "y"] }, path: { L: [{ S: "/" }, { BOOL: true }, { NULL: true }] } },
        more: { M: { deep: { B: new Uint8Array([1, 2]) } } },
      };
      await world.dynamodb.send(new dynamodb.PutItemCommand({ TableName, Item }));
      const got = await world.dynamodb.send(
        new dynamodb.GetItemCommand({ TableName, Key: key(1), ConsistentRead: true }),
      );
      return got.Item;
    },
  },
  {
    name: "dynamodb: an item that is not there",
    call: async (world) =>
      (await world.dynamodb.send(new dynamodb.GetItemCommand({ TableName, Key: key(404) }))).Item ?? "nothing",
  },
  {
    name: "dynamodb: numbers keep 38 digits",
    call: async (world) => {
      const big = "12345678901234567890123456789012345678";
      await world.dynamodb.send(new dynamodb.PutItemCommand({ TableName, Item: { ...key(2), big: { N: big } } }));
      await world.dynamodb.send(
        new dynamodb.UpdateItemCommand({
          ...{ TableName, Key: key(2), UpdateExpression: "SET big = big + :one" },
          ExpressionAttributeValues: { ":one": { N: "1" } },
        }),
      );
      return (await world.dynamodb.send(new dynamodb.GetItemCommand({ TableName, Key: key(2) }))).Item?.["big"];
    },
  },
  {
    name: "dynamodb: a condition that does not hold",
    call: (world) =>
      world.dynamodb.send(
        new dynamodb.PutItemCommand({ TableName, Item: key(1), ConditionExpression: "attribute_not_exists(site)" }),
      ),
  },
  {
    name: "dynamodb: an update counts, appends, adds to a set and takes away",
    call: async (world) => {
      const { Attributes } = await world.dynamodb.send(
        new dynamodb.UpdateItemCommand({
          ...{ TableName, Key: key(1), ReturnValues: "ALL_NEW" },
          UpdateExpression:
            "SET #c = if_not_exists(#c, :zero) + :five, #p = list_append(#p, :more) ADD tags :z REMOVE more.deep",
          ExpressionAttributeNames: { "#c": "count", "#p": "path" },
          ExpressionAttributeValues: {
            ...{ ":zero": { N: "0" }, ":five": { N: "5" } },
            ...{ ":more": { L: [{ S: "end" }] }, ":z": { SS: ["z"] } },
          },
        }),
      );
      return { ...Attributes, tags: Attributes?.["tags"]?.SS?.toSorted() };
    },
  },
  {
    name: "dynamodb: what an update changed, as it was",
    call: async (world) => {
      const update = new dynamodb.UpdateItemCommand({
        ...{ TableName, Key: key(1), ReturnValues: "UPDATED_OLD", UpdateExpression: "SET #c = :n" },
        ...{ ExpressionAttributeNames: { "#c": "count" }, ExpressionAttributeValues: { ":n": { N: "9" } } },
      });
      return (await world.dynamodb.send(update)).Attributes;
    },
  },
  {
    name: "dynamodb: an update of a reserved word",
    call: (world) =>
      world.dynamodb.send(
        new dynamodb.UpdateItemCommand({
          ...{ TableName, Key: key(1), UpdateExpression: "SET count = :n" },
          ExpressionAttributeValues: { ":n": { N: "9" } },
        }),
      ),
  },
  {
    name: "dynamodb: an update of the key",
    call: (world) =>
      world.dynamodb.send(
        new dynamodb.UpdateItemCommand({
          ...{ TableName, Key: key(1), UpdateExpression: "SET site = :n" },
          ExpressionAttributeValues: { ":n": { S: "other" } },
        }),
      ),
  },
  {
    name: "dynamodb: a value that no expression uses",
    call: (world) =>
      world.dynamodb.send(
        new dynamodb.UpdateItemCommand({
          ...{ TableName, Key: key(1), UpdateExpression: "SET x = :n" },
          ExpressionAttributeValues: { ":n": { N: "9" }, ":unused": { N: "1" } },
        }),
      ),
  },
  {
    name: "dynamodb: a query in order, with a filter and a projection",
    call: async (world) => {
      const put = (hour: number) =>
        world.dynamodb.send(
          new dynamodb.PutItemCommand({ TableName, Item: { ...key(hour, "other"), n: { N: `${hour % 3}` } } }),
        );
      for (const hour of [5, 10, 1, 7]) await put(hour);
      const { Items, Count, ScannedCount } = await world.dynamodb.send(
        new dynamodb.QueryCommand({
          ...{ TableName, ScanIndexForward: false, ProjectionExpression: "#h" },
          KeyConditionExpression: "site = :s AND #h BETWEEN :a AND :b",
          FilterExpression: "n <> :zero",
          ExpressionAttributeNames: { "#h": "hour" },
          ExpressionAttributeValues: {
            ...{ ":s": { S: "other" }, ":a": { N: "2" }, ":b": { N: "10" }, ":zero": { N: "0" } },
          },
        }),
      );
      return { Items, Count, ScannedCount };
    },
  },
  {
    name: "dynamodb: pages of a query",
    call: async (world) => {
      const page = (ExclusiveStartKey?: Record<string, dynamodb.AttributeValue>) =>
        world.dynamodb.send(
          new dynamodb.QueryCommand({
            ...{ TableName, Limit: 3, KeyConditionExpression: "site = :s" },
            ...{ ExpressionAttributeValues: { ":s": { S: "other" } }, ExclusiveStartKey },
          }),
        );
      const first = await page();
      const second = await page(first.LastEvaluatedKey);
      return { first: first.LastEvaluatedKey, second: second.Items?.length, end: second.LastEvaluatedKey ?? "end" };
    },
  },
  {
    name: "dynamodb: a query without its key",
    call: (world) =>
      world.dynamodb.send(
        new dynamodb.QueryCommand({
          ...{ TableName, KeyConditionExpression: "#h = :h" },
          ...{ ExpressionAttributeNames: { "#h": "hour" }, ExpressionAttributeValues: { ":h": { N: "1" } } },
        }),
      ),
  },
  {
    name: "dynamodb: a count by scan",
    call: async (world) => (await world.dynamodb.send(new dynamodb.ScanCommand({ TableName, Select: "COUNT" }))).Count,
  },
  {
    name: "dynamodb: a batch of writes, and of reads",
    call: async (world) => {
      const { UnprocessedItems } = await world.dynamodb.send(
        new dynamodb.BatchWriteItemCommand({
          RequestItems: {
            [TableName]: [{ PutRequest: { Item: key(1, "batch") } }, { DeleteRequest: { Key: key(404, "batch") } }],
          },
        }),
      );
      const { Responses } = await world.dynamodb.send(
        new dynamodb.BatchGetItemCommand({
          RequestItems: { [TableName]: { Keys: [key(1, "batch"), key(2, "batch")] } },
        }),
      );
      return { UnprocessedItems, read: Responses?.[TableName] };
    },
  },
  {
    name: "dynamodb: a transaction whose one condition does not hold says which",
    call: async (world) => {
      const TransactItems = [
        { Put: { TableName, Item: key(1, "transaction") } },
        { ConditionCheck: { TableName, Key: key(404), ConditionExpression: "attribute_exists(site)" } },
      ];
      const failed = await world.dynamodb
        .send(new dynamodb.TransactWriteItemsCommand({ TransactItems }))
        .then(() => undefined)
        .catch((error: unknown) => error as dynamodb.TransactionCanceledException);
      const { Item } = await world.dynamodb.send(
        new dynamodb.GetItemCommand({ TableName, Key: key(1, "transaction"), ConsistentRead: true }),
      );
      return {
        error: failed?.name,
        reasons: failed?.CancellationReasons?.map(({ Code }) => Code),
        written: Item ?? "no",
      };
    },
  },
  {
    name: "dynamodb: a deletion gives back what was there",
    call: async (world) => {
      const remove = new dynamodb.DeleteItemCommand({ TableName, Key: key(1, "batch"), ReturnValues: "ALL_OLD" });
      return (await world.dynamodb.send(remove)).Attributes;
    },
  },
  {
    name: "dynamodb: a table that is not there",
    call: (world) => world.dynamodb.send(new dynamodb.GetItemCommand({ TableName: "none", Key: key(1) })),
  },
  {
    name: "dynamodb: an item without its range key",
    call: (world) => world.dynamodb.send(new dynamodb.PutItemCommand({ TableName, Item: { site: { S: "shop" } } })),
  },
  {
    name: "dynamodb: a key of the wrong type",
    call: (world) =>
      world.dynamodb.send(
        new dynamodb.PutItemCommand({ TableName, Item: { site: { S: "shop" }, hour: { S: "one" } } }),
      ),
  },
  {
    name: "dynamodb: an empty set",
    call: (world) =>
      world.dynamodb.send(new dynamodb.PutItemCommand({ TableName, Item: { ...key(1), tags: { SS: [] } } })),
  },
];
