/**
 * Filter policies as pure functions: the conditions of the SNS developer guide, and the laws behind them.
 * Does not prove: that SNS decides alike where its guide says nothing.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Attributes } from "../sqs/attributes";
import { compileFilterPolicy } from "./filter-policy";

const text = (StringValue: string): Attributes[string] => ({ DataType: "String", StringValue });
const number = (StringValue: string): Attributes[string] => ({ DataType: "Number", StringValue });
const list = (...values: unknown[]): Attributes[string] => ({
  DataType: "String.Array",
  StringValue: JSON.stringify(values),
});
const bytes: Attributes[string] = { DataType: "Binary", BinaryValue: "AA==" };

const cases: readonly [policy: unknown, attributes: Attributes, wanted: boolean][] = [
  [{}, {}, true],
  [{ site: ["shop", "blog"] }, { site: text("blog") }, true],
  [{ site: ["shop"] }, { site: text("Shop") }, false],
  [{ site: ["shop"] }, {}, false],
  [{ site: ["shop"] }, { other: text("shop") }, false],
  [{ site: ["shop"], kind: ["a"] }, { site: text("shop") }, false],
  [{ site: ["shop"], kind: ["a"] }, { site: text("shop"), kind: text("a") }, true],
  [{ site: [{ prefix: "sh" }] }, { site: text("shop") }, true],
  [{ site: [{ prefix: "op" }] }, { site: text("shop") }, false],
  [{ site: [{ "anything-but": "shop" }] }, { site: text("blog") }, true],
  [{ site: [{ "anything-but": ["shop", "blog"] }] }, { site: text("blog") }, false],
  [{ site: [{ "anything-but": ["shop"] }] }, {}, false],
  [{ site: [{ "anything-but": { prefix: "test-" } }] }, { site: text("test-shop") }, false],
  [{ site: [{ "anything-but": { prefix: "test-" } }] }, { site: text("shop") }, true],
  [{ site: [{ exists: true }] }, { site: list() }, true],
  [{ site: [{ exists: false }] }, { site: text("x") }, false],
  [{ site: [{ exists: false }] }, {}, true],
  [{ site: [{ exists: true }] }, { site: bytes }, false],
  [{ score: [2] }, { score: number("2.0") }, true],
  [{ score: [2] }, { score: text("2") }, false],
  [{ score: ["2"] }, { score: number("2") }, false],
  [{ score: [{ numeric: [">", 2] }] }, { score: number("2") }, false],
  [{ score: [{ numeric: [">=", 2, "<", 3] }] }, { score: number("2.5") }, true],
  [{ score: [{ numeric: [">=", 2, "<", 3] }] }, { score: number("3") }, false],
  [{ score: [{ numeric: ["=", -1e9] }] }, { score: number("-1e9") }, true],
  [{ tags: ["a"] }, { tags: list("b", "a") }, true],
  [{ tags: [true, null] }, { tags: list(null) }, true],
  [{ tags: [{ "anything-but": ["a"] }] }, { tags: list("a", "b") }, true],
  [{ tags: [{ "anything-but": ["a"] }] }, { tags: list("a") }, false],
  [{ toString: ["x"] }, {}, false],
];

describe("filter policy", () => {
  for (const [policy, attributes, wanted] of cases) {
    it(`${JSON.stringify(policy)} ${wanted ? "wants" : "leaves"} ${JSON.stringify(attributes)}`, () => {
      assert.equal(compileFilterPolicy(JSON.stringify(policy))(attributes), wanted);
    });
  }

  it("refuses what it does not model, and what SNS would not take", () => {
    for (const [policy, message] of [
      ["[]", /expected a JSON object/],
      ["{", /expected a JSON object/],
      [{ a: "x" }, /"a" must have a list of conditions, got "x"/],
      [{ a: [] }, /"a" must have a list of conditions/],
      [{ a: [{ suffix: "x" }] }, /"a" has the condition {"suffix":"x"}; the local stage models exact values, prefix/],
      [{ a: [{ prefix: "x", exists: true }] }, /models exact values/],
      [{ a: [{}] }, /models exact values/],
      [{ a: [["x"]] }, /allowed are text, numbers, true, false, null/],
      [{ a: [{ numeric: [">", "2"] }] }, /"a" has numeric \[">","2"\]; allowed are/],
      [{ a: [{ numeric: ["<", 2, ">", 1] }] }, /a lower and an upper bound/],
      [{ a: [{ numeric: [">", 2, "<"] }] }, /a lower and an upper bound/],
      [{ a: [{ "anything-but": { suffix: "x" } }] }, /models values and a prefix/],
      [{ a: [1e10] }, /allowed are -1000000000 to 1000000000/],
      [{ $or: [{ a: ["x"] }] }, /models exact values/],
      [{ a: ["x"], b: ["x"], c: ["x"], d: ["x"], e: ["x"], f: ["x"] }, /has 6 names, at most 5/],
      [{ a: Array(15).fill("x"), b: Array(11).fill("x") }, /has 165 combinations of conditions, at most 150/],
    ] as const) {
      assert.throws(() => compileFilterPolicy(typeof policy === "string" ? policy : JSON.stringify(policy)), message);
    }
  });

  it("wants a text exactly when anything-but that text does not", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, given) => {
        const attributes = { a: text(given) };
        const wants = (condition: unknown): boolean =>
          compileFilterPolicy(JSON.stringify({ a: [condition] }))(attributes);
        assert.equal(wants(value), !wants({ "anything-but": value }));
        assert.equal(wants({ prefix: value }), given.startsWith(value));
        assert.equal(wants({ prefix: value }), !wants({ "anything-but": { prefix: value } }));
      }),
    );
  });
});
