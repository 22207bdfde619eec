/** Keys: which ones DynamoDB takes, and where an item stands by them in its table and in the table's indexes. */
import { invalidRequest, invalidValue } from "../refusal";
import { attributeOf, typeOf, type AttributeValue, type Item } from "../value/attribute-value";
import { sortable } from "../value/comparison";
import { bytesOfValue } from "../value/item-size";
import { attributesOf, type IndexSchema, type KeyAttribute, type KeySchema, type TableSchema } from "./schema";

/** Where an item stands: texts that sort as the key's values do, and who it is among those of equal keys. */
export interface Place {
  readonly partition: string;
  /** Empty where the key has no sort attribute. */
  readonly sort: string;
  /** In an index, the item's place in its table as one text; empty in the table itself. */
  readonly id: string;
}

/** Source: DynamoDB developer guide, "Quotas", partition key and sort key lengths. */
const LONGEST_PARTITION_KEY = 2048;
const LONGEST_SORT_KEY = 1024;
const NO_MATCH = "The provided key element does not match the schema";

export function comparePlaces(left: Place, right: Place): number {
  return (
    compareTexts(left.partition, right.partition) ||
    compareTexts(left.sort, right.sort) ||
    compareTexts(left.id, right.id)
  );
}

/**
 * The place that a key names, once it is known to be a key of the schema.
 * @throws AwsError when it is not
 */
export function placeOfKey(key: Item, schema: KeySchema): Place {
  const attributes = attributesOf(schema);
  if (Object.keys(key).length !== attributes.length) throw invalidRequest(NO_MATCH);
  for (const attribute of attributes) checkKeyValue(attributeOf(key, attribute.name), attribute, schema);
  return placeIn(schema, key);
}

/**
 * The place of an item in its table, once its keys, those of the indexes too, are known to be right.
 * @throws AwsError when they are not
 */
export function placeOfItem(item: Item, schema: TableSchema): Place {
  for (const { name, type } of attributesOf(schema.key)) {
    const value = attributeOf(item, name);
    if (value === undefined) throw invalidValue(`Missing the key ${name} in the item`);
    if (!(type in value)) {
      throw invalidValue(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    }
  }
  const place = placeOfKey(keyOf(item, schema.key), schema.key);
  for (const index of schema.indexes) checkIndexKeys(item, index);
  return place;
}

/** The place of an item in an index; nothing when it lacks one of the index's attributes, or has it of another type. */
export function placeInIndex(item: Item, { key }: IndexSchema, inTable: Place): Place | undefined {
  const isThere = attributesOf(key).every(({ name, type }) => {
    const value = attributeOf(item, name);
    return value !== undefined && type in value;
  });
  return isThere ? { ...placeIn(key, item), id: identify(inTable) } : undefined;
}

/** The key attributes alone. */
export function keyOf(item: Item, ...schemas: readonly KeySchema[]): Item {
  const names = new Set(schemas.flatMap(attributesOf).map(({ name }) => name));
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = attributeOf(item, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** One text for a place in a table, different for every place. */
export function identify({ partition, sort }: Place): string {
  return `${partition.length}:${partition}${sort}`;
}

/** @throws AwsError when a key attribute holds nothing: this DynamoDB finds out before it looks at anything else */
export function refuseEmptyKeys(item: Item, schema: TableSchema): void {
  for (const { name } of attributesOf(schema.key)) refuseEmptyKey(item, name);
  for (const index of schema.indexes) {
    for (const { name } of attributesOf(index.key)) {
      const kind = emptinessOf(attributeOf(item, name));
      if (kind === undefined) continue;
      throw notValid(
        "A value specified for a secondary index key is not supported. " +
          `The AttributeValue for a key attribute cannot contain an empty ${kind} value. ` +
          `IndexName: ${index.name}, IndexKey: ${name}`,
      );
    }
  }
}

/** @throws AwsError when the update would write nothing into a key attribute of an index */
export function refuseEmptyIndexKey(name: string, value: AttributeValue, schema: TableSchema): void {
  const kind = emptinessOf(value);
  const isKey = schema.indexes.some(({ key }) => attributesOf(key).some((attribute) => attribute.name === name));
  if (kind === undefined || !isKey) return;
  throw notValid(
    "The update expression attempted to update a secondary index key to a value that is not supported. " +
      `The AttributeValue for a key attribute cannot contain an empty ${kind} value.`,
  );
}

/** @throws AwsError when a value cannot stand at that place of a key */
export function checkKeyValue(value: AttributeValue | undefined, attribute: KeyAttribute, schema: KeySchema): void {
  if (value === undefined || !(attribute.type in value)) throw invalidRequest(NO_MATCH);
  const kind = emptinessOf(value);
  if (kind !== undefined) throw emptyKey(kind, attribute.name);
  const isPartition = attribute === schema.partition;
  if ("N" in value || bytesOfValue(value) <= (isPartition ? LONGEST_PARTITION_KEY : LONGEST_SORT_KEY)) return;
  throw invalidValue(
    isPartition
      ? `Size of hashkey has exceeded the maximum size limit of${LONGEST_PARTITION_KEY} bytes`
      : `Aggregated size of all range keys has exceeded the size limit of ${LONGEST_SORT_KEY} bytes`,
  );
}

function checkIndexKeys(item: Item, index: IndexSchema): void {
  for (const attribute of attributesOf(index.key)) {
    const value = attributeOf(item, attribute.name);
    if (value === undefined) continue;
    if (!(attribute.type in value)) {
      throw invalidValue(
        `Type mismatch for Index Key ${attribute.name} Expected: ${attribute.type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
      );
    }
    checkKeyValue(value, attribute, index.key);
  }
}

function placeIn({ partition, sort }: KeySchema, item: Item): Place {
  return {
    partition: textOfKey(item, partition),
    sort: sort === undefined ? "" : textOfKey(item, sort),
    id: "",
  };
}

function textOfKey(item: Item, { name }: KeyAttribute): string {
  const value = attributeOf(item, name);
  return (value && sortable(value)) ?? "";
}

function refuseEmptyKey(item: Item, name: string): void {
  const kind = emptinessOf(attributeOf(item, name));
  if (kind !== undefined) throw emptyKey(kind, name);
}

function emptyKey(kind: string, name: string): Error {
  return notValid(`The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`);
}

function notValid(problem: string): Error {
  return invalidRequest(`One or more parameter values are not valid. ${problem}`);
}

function emptinessOf(value: AttributeValue | undefined): "string" | "binary" | undefined {
  if (value === undefined) return undefined;
  if ("S" in value && value.S === "") return "string";
  return "B" in value && value.B === "" ? "binary" : undefined;
}

function compareTexts(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
