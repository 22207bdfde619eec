/**
 * Query and Scan: pages and their limits, segments, indexes and what they hold, filters, and what is refused.
 * Does not prove: the order of items with equal keys in an index, which AWS leaves open; eventual consistency, which the
 * stage does not imitate.
 */
import assert from "node:assert/strict";
import { DynamoDBClient, paginateQuery, paginateScan, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { render, withStage, type TestStage } from "../../../../test/stage";
import { callerOf, declareEvents, walkPages, type Call } from "../testing/tables";
import type { Item } from "../value/attribute-value";

async function withEvents(run: (call: Call, test: TestStage) => Promise<void>): Promise<void> {
  await withStage(await render(() => void declareEvents()), (test) => run(callerOf(test), test));
}

const put = async (call: Call, items: readonly Item[]): Promise<void> => {
  for (const Item of items) await call("PutItem", { TableName: "events", Item });
};
const event = (site: string, at: number, more: Item = {}): Item => ({
  site: { S: site },
  at: { N: String(at) },
  ...more,
});

interface Page {
  readonly Items?: Item[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: Item;
}

describe("Query and Scan", () => {
  it("find every item once by scanning, whole, in segments and in pages", async () => {
    await withEvents(async (call) => {
      const all = Array.from({ length: 60 }, (_, index) =>
        event(`site-${index % 13}`, index, index % 3 === 0 ? { watch: { S: "w" } } : {}),
      );
      await put(call, all);
      const scan = (input: object): Promise<Item[]> => walkPages(call, "Scan", { TableName: "events", ...input });
      const names = (items: readonly Item[]): string[] => items.map(identify).sort();
      assert.deepEqual(names(await scan({})), names(all));
      assert.deepEqual(names(await scan({ Limit: 7 })), names(all));
      const segments = await Promise.all([0, 1, 2, 3].map((Segment) => scan({ Segment, TotalSegments: 4, Limit: 5 })));
      assert.deepEqual(names(segments.flat()), names(all));
      assert.deepEqual(
        names(await scan({ IndexName: "watched", Limit: 4 })),
        names(all.filter(({ watch }) => watch !== undefined)),
      );
    });
  });

  it("are walked by the SDK's own paginators", async () => {
    await withEvents(async (call, test) => {
      await put(
        call,
        Array.from({ length: 25 }, (_, at) => event("a", at, { watch: { S: "w" } })),
      );
      const dynamodb = new DynamoDBClient(test.client());
      const found: (string | undefined)[] = [];
      const pages = paginateQuery(
        { client: dynamodb, pageSize: 4 },
        {
          TableName: "events",
          IndexName: "watched",
          KeyConditionExpression: "watch = :w AND #at <= :to",
          ExpressionAttributeNames: { "#at": "at" },
          ExpressionAttributeValues: { ":w": { S: "w" }, ":to": { N: "20" } },
        },
      );
      for await (const { Items = [] } of pages) found.push(...Items.map((item) => item["at"]?.N));
      assert.deepEqual(
        found,
        Array.from({ length: 21 }, (_, at) => String(at)),
      );
      let scanned = 0;
      for await (const { Count = 0 } of paginateScan(
        { client: dynamodb, pageSize: 6 },
        { TableName: "events", Select: "COUNT" },
      ))
        scanned += Count;
      assert.equal(scanned, 25);
      dynamodb.destroy();
    });
  });

  it("find what was written before they were asked, in the table and in its indexes", async () => {
    await withEvents(async (_, test) => {
      const dynamodb = new DynamoDBClient(test.client());
      for (let at = 0; at < 10; at++) {
        await dynamodb.send(
          new PutItemCommand({ TableName: "events", Item: { ...event("a", at), watch: { S: `w${at % 2}` } } }),
        );
        const { Count } = await dynamodb.send(
          new QueryCommand({
            TableName: "events",
            IndexName: "watched",
            KeyConditionExpression: "watch = :w",
            ExpressionAttributeValues: { ":w": { S: `w${at % 2}` } },
          }),
        );
        assert.equal(Count, Math.floor(at / 2) + 1);
      }
      dynamodb.destroy();
    });
  });

  it("answer of an index what it holds: its keys, what it includes, or all; and only items that have its keys", async () => {
    await withEvents(async (call) => {
      const code = { B: Buffer.from([1, 2]).toString("base64") };
      const whole = event("a", 1, { watch: { S: "w" }, code, note: { S: "n" }, other: { S: "o" } });
      await put(call, [whole, event("a", 2), event("a", 3, { watch: { S: "w" } })]);
      const query = async (IndexName: string, name: string, value: unknown): Promise<Item[] | undefined> =>
        (
          await call<Page>("Query", {
            TableName: "events",
            IndexName,
            KeyConditionExpression: `${name} = :v`,
            ExpressionAttributeValues: { ":v": value },
          })
        ).Items;
      assert.deepEqual(await query("watched", "watch", { S: "w" }), [
        event("a", 1, { watch: { S: "w" } }),
        event("a", 3, { watch: { S: "w" } }),
      ]);
      assert.deepEqual(await query("coded", "code", code), [event("a", 1, { code, note: { S: "n" } })]);
      assert.deepEqual(await query("sites", "watch", { S: "w" }), [whole, event("a", 3, { watch: { S: "w" } })]);
      await call("UpdateItem", { TableName: "events", Key: event("a", 1), UpdateExpression: "REMOVE watch" });
      assert.deepEqual(await query("watched", "watch", { S: "w" }), [event("a", 3, { watch: { S: "w" } })]);
      await call("DeleteItem", { TableName: "events", Key: event("a", 1) });
      assert.deepEqual(await query("coded", "code", code), []);
    });
  });

  it("find an item in an index once, where its keys stand now", async () => {
    await withEvents(async (call) => {
      const watched = async (watch: string): Promise<number> => {
        const values = { ":w": { S: watch } };
        const query = { TableName: "events", IndexName: "watched", KeyConditionExpression: "watch = :w" };
        return (await call<Page>("Query", { ...query, ExpressionAttributeValues: values })).Count;
      };
      await put(call, [event("a", 1, { watch: { S: "w" } })]);
      await put(call, [event("a", 1, { watch: { S: "v" } })]);
      assert.deepEqual([await watched("w"), await watched("v")], [0, 1]);
      await put(call, [event("a", 1, { watch: { S: "v" }, note: { S: "n" } })]);
      assert.deepEqual([await watched("w"), await watched("v")], [0, 1]);
    });
  });

  it("filter what a page has looked at, project it, or only count it", async () => {
    await withEvents(async (call) => {
      await put(
        call,
        Array.from({ length: 6 }, (_, at) => event("a", at, { even: { BOOL: at % 2 === 0 }, x: { S: "x" } })),
      );
      const query = (more: object): Promise<Page> =>
        call<Page>("Query", {
          TableName: "events",
          KeyConditionExpression: "site = :s",
          ...more,
          ExpressionAttributeValues: { ":s": { S: "a" }, ...("FilterExpression" in more && { ":t": { BOOL: true } }) },
        });
      const filtered = await query({ FilterExpression: "even = :t", ProjectionExpression: "even", Limit: 4 });
      assert.deepEqual(filtered.Items, [{ even: { BOOL: true } }, { even: { BOOL: true } }]);
      assert.deepEqual([filtered.Count, filtered.ScannedCount], [2, 4]);
      assert.deepEqual(filtered.LastEvaluatedKey, event("a", 3));
      const counted = await query({ FilterExpression: "even = :t", Select: "COUNT" });
      assert.deepEqual(counted, { Count: 3, ScannedCount: 6 });
      // A page that ends with the last item does not know that it was the last.
      assert.deepEqual((await query({ Limit: 6 })).LastEvaluatedKey, event("a", 5));
      assert.deepEqual(await query({ Limit: 6, ExclusiveStartKey: event("a", 5) }), {
        Items: [],
        Count: 0,
        ScannedCount: 0,
      });
    });
  });

  it("end a page with the item that fills one megabyte", async () => {
    await withEvents(async (call) => {
      await put(
        call,
        Array.from({ length: 20 }, (_, at) => event("a", at, { bulk: { S: "x".repeat(60_000) } })),
      );
      const { Count, LastEvaluatedKey } = await call<Page>("Scan", { TableName: "events" });
      assert.equal(Count, 18);
      assert.deepEqual(LastEvaluatedKey, event("a", 17));
      assert.equal(
        (
          await walkPages(call, "Query", {
            TableName: "events",
            KeyConditionExpression: "site = :s",
            ExpressionAttributeValues: { ":s": { S: "a" } },
          })
        ).length,
        20,
      );
    });
  });

  it("go on behind an item that is gone meanwhile", async () => {
    await withEvents(async (call) => {
      await put(
        call,
        [1, 2, 3, 4].map((at) => event("a", at)),
      );
      await call("DeleteItem", { TableName: "events", Key: event("a", 2) });
      const input = {
        TableName: "events",
        KeyConditionExpression: "site = :s",
        ExpressionAttributeValues: { ":s": { S: "a" } },
        ExclusiveStartKey: event("a", 2),
      };
      assert.deepEqual((await call<Page>("Query", input)).Items, [event("a", 3), event("a", 4)]);
      assert.deepEqual((await call<Page>("Query", { ...input, ScanIndexForward: false })).Items, [event("a", 1)]);
    });
  });

  it("are refused as AWS refuses them", async () => {
    await withEvents(async (call) => {
      const invalid = "One or more parameter values were invalid: ";
      const values = (more: object = {}) => ({ ExpressionAttributeValues: { ":s": { S: "a" }, ...more } });
      const bySite = { KeyConditionExpression: "site = :s", ...values() };
      const and = (text: string, more: object) => ({
        KeyConditionExpression: `site = :s AND ${text}`,
        ...values(more),
      });
      const named = { ExpressionAttributeNames: { "#at": "at" } };
      const byWatch = { IndexName: "watched", KeyConditionExpression: "watch = :s", ...values() };
      const queries: readonly (readonly [object, string])[] = [
        [{}, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."],
        [{ KeyConditionExpression: "attr1 = :s", ...values() }, "Query condition missed key schema element: site"],
        [
          { KeyConditionExpression: "#at = :s", ...values(), ...named },
          "Query condition missed key schema element: site",
        ],
        [and("elsewhere = :o", { ":o": { N: "1" } }), "Query condition missed key schema element: at"],
        [{ KeyConditionExpression: "site < :s", ...values() }, "Query key condition not supported"],
        [
          {
            IndexName: "coded",
            KeyConditionExpression: "code = :c AND x = :c",
            ExpressionAttributeValues: { ":c": { B: "AQ==" } },
          },
          "Query key condition not supported",
        ],
        [
          { KeyConditionExpression: "site = :n", ExpressionAttributeValues: { ":n": { N: "1" } } },
          `${invalid}Condition parameter type does not match schema type`,
        ],
        [
          { ...and("begins_with(#at, :o)", { ":o": { S: "1" } }), ...named },
          `${invalid}Condition parameter type does not match schema type`,
        ],
        [
          { ...bySite, FilterExpression: "site = :s" },
          "Filter Expression can only contain non-primary key attributes: Primary key attribute: site",
        ],
        [{ ...bySite, IndexName: "nowhere" }, "The table does not have the specified index: nowhere"],
        [{ ...byWatch, ConsistentRead: true }, "Consistent reads are not supported on global secondary indexes"],
        [
          { ...byWatch, Select: "ALL_ATTRIBUTES" },
          `${invalid}Select type ALL_ATTRIBUTES is not supported for global secondary index watched because its projection type is not ALL`,
        ],
        [
          { ...byWatch, ProjectionExpression: "note" },
          `${invalid}Global secondary index watched does not project [note]`,
        ],
        [
          { ...bySite, Select: "ALL_PROJECTED_ATTRIBUTES" },
          `${invalid}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`,
        ],
        [
          { ...bySite, Select: "SPECIFIC_ATTRIBUTES" },
          `${invalid}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
        ],
        [
          { ...bySite, Select: "ALL_ATTRIBUTES", ProjectionExpression: "x" },
          `${invalid}Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES`,
        ],
        [
          { ...bySite, Select: "COUNT", ProjectionExpression: "x" },
          `${invalid}Cannot specify the ProjectionExpression when choosing to get only the Count`,
        ],
        [{ ...bySite, ExclusiveStartKey: { bad: { S: "x" } } }, "The provided starting key is invalid"],
        [
          { ...bySite, ExclusiveStartKey: { site: { S: "a" }, at: { S: "1" } } },
          "The provided starting key is invalid: The provided key element does not match the schema",
        ],
        [{ ...byWatch, ExclusiveStartKey: event("a", 1) }, "The provided starting key is invalid"],
        [
          { ...bySite, ExclusiveStartKey: event("b", 1) },
          "The provided starting key is outside query boundaries based on provided conditions",
        ],
        [
          { ...and("#at > :o", { ":o": { N: "5" } }), ...named, ExclusiveStartKey: event("a", 5) },
          "The provided starting key does not match the range key predicate",
        ],
        [
          { ...bySite, KeyConditions: {} },
          "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {KeyConditions} Expression parameters: {KeyConditionExpression}",
        ],
      ];
      for (const [input, message] of queries) {
        await assert.rejects(
          call("Query", { TableName: "events", ...input }),
          { code: "ValidationException", message },
          JSON.stringify(input),
        );
      }
      const segments: readonly (readonly [object, string])[] = [
        [
          { Segment: 0 },
          "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
        ],
        [
          { TotalSegments: 4 },
          "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
        ],
        [
          { Segment: 5, TotalSegments: 5 },
          "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than TotalSegments: 5",
        ],
      ];
      for (const [input, message] of segments) {
        await assert.rejects(call("Scan", { TableName: "events", ...input }), { code: "ValidationException", message });
      }
      await assert.rejects(call("Query", { TableName: "events", ...bySite, Limit: 0 }), {
        code: "ValidationException",
        message: /Limit/i,
      });
      await assert.rejects(call("Scan", { TableName: "nothing" }), { code: "ResourceNotFoundException" });
    });
  });
});

function identify({ site, at }: Item): string {
  return JSON.stringify([site, at]);
}
