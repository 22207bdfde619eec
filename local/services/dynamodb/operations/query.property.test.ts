/**
 * Queries of random tables and indexes, forward and backward, in pages of any size, against a naive model that filters
 * and sorts all items: texts are few and numbers small, so that JavaScript compares them right.
 * Does not prove: the order of items with equal keys in an index, which AWS leaves open.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { render, withStage } from "../../../../test/stage";
import { callerOf, declareEvents, walkPages, type Call } from "../testing/tables";
import type { Item } from "../value/attribute-value";

describe("Query and its naive model", () => {
  it("answer alike, in the same order, however pages are cut", async () => {
    await withStage(await render(() => void declareEvents()), async (test) => {
      const call = callerOf(test);
      const sizes = fc.integer({ min: 1, max: 5 });
      const agree = fc.asyncProperty(
        tables,
        questions,
        sizes,
        fc.boolean(),
        async (items, question, limit, isForward) => {
          await fill(call, items);
          const asked = { ...question.input, Limit: limit, ScanIndexForward: isForward };
          const answered = await walkPages(call, "Query", asked);
          const expected = question.expected(items);
          if (!isForward) expected.reverse();
          assert.deepEqual(answered.map(question.order), expected.map(question.order));
          assert.deepEqual(new Set(answered.map(identify)), new Set(expected.map(identify)));
        },
      );
      await fc.assert(agree, { numRuns: 150 });
    });
  });
});

/** Puts these items in the place of those that are there. */
async function fill(call: Call, items: readonly Item[]): Promise<void> {
  for (const { site, at } of await walkPages(call, "Scan", { TableName: "events" })) {
    await call("DeleteItem", { TableName: "events", Key: { site, at } });
  }
  for (const item of items) await call("PutItem", { TableName: "events", Item: item });
}

interface Question {
  readonly input: Record<string, unknown>;
  readonly expected: (items: readonly Item[]) => Item[];
  /** What the order of answers is told by. */
  readonly order: (item: Item) => unknown;
}

const texts = fc.constantFrom("a", "ab", "b", "B~", "é");
const numbers = fc.constantFrom("-10", "-1.5", "0", "2", "10", "100");
const tables: fc.Arbitrary<Item[]> = fc.uniqueArray(
  fc
    .record({ site: texts, at: numbers, watch: fc.option(fc.constantFrom("w", "v"), { nil: undefined }) })
    .map(({ site, at, watch }): Item => ({ site: { S: site }, at: { N: at }, ...(watch && { watch: { S: watch } }) })),
  { selector: identify, maxLength: 20 },
);
const numberOf = ({ at }: Item): number => Number((at as { N: string }).N);
const textOf = ({ site }: Item): string => (site as { S: string }).S;
const byNumber = (one: Item, other: Item): number => numberOf(one) - numberOf(other);
const byText = (one: Item, other: Item): number => Buffer.compare(Buffer.from(textOf(one)), Buffer.from(textOf(other)));

const ranges = fc.oneof(
  fc.constant({ text: "", values: {}, test: () => true }),
  fc.tuple(fc.constantFrom("=", "<", "<=", ">", ">="), numbers).map(([comparator, bound]) => ({
    text: ` AND #at ${comparator} :b`,
    values: { ":b": { N: bound } },
    test: (value: number) =>
      (comparator.includes("=") && value === Number(bound)) ||
      (comparator.includes("<") && value < Number(bound)) ||
      (comparator.includes(">") && value > Number(bound)),
  })),
  fc.tuple(numbers, numbers).map(([one, other]) => {
    const [low, high] = Number(one) <= Number(other) ? [one, other] : [other, one];
    return {
      text: " AND #at BETWEEN :b AND :c",
      values: { ":b": { N: low }, ":c": { N: high } },
      test: (value: number) => value >= Number(low) && value <= Number(high),
    };
  }),
);

const questions: fc.Arbitrary<Question> = fc.oneof(
  fc.tuple(texts, ranges).map(([site, range]): Question => ({
    input: inputOf("site", site, range),
    expected: (items) => items.filter((item) => textOf(item) === site && range.test(numberOf(item))).sort(byNumber),
    order: identify,
  })),
  fc.tuple(fc.constantFrom("w", "v"), ranges).map(([watch, range]): Question => ({
    input: { IndexName: "watched", ...inputOf("watch", watch, range) },
    expected: (items) => items.filter((item) => watchOf(item) === watch && range.test(numberOf(item))).sort(byNumber),
    order: numberOf,
  })),
  fc.tuple(fc.constantFrom("w", "v"), texts).map(([watch, start]): Question => ({
    input: {
      TableName: "events",
      IndexName: "sites",
      KeyConditionExpression: "watch = :w AND begins_with(site, :s)",
      ExpressionAttributeValues: { ":w": { S: watch }, ":s": { S: start } },
    },
    expected: (items) => items.filter((item) => watchOf(item) === watch && textOf(item).startsWith(start)).sort(byText),
    order: textOf,
  })),
);

function inputOf(
  name: string,
  partition: string,
  range: { readonly text: string; readonly values: object },
): Record<string, unknown> {
  return {
    TableName: "events",
    KeyConditionExpression: `${name} = :p${range.text}`,
    ExpressionAttributeValues: { ":p": { S: partition }, ...range.values },
    ...(range.text !== "" && { ExpressionAttributeNames: { "#at": "at" } }),
  };
}

function identify(item: Item): string {
  return `${textOf(item)}/${numberOf(item)}`;
}

function watchOf({ watch }: Item): string | undefined {
  return watch !== undefined && "S" in watch ? watch.S : undefined;
}
