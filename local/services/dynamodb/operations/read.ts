/** Reads of single items, alone, in batches and in transactions. */
import { projected } from "../expression/projection";
import { invalidRequest } from "../refusal";
import { placeOfKey, refuseEmptyKeys } from "../table/key";
import type { TableSet } from "../table/table-set";
import type { Table } from "../table/table";
import type { Item } from "../value/attribute-value";
import { bytesOfItem } from "../value/item-size";
import type { ItemRead } from "./item-request";
import type { BatchRead } from "./transaction-request";

/** Source: DynamoDB API reference, BatchGetItem. */
const LARGEST_BATCH = 16 * 2 ** 20;

export async function getItem(table: Table, read: ItemRead): Promise<{ Item?: Item }> {
  const item = find(table, read);
  await table.settled();
  return item === undefined ? {} : { Item: projected(item, read.projection) };
}

/** Answers what fits; the rest is asked for again. */
export async function getBatch(tables: TableSet, batch: readonly BatchRead[]): Promise<unknown> {
  const located = batch.map((each) => ({ ...each, at: tables.get(each.table) }));
  for (const { at, reads } of located) refuseTwice(at, reads, "Provided list of item keys contains duplicates");
  let bytes = 0;
  const answers: [string, Item[]][] = [];
  const unprocessed: [string, unknown][] = [];
  for (const { table, at, reads, asked } of located) {
    const items: Item[] = [];
    const left: Item[] = [];
    for (const read of reads) {
      const item = find(at, read);
      bytes += item === undefined ? 0 : bytesOfItem(item);
      if (bytes > LARGEST_BATCH) left.push(read.key);
      else if (item !== undefined) items.push(projected(item, read.projection));
    }
    answers.push([table, items]);
    if (left.length > 0) unprocessed.push([table, { ...asked, Keys: left }]);
  }
  await settleAll(located.map(({ at }) => at));
  return { Responses: Object.fromEntries(answers), UnprocessedKeys: Object.fromEntries(unprocessed) };
}

/** @throws AwsError when one item is asked for twice */
export function refuseTwice(table: Table, wanted: readonly { readonly key: Item }[], message: string): void {
  const places = wanted.map(({ key }) => {
    refuseEmptyKeys(key, table.schema);
    const { partition, sort } = placeOfKey(key, table.schema.key);
    return JSON.stringify([partition, sort]);
  });
  if (new Set(places).size < places.length) throw invalidRequest(message);
}

/** Resolves when everything that these tables show is on disk. */
export async function settleAll(tables: readonly Table[]): Promise<void> {
  await Promise.all(tables.map((table) => table.settled()));
}

export function find(table: Table, { key }: ItemRead): Item | undefined {
  refuseEmptyKeys(key, table.schema);
  return table.get(placeOfKey(key, table.schema.key));
}
