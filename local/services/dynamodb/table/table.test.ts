/**
 * A table on disk: what a snapshot and a log bring back, and what happens when the declaration has changed in between.
 * Does not prove: that what was acknowledged survives a crash (durable/journal.test.ts).
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Item } from "../value/attribute-value";
import type { IndexSchema, KeyType, TableSchema } from "./schema";
import { Table } from "./table";

const schema = (type: KeyType, ...indexes: readonly IndexSchema[]): TableSchema => ({
  name: "things",
  arn: "arn:aws:dynamodb:eu-west-1:000000000000:table/things",
  key: { partition: { name: "id", type }, sort: undefined },
  indexes,
  expiry: undefined,
  keyArn: undefined,
  billingMode: "PAY_PER_REQUEST",
  isProtected: false,
});

const byKind: IndexSchema = {
  name: "by-kind",
  key: { partition: { name: "kind", type: "S" }, sort: undefined },
  projected: "ALL",
};
const item = (id: number, more: Item = {}): Item => ({ id: { S: String(id) }, ...more });

describe("Table", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dynamodb-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = (declared: TableSchema, options = {}): Promise<Table> =>
    Table.open(declared, folder, { sync: false, ...options });
  const items = (table: Table, index?: IndexSchema): Item[] => Array.from(table.entries(index), (entry) => entry.item);

  it("comes back from a snapshot and the changes behind it, with its size", async () => {
    const often = { compactAfterChanges: 3 };
    const table = await open(schema("S"), often);
    for (let id = 0; id < 10; id++) await table.record({ put: [item(id, { n: { N: "1" } })] });
    await table.record({ delete: [item(3)] });
    const [before, bytes] = [items(table), table.bytes];
    await table.close();
    const again = await open(schema("S"), often);
    assert.deepEqual(items(again), before);
    assert.equal(again.bytes, bytes);
    assert.equal(bytes, 9 * ("id".length + 1 + "n".length + 2));
    await again.close();
  });

  it("fills an index that was declared later, with the items that fit it", async () => {
    const table = await open(schema("S"));
    await table.record({ put: [item(1, { kind: { S: "a" } }), item(2, { kind: { N: "1" } }), item(3)] });
    await table.close();
    const again = await open(schema("S", byKind));
    assert.deepEqual(items(again, byKind), [item(1, { kind: { S: "a" } })]);
    await again.close();
  });

  for (const [where, options] of [
    ["log", {}],
    ["snapshot", { compactAfterChanges: 0 }],
  ] as const) {
    it(`refuses a key that the items of its ${where} do not fit`, async () => {
      const table = await open(schema("S"), options);
      await table.record({ put: [item(1)] });
      await table.close();
      await assert.rejects(open(schema("N"), options), {
        message:
          /table things holds items that do not fit the key it is declared with \(The provided key element does not match the schema\): declare the key that it had/,
      });
    });
  }
});
