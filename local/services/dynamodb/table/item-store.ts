/** The items of one table in memory, in the order of its keys and of its indexes' keys. */
import { attributeOf, type Item } from "../value/attribute-value";
import { sortable } from "../value/comparison";
import { bytesOfItem } from "../value/item-size";
import { comparePlaces, identify, placeInIndex, placeOfKey, keyOf, type Place } from "./key";
import { OrderedList } from "./ordered-list";
import type { IndexSchema, TableSchema } from "./schema";

export interface Entry extends Place {
  readonly item: Item;
  /** What the whole item counts for. */
  readonly bytes: number;
}

/** Entries in the order of one key. Each item stands in its table's once, in an index's when it has the attributes. */
export type Entries = OrderedList<Entry>;

export class ItemStore {
  readonly #entries: Entries = new OrderedList<Entry>(comparePlaces);
  readonly #byIndex: ReadonlyMap<string, { readonly schema: IndexSchema; readonly entries: Entries }>;
  /** Items that expire, by when. */
  readonly #byExpiry: Entries = new OrderedList<Entry>(comparePlaces);
  #bytes = 0;

  constructor(private readonly schema: TableSchema) {
    this.#byIndex = new Map(
      schema.indexes.map((index) => [index.name, { schema: index, entries: new OrderedList<Entry>(comparePlaces) }]),
    );
  }

  /** The table's own entries, or those of an index. */
  entries(index?: IndexSchema): Entries {
    return (index === undefined ? undefined : this.#byIndex.get(index.name)?.entries) ?? this.#entries;
  }

  /** Entries with a number in the table's expiry attribute; `sort` is that number. */
  get expiring(): Entries {
    return this.#byExpiry;
  }

  /** What all items count for. */
  get bytes(): number {
    return this.#bytes;
  }

  get(place: Place): Entry | undefined {
    return this.#entries.get(probe(place));
  }

  /** Puts an item whose keys are right. */
  put(item: Item): void {
    const place = placeOfKey(keyOf(item, this.schema.key), this.schema.key);
    const entry: Entry = { ...place, item, bytes: bytesOfItem(item) };
    this.#replace(this.#entries.set(entry), entry);
  }

  delete(place: Place): void {
    this.#replace(this.#entries.delete(probe(place)), undefined);
  }

  #replace(before: Entry | undefined, after: Entry | undefined): void {
    this.#bytes += (after?.bytes ?? 0) - (before?.bytes ?? 0);
    for (const { schema, entries } of this.#byIndex.values()) {
      move(entries, before && entryIn(schema, before), after && entryIn(schema, after));
    }
    if (this.schema.expiry !== undefined) {
      move(this.#byExpiry, before && this.#expiring(before), after && this.#expiring(after));
    }
  }

  #expiring(entry: Entry): Entry | undefined {
    const value = attributeOf(entry.item, this.schema.expiry ?? "");
    if (value === undefined || !("N" in value)) return undefined;
    return { ...entry, partition: "", sort: sortable(value) ?? "", id: identify(entry) };
  }
}

function entryIn(index: IndexSchema, entry: Entry): Entry | undefined {
  const place = placeInIndex(entry.item, index, entry);
  return place && { ...entry, ...place };
}

function move(entries: Entries, before: Entry | undefined, after: Entry | undefined): void {
  if (before !== undefined && (after === undefined || comparePlaces(before, after) !== 0)) entries.delete(before);
  if (after !== undefined) entries.set(after);
}

/** A place as an entry to look another up by. */
function probe(place: Place): Entry {
  return { ...place, item: {}, bytes: 0 };
}
