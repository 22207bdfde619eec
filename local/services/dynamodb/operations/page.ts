/** Pages of Query and Scan: entries are looked at until the page is full, then filtered, then answered. */
import { meets } from "../expression/condition";
import { projected } from "../expression/projection";
import type { Entry } from "../table/item-store";
import { keyOf } from "../table/key";
import { attributesOf, type IndexSchema, type TableSchema } from "../table/schema";
import { attributeOf, type Item } from "../value/attribute-value";
import { bytesOfItem } from "../value/item-size";
import type { PageRequest } from "./query-request";

export interface Page {
  readonly Items?: readonly Item[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: Item;
}

/** A page ends with the item that fills it. Source: DynamoDB API reference, Query. */
const LARGEST_PAGE = 2 ** 20;

/** @param entries in the order in which they are answered */
export function readPage(
  entries: Iterable<Entry>,
  request: PageRequest,
  schema: TableSchema,
  index: IndexSchema | undefined,
): Page {
  const view = viewOf(schema, index);
  const items: Item[] = [];
  let [scanned, bytes] = [0, 0];
  let last: Item | undefined;
  for (const entry of entries) {
    const item = view === undefined ? entry.item : pick(entry.item, view);
    scanned++;
    bytes += view === undefined ? entry.bytes : bytesOfItem(item);
    if (request.filter === undefined || meets(item, request.filter)) items.push(item);
    if (scanned >= request.limit || bytes >= LARGEST_PAGE) {
      last = item;
      break;
    }
  }
  return {
    ...(request.select === "COUNT" ? {} : { Items: items.map((item) => projected(item, request.projection)) }),
    Count: items.length,
    ScannedCount: scanned,
    ...(last === undefined
      ? {}
      : { LastEvaluatedKey: keyOf(last, schema.key, ...(index === undefined ? [] : [index.key])) }),
  };
}

/** Names of the attributes that an index holds; nothing when it holds all. */
export function viewOf({ key }: TableSchema, index: IndexSchema | undefined): ReadonlySet<string> | undefined {
  if (index === undefined || index.projected === "ALL") return undefined;
  const keys = [key, index.key].flatMap(attributesOf).map(({ name }) => name);
  return new Set([...keys, ...index.projected]);
}

function pick(item: Item, names: ReadonlySet<string>): Item {
  const kept: [string, Item[string]][] = [];
  for (const name of names) {
    const value = attributeOf(item, name);
    if (value !== undefined) kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}
