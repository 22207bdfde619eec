/** BatchWriteItem: many items put and deleted, each for itself. */
import type { TableSet } from "../table/table-set";
import { invalidRequest } from "../refusal";
import { keyOf, placeOfKey } from "../table/key";
import type { Table } from "../table/table";
import type { ItemWrite } from "./item-request";
import { settleAll } from "./read";
import { planWrite, refuseOutright, writesOf } from "./write";

/** Refuses the batch as a whole, or writes all of it. */
export async function writeBatch(tables: TableSet, writes: readonly ItemWrite[]): Promise<unknown> {
  const located = writes.map((write) => ({ write, table: tables.get(write.table) }));
  refuseTwice(located);
  for (const { table, write } of located) refuseOutright(table.schema, write);
  const planned = located.map(({ table, write }) => planWrite(table, write));
  const recorded = planned.map(async (each) => {
    const change = writesOf([each]);
    if (change !== undefined) await each.table.record(change);
  });
  await Promise.all(recorded);
  await settleAll(planned.map(({ table }) => table));
  return { UnprocessedItems: {} };
}

/** @throws AwsError when one item is written twice, or a key is none of its table's */
function refuseTwice(located: readonly { readonly write: ItemWrite; readonly table: Table }[]): void {
  const places = located.map(({ write, table: { schema } }) => {
    const key = write.action === "Put" ? keyOf(write.subject, schema.key) : write.subject;
    const { partition, sort } = placeOfKey(key, schema.key);
    return JSON.stringify([schema.name, partition, sort]);
  });
  if (new Set(places).size < places.length) {
    throw invalidRequest("Provided list of item keys contains duplicates");
  }
}
