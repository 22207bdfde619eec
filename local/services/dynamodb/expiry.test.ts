/**
 * Expiry in virtual time: items are seen until the minute after their time, and gone then.
 * Does not prove: when AWS removes an item, which may be days later.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { render, START, withStage, type TestStage } from "../../../test/stage";
import { VirtualClock } from "../../clock";
import { Expiry } from "./expiry";
import { readSchema } from "./table/schema";
import { Table } from "./table/table";
import { callerOf, declareEvents, type Call } from "./testing/tables";
import type { AttributeValue, Item } from "./value/attribute-value";

const NOW = START / 1000;
const MINUTE = 60_000;

async function withEvents(
  run: (call: Call, test: TestStage) => Promise<void>,
  options: { folder?: string; start?: number } = {},
): Promise<void> {
  await withStage(await render(() => void declareEvents()), (test) => run(callerOf(test), test), options);
}

const put = (call: Call, at: number, expires?: AttributeValue): Promise<unknown> =>
  call("PutItem", {
    TableName: "events",
    Item: { site: { S: "a" }, at: { N: String(at) }, watch: { S: "w" }, ...(expires && { expires }) },
  });
const places = async (call: Call, more: object = {}): Promise<number[]> => {
  const { Items } = await call<{ Items: Item[] }>("Scan", { TableName: "events", ...more });
  return Items.map(({ at }) => Number((at as { N: string }).N));
};

describe("Expiry", () => {
  it("removes items at the full minute after their time, from the table and its indexes", async () => {
    await withEvents(async (call, { clock }) => {
      await put(call, 1, { N: String(NOW + 61) });
      await put(call, 2, { N: String(NOW + 150) });
      await put(call, 3);
      await clock.advance(MINUTE);
      assert.deepEqual(await places(call), [1, 2, 3]);
      await clock.advance(MINUTE);
      assert.deepEqual(await places(call), [2, 3]);
      assert.deepEqual(await places(call, { IndexName: "watched" }), [2, 3]);
      await clock.advance(MINUTE);
      assert.deepEqual(await places(call), [3]);
    });
  });

  it("removes first what expires first, whenever it came", async () => {
    await withEvents(async (call, { clock }) => {
      await put(call, 1, { N: String(NOW + 3600) });
      await put(call, 2, { N: String(NOW + 30) });
      await clock.advance(MINUTE);
      assert.deepEqual(await places(call), [1]);
      await clock.advance(60 * MINUTE);
      assert.deepEqual(await places(call), []);
    });
  });

  it("shows items whose time has come until they are removed", async () => {
    await withEvents(async (call, { clock }) => {
      await put(call, 1, { N: String(NOW - 10) });
      await clock.advance(MINUTE - 1);
      assert.deepEqual(await places(call), [1]);
      await clock.advance(1);
      assert.deepEqual(await places(call), []);
    });
  });

  it("keeps what has no number there, what expired five years ago, and what was put off", async () => {
    await withEvents(async (call, { clock }) => {
      await put(call, 1, { S: String(NOW - 10) });
      await put(call, 2, { N: String(NOW - 6 * 365 * 86_400) });
      await put(call, 3, { N: String(NOW + 10) });
      await put(call, 3, { N: String(NOW + 1000) });
      await put(call, 4, { N: "1E100" });
      await put(call, 5, { N: String(NOW + 20.5) });
      await clock.advance(5 * MINUTE);
      assert.deepEqual(await places(call), [1, 2, 3, 4]);
    });
  });

  it("removes hundreds in one minute and counts them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dynamodb-"));
    const graph = await render(() => void declareEvents());
    const table = await Table.open(readSchema(graph.only("aws:dynamodb/table:Table")), folder, { sync: false });
    const clock = new VirtualClock(START);
    const removed: number[] = [];
    const expiry = new Expiry(table, clock, (items) => removed.push(items));
    const expires = { N: String(NOW + 30) };
    for (let at = 0; at < 250; at++) {
      await table.record({ put: [{ site: { S: "a" }, at: { N: String(at) }, expires }] });
    }
    await clock.advance(MINUTE);
    assert.equal(table.itemCount, 0);
    assert.deepEqual(removed, [100, 100, 50]);
    await expiry.close();
    await table.close();
    await rm(folder, { recursive: true });
  });

  it("removes at the next opening what expired in between", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dynamodb-"));
    await withEvents((call) => put(call, 1, { N: String(NOW + 30) }).then(() => undefined), { folder });
    const options = { folder, start: START + 3600 * 1000 };
    await withEvents(async (call, { clock }) => {
      assert.deepEqual(await places(call), [1]);
      await clock.advance(MINUTE);
      assert.deepEqual(await places(call), []);
    }, options);
    await withEvents(async (call) => assert.deepEqual(await places(call), []), options);
    await rm(folder, { recursive: true });
  });
});
