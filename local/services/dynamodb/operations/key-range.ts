/** The part of a table or index that a key condition selects. */
import type { KeyCondition, KeyTest } from "../expression/key-condition";
import { invalidRequest, invalidValue } from "../refusal";
import type { Place } from "../table/key";
import { attributesOf, type KeyAttribute, type KeySchema } from "../table/schema";
import { typeOf, type AttributeValue } from "../value/attribute-value";
import { compareValues, sortable } from "../value/comparison";
import { checkKeyValue } from "../table/key";

interface Bound {
  readonly text: string;
  readonly isInside: boolean;
}

/** One partition, from a lowest to a highest sort key. */
export interface KeyRange {
  readonly partition: string;
  readonly low: Bound | undefined;
  readonly high: Bound | undefined;
}

/** Comes behind every text that begins with the one before it: sortable texts stay below U+0100. */
const BEHIND_ALL = "\uffff";

/** @throws AwsError when the condition does not fit the key */
export function rangeOf(condition: KeyCondition, schema: KeySchema): KeyRange {
  const { partition, sort } = schema;
  const partitionTest = condition.get(partition.name);
  if (partitionTest === undefined) throw missed(partition);
  const sortTest = condition.size === 2 ? sortTestIn(condition, sort) : undefined;
  for (const attribute of attributesOf(schema)) checkTest(condition.get(attribute.name), attribute, schema);
  if (partitionTest.kind !== "compare" || partitionTest.comparator !== "=") {
    throw invalidRequest("Query key condition not supported");
  }
  return { partition: textOf(partitionTest.value), ...boundsOf(sortTest) };
}

/** Whether a place comes before the range. */
export function isBelow({ partition, sort }: Place, range: KeyRange): boolean {
  if (partition !== range.partition) return partition < range.partition;
  const { low } = range;
  return low !== undefined && (sort < low.text || (sort === low.text && !low.isInside));
}

/** Whether a place comes behind the range. */
export function isBeyond({ partition, sort }: Place, range: KeyRange): boolean {
  if (partition !== range.partition) return partition > range.partition;
  const { high } = range;
  return high !== undefined && (sort > high.text || (sort === high.text && !high.isInside));
}

function sortTestIn(condition: KeyCondition, sort: KeyAttribute | undefined): KeyTest {
  if (sort === undefined) throw invalidRequest("Query key condition not supported");
  const test = condition.get(sort.name);
  if (test === undefined) throw missed(sort);
  return test;
}

function boundsOf(test: KeyTest | undefined): Pick<KeyRange, "low" | "high"> {
  switch (test?.kind) {
    case undefined:
      return { low: undefined, high: undefined };
    case "between":
      return { low: inside(test.low), high: inside(test.high) };
    case "begins_with": {
      const start = textOf(test.start);
      return { low: { text: start, isInside: true }, high: { text: start + BEHIND_ALL, isInside: false } };
    }
    case "compare":
      return comparedBounds(test.comparator, test.value);
  }
}

function comparedBounds(comparator: string, value: AttributeValue): Pick<KeyRange, "low" | "high"> {
  const bound = { text: textOf(value), isInside: comparator.includes("=") };
  return { low: comparator.startsWith("<") ? undefined : bound, high: comparator.startsWith(">") ? undefined : bound };
}

function checkTest(test: KeyTest | undefined, attribute: KeyAttribute, schema: KeySchema): void {
  if (test === undefined) return;
  for (const value of valuesOf(test)) {
    if (attribute.type in value) continue;
    if (test.kind === "begins_with" && typeOf(value) === "N") throw unfitStart();
    throw invalidValue("Condition parameter type does not match schema type");
  }
  if (test.kind === "begins_with" && attribute.type === "N") throw unfitStart();
  if (test.kind === "between" && (compareValues(test.low, test.high) ?? 1) > 0) {
    throw invalidRequest(
      "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
    );
  }
  // An empty beginning is one; an empty key is none.
  if (test.kind !== "begins_with") for (const value of valuesOf(test)) checkKeyValue(value, attribute, schema);
}

function valuesOf(test: KeyTest): readonly AttributeValue[] {
  switch (test.kind) {
    case "compare":
      return [test.value];
    case "between":
      return [test.low, test.high];
    case "begins_with":
      return [test.start];
  }
}

function inside(value: AttributeValue): Bound {
  return { text: textOf(value), isInside: true };
}

function textOf(value: AttributeValue): string {
  return sortable(value) ?? "";
}

function missed({ name }: KeyAttribute): Error {
  return invalidRequest(`Query condition missed key schema element: ${name}`);
}

function unfitStart(): Error {
  return invalidRequest(
    "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
  );
}
