/** Writes of single items: what may be known before, what the item as it is decides, and what is answered. */
import { AwsError } from "../../service";
import { meets } from "../expression/condition";
import { updatedItem, type Update } from "../expression/update";
import { invalidRequest, invalidValue } from "../refusal";
import type { Writes } from "../table/change";
import { placeOfItem, placeOfKey, refuseEmptyIndexKey, refuseEmptyKeys } from "../table/key";
import { attributesOf, type TableSchema } from "../table/schema";
import type { Table } from "../table/table";
import { refuseDeep, type Item } from "../value/attribute-value";
import { bytesOfItem, LARGEST_ITEM } from "../value/item-size";
import { projectItem } from "../value/path-tree";
import type { AnsweredWrite, ItemWrite, ReturnValues } from "./item-request";

/** A write that may be made: what the item was, and what it shall be. */
export interface PlannedWrite {
  readonly table: Table;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** The item's key, for one that shall be deleted. */
  readonly subject: Item;
}

/** Writes one item; resolves with the answer when it is on disk. */
export async function writeItem(table: Table, write: AnsweredWrite): Promise<{ Attributes?: Item }> {
  refuseOutright(table.schema, write);
  let planned: PlannedWrite;
  try {
    planned = planWrite(table, write);
  } catch (error) {
    // A refusal rests on the item as well: it is answered when the item is on disk.
    await table.settled();
    throw error;
  }
  // Planned and recorded in one turn: nothing comes between what a condition saw and what is written.
  const writes = writesOf([planned]);
  await (writes === undefined ? table.settled() : table.record(writes));
  const attributes = returned(write.returns, write.update, planned.before, planned.after);
  return attributes === undefined ? {} : { Attributes: attributes };
}

/** @throws AwsError when the write is wrong whatever the item is */
export function refuseOutright(schema: TableSchema, { action, subject, update }: ItemWrite): void {
  refuseEmptyKeys(subject, schema);
  if (action === "Put" && bytesOfItem(subject) > LARGEST_ITEM) {
    throw invalidRequest("Item size has exceeded the maximum allowed size");
  }
  for (const action of update?.actions ?? []) {
    const [name, ...inner] = action.path;
    if (attributesOf(schema.key).some((attribute) => attribute.name === name)) {
      throw invalidValue(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
    if (action.kind === "SET" && action.term.kind === "value" && inner.length === 0) {
      refuseEmptyIndexKey(name, action.term.value, schema);
    }
  }
}

/**
 * What the write makes of the item as it is.
 * @throws AwsError when the condition is not met, or the write does not fit the item or the table
 */
export function planWrite(table: Table, write: ItemWrite): PlannedWrite {
  const { schema } = table;
  const { action, subject } = write;
  const place = action === "Put" ? placeOfItem(subject, schema) : placeOfKey(subject, schema.key);
  const before = table.get(place);
  if (write.condition !== undefined && !meets(before, write.condition)) throw conditionFailed(before, write);
  return { table, before, after: afterOf(write, before, schema), subject };
}

/** What a table records of writes to it; nothing when all stays as it is. */
export function writesOf(planned: readonly PlannedWrite[]): Writes | undefined {
  const changed = planned.filter(({ before, after }) => before !== after);
  if (changed.length === 0) return undefined;
  const put = changed.map(({ after }) => after).filter((after) => after !== undefined);
  const gone = changed.filter(({ after }) => after === undefined).map(({ subject }) => subject);
  return { ...(put.length > 0 && { put }), ...(gone.length > 0 && { delete: gone }) };
}

function afterOf(
  { action, subject, update }: ItemWrite,
  before: Item | undefined,
  schema: TableSchema,
): Item | undefined {
  switch (action) {
    case "Put":
      return subject;
    case "Delete":
      return undefined;
    case "ConditionCheck":
      return before;
    case "Update":
      return update === undefined ? (before ?? subject) : afterUpdate(update, subject, before, schema);
  }
}

function afterUpdate(update: Update, key: Item, before: Item | undefined, schema: TableSchema): Item | undefined {
  const after = updatedItem(before, key, update);
  if (after === undefined) return undefined;
  refuseDeep(after);
  placeOfItem(after, schema);
  if (bytesOfItem(after) <= LARGEST_ITEM) return after;
  throw invalidRequest("Item size to update has exceeded the maximum allowed size");
}

function conditionFailed(item: Item | undefined, { showsItem }: ItemWrite): AwsError {
  const members = showsItem && item !== undefined ? { Item: item } : {};
  return new AwsError("ConditionalCheckFailedException", "The conditional request failed", 400, members);
}

function returned(
  returns: ReturnValues,
  update: Update | undefined,
  before: Item | undefined,
  after: Item | undefined,
): Item | undefined {
  switch (returns) {
    case "NONE":
      return undefined;
    case "ALL_OLD":
      return before;
    case "ALL_NEW":
      return after;
    case "UPDATED_OLD":
      return updatedParts(update, before);
    case "UPDATED_NEW":
      return updatedParts(update, after);
  }
}

function updatedParts(update: Update | undefined, item: Item | undefined): Item | undefined {
  if (update === undefined || item === undefined) return undefined;
  const parts = projectItem(item, update.places);
  return Object.keys(parts).length === 0 ? undefined : parts;
}
