/** Query and Scan, on a table or on one of its indexes. */
import { createHash } from "node:crypto";
import { invalidRequest, invalidValue } from "../refusal";
import type { Entry } from "../table/item-store";
import { checkKeyValue, comparePlaces, keyOf, placeInIndex, placeOfKey, type Place } from "../table/key";
import { attributesOf, type IndexSchema, type TableSchema } from "../table/schema";
import type { Table } from "../table/table";
import { attributeOf, type Item } from "../value/attribute-value";
import { isBelow, isBeyond, rangeOf, type KeyRange } from "./key-range";
import { readPage, viewOf, type Page } from "./page";
import type { PageRequest, QueryRequest, ScanRequest } from "./query-request";

const WRONG_START = "The provided starting key is invalid";

/** @throws AwsError when the request does not fit the table */
export function queryTable(table: Table, request: QueryRequest): Page {
  const { schema } = table;
  const index = indexOf(schema, request);
  const key = index?.key ?? schema.key;
  const range = rangeOf(request.condition, key);
  for (const { name } of attributesOf(key)) {
    if (request.filter?.attributes.has(name) === true) {
      throw invalidRequest(
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
      );
    }
  }
  refuseUnseen(schema, index, request);
  const start = request.start && startPlace(request.start, schema, index);
  if (start !== undefined) refuseStartOutside(start, range, request);
  const entries = table.entries(index);
  const walk = request.isForward
    ? inRange(entries.from(forwardFrom(range, start)), (entry) => isBeyond(entry, range))
    : inRange(entries.before(backwardFrom(range, start)), (entry) => isBelow(entry, range));
  return readPage(walk, request, schema, index);
}

/** @throws AwsError when the request does not fit the table */
export function scanTable(table: Table, request: ScanRequest): Page {
  const { schema } = table;
  const index = indexOf(schema, request);
  refuseUnseen(schema, index, request);
  const start = request.start && startPlace(request.start, schema, index);
  if (start !== undefined && !isInSegment(start, request.segment)) {
    throw invalidRequest(
      `${WRONG_START}: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. ` +
        `TotalSegments: ${request.segment?.total ?? 1} Segment: ${request.segment?.number ?? 0}`,
    );
  }
  const entries = table.entries(index).from((entry) => start === undefined || comparePlaces(entry, start) > 0);
  return readPage(inSegment(entries, request.segment), request, schema, index);
}

function indexOf(schema: TableSchema, { index: name, isConsistent, select }: PageRequest): IndexSchema | undefined {
  if (name === undefined) return undefined;
  const index = schema.indexes.find((each) => each.name === name);
  if (index === undefined) throw invalidRequest(`The table does not have the specified index: ${name}`);
  if (isConsistent) throw invalidRequest("Consistent reads are not supported on global secondary indexes");
  if (select === "ALL_ATTRIBUTES" && index.projected !== "ALL") {
    throw invalidValue(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${name} because its projection type is not ALL`,
    );
  }
  return index;
}

/** An index does not answer what it does not hold. */
function refuseUnseen(schema: TableSchema, index: IndexSchema | undefined, { projection }: PageRequest): void {
  const view = viewOf(schema, index);
  if (view === undefined || projection === undefined) return;
  const unseen = [...projection.attributes].filter((name) => !view.has(name));
  if (unseen.length > 0) {
    throw invalidValue(`Global secondary index ${index?.name ?? ""} does not project [${unseen.join(", ")}]`);
  }
}

/** @throws AwsError when the key is not of the table and the index */
function startPlace(start: Item, schema: TableSchema, index: IndexSchema | undefined): Place {
  const keys = index === undefined ? [schema.key] : [schema.key, index.key];
  const whole = keyOf(start, ...keys);
  const names = new Set(keys.flatMap(attributesOf).map(({ name }) => name));
  if (Object.keys(start).length !== names.size || Object.keys(whole).length !== names.size) {
    throw invalidRequest(WRONG_START);
  }
  try {
    for (const key of keys) {
      for (const attribute of attributesOf(key)) checkKeyValue(attributeOf(start, attribute.name), attribute, key);
    }
  } catch (error) {
    throw invalidRequest(`${WRONG_START}: ${(error as Error).message}`);
  }
  const inTable = placeOfKey(keyOf(start, schema.key), schema.key);
  return (index && placeInIndex(start, index, inTable)) ?? inTable;
}

function refuseStartOutside(start: Place, range: KeyRange, { condition }: QueryRequest): void {
  if (start.partition !== range.partition) {
    throw invalidRequest(
      condition.size > 1
        ? "The query can return at most one row and cannot be restarted"
        : "The provided starting key is outside query boundaries based on provided conditions",
    );
  }
  if (isBelow(start, range) || isBeyond(start, range)) {
    throw invalidRequest("The provided starting key does not match the range key predicate");
  }
}

function forwardFrom(range: KeyRange, start: Place | undefined): (entry: Entry) => boolean {
  if (start === undefined) return (entry) => !isBelow(entry, range);
  return (entry) => comparePlaces(entry, start) > 0;
}

function backwardFrom(range: KeyRange, start: Place | undefined): (entry: Entry) => boolean {
  if (start === undefined) return (entry) => isBeyond(entry, range);
  return (entry) => comparePlaces(entry, start) >= 0;
}

function* inRange(entries: Iterable<Entry>, isOver: (entry: Entry) => boolean): Generator<Entry> {
  for (const entry of entries) {
    if (isOver(entry)) return;
    yield entry;
  }
}

function* inSegment(entries: Iterable<Entry>, segment: ScanRequest["segment"]): Generator<Entry> {
  for (const entry of entries) if (isInSegment(entry, segment)) yield entry;
}

/** A partition is in one segment, whoever asks and whenever. */
function isInSegment({ partition }: Place, segment: ScanRequest["segment"]): boolean {
  if (segment === undefined) return true;
  const hash = createHash("sha1").update(partition, "latin1").digest().readUInt32BE();
  return hash % segment.total === segment.number;
}
