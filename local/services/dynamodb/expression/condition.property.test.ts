/**
 * Random conditions on random items, against a naive model that works on plain JavaScript values: texts are ASCII and
 * numbers small, so that JavaScript compares them right.
 * Does not prove: documents deeper than a list; binaries and sets (value/attribute-value.test.ts).
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { AttributeValue, Item } from "../value/attribute-value";
import { meets } from "./condition";
import { readCondition } from "./condition-parser";
import { Placeholders } from "./placeholders";

function holds(text: string, values: Record<string, AttributeValue>, item: Item): boolean {
  const placeholders = new Placeholders(undefined, Object.keys(values).length === 0 ? undefined : values);
  return meets(item, readCondition("ConditionExpression", text, placeholders));
}

describe("Condition and its naive model", () => {
  it("agree on any condition and item", () => {
    fc.assert(
      fc.property(conditions, items, ({ text, values, test }, { plain, item }) => {
        assert.equal(holds(text, values, item), test(plain), text);
      }),
      { numRuns: 2000 },
    );
  });
});

type Plain = string | number | boolean | Plain[] | undefined;
type PlainItem = Readonly<Record<string, Plain>>;

interface Generated {
  readonly text: string;
  readonly values: Record<string, AttributeValue>;
  readonly test: (item: PlainItem) => boolean;
}

const scalars: fc.Arbitrary<Plain> = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "B", "~"), maxLength: 3 }),
  fc.integer({ min: -3, max: 3 }).map((each) => each / 2),
  fc.boolean(),
);
const plains: fc.Arbitrary<Plain> = fc.oneof({ weight: 4, arbitrary: scalars }, fc.array(scalars, { maxLength: 2 }));
const NAMES = ["alpha", "beta", "gamma"] as const;

const items = fc
  .record({
    alpha: fc.option(plains, { nil: undefined }),
    beta: fc.option(plains, { nil: undefined }),
    gamma: fc.option(plains, { nil: undefined }),
  })
  .map((plain: PlainItem) => ({
    plain,
    item: Object.fromEntries(
      Object.entries(plain).flatMap(([name, value]) => (value === undefined ? [] : [[name, wire(value)]])),
    ),
  }));

const comparators = fc.constantFrom("=", "<>", "<", "<=", ">", ">=");
let counter = 0;

const leaves: fc.Arbitrary<Generated> = fc.oneof(
  fc.tuple(fc.constantFrom(...NAMES), comparators, plains).map(([name, comparator, plain]) => {
    const isOrder = comparator !== "=" && comparator !== "<>";
    const value = isOrder && (Array.isArray(plain) || typeof plain === "boolean") ? 0 : plain;
    return withValue(
      value,
      (slot) => `${name} ${comparator} ${slot}`,
      (item) => naiveCompare(comparator, item[name], value),
    );
  }),
  fc
    .tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES), comparators)
    .filter(([one, other]) => one !== other)
    .map(([one, other, comparator]): Generated => ({
      text: `${one} ${comparator} ${other}`,
      values: {},
      test: (item) => naiveCompare(comparator, item[one], item[other]),
    })),
  fc.constantFrom(...NAMES).map((name): Generated => ({
    text: `attribute_exists(${name})`,
    values: {},
    test: (item) => item[name] !== undefined,
  })),
  fc.tuple(fc.constantFrom(...NAMES), scalars).map(([name, part]) =>
    withValue(
      part,
      (slot) => `contains(${name}, ${slot})`,
      (item) => naiveContains(item[name], part),
    ),
  ),
  fc.tuple(fc.constantFrom(...NAMES), fc.integer({ min: 0, max: 3 })).map(([name, size]) =>
    withValue(
      size,
      (slot) => `size(${name}) = ${slot}`,
      (item) => {
        const value = item[name];
        return (typeof value === "string" || Array.isArray(value)) && value.length === size;
      },
    ),
  ),
  fc.tuple(fc.constantFrom(...NAMES), fc.array(plains, { minLength: 1, maxLength: 3 })).map(([name, choices]) => {
    const parts = choices.map((choice) =>
      withValue(
        choice,
        (slot) => slot,
        (item) => naiveCompare("=", item[name], choice),
      ),
    );
    return {
      text: `${name} IN (${parts.map(({ text }) => text).join(", ")})`,
      values: Object.assign({}, ...parts.map(({ values }) => values)) as Generated["values"],
      test: (item: PlainItem) => parts.some(({ test }) => test(item)),
    };
  }),
);

const conditions: fc.Arbitrary<Generated> = fc.letrec<{ tree: Generated }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaves,
    tie("tree").map(({ text, values, test }) => ({
      text: `NOT (${text})`,
      values,
      test: (item: PlainItem) => !test(item),
    })),
    fc.tuple(tie("tree"), fc.constantFrom("AND", "or"), tie("tree")).map(([left, operator, right]) => ({
      text: `${bracketed(left)} ${operator} ${bracketed(right)}`,
      values: { ...left.values, ...right.values },
      test: (item: PlainItem) =>
        operator === "AND" ? left.test(item) && right.test(item) : left.test(item) || right.test(item),
    })),
  ),
})).tree;

function withValue(plain: Plain, text: (slot: string) => string, test: Generated["test"]): Generated {
  const slot = `:v${counter++}`;
  return { text: text(slot), values: { [slot]: wire(plain) }, test };
}

function bracketed({ text }: Generated): string {
  return / (AND|or) |^NOT/.test(text) ? `(${text})` : text;
}

function wire(plain: Plain): AttributeValue {
  if (typeof plain === "string") return { S: plain };
  if (typeof plain === "number") return { N: String(plain) };
  if (typeof plain === "boolean") return { BOOL: plain };
  return { L: (plain ?? []).map(wire) };
}

function naiveCompare(comparator: string, left: Plain, right: Plain): boolean {
  const isSame = left !== undefined && right !== undefined && JSON.stringify(left) === JSON.stringify(right);
  if (comparator === "=") return isSame;
  if (comparator === "<>") return !isSame;
  const isComparable = typeof left === typeof right && (typeof left === "string" || typeof left === "number");
  if (!isComparable || left === undefined || right === undefined) return false;
  if (comparator.startsWith("<")) return left < right || (comparator === "<=" && left === right);
  return left > right || (comparator === ">=" && left === right);
}

function naiveContains(whole: Plain, part: Plain): boolean {
  if (typeof whole === "string") return typeof part === "string" && whole.includes(part);
  return Array.isArray(whole) && whole.some((each) => naiveCompare("=", each, part));
}
