/**
 * Key conditions: what is taken, what is refused.
 * Does not prove: what a query makes of them (operations/query.test.ts).
 */
import assert from "node:assert/strict";
import type { AttributeValue } from "../value/attribute-value";
import { readKeyCondition } from "./key-condition";
import { Placeholders } from "./placeholders";

const VALUES: Record<string, AttributeValue> = { ":p": { S: "p" }, ":n": { N: "1" }, ":m": { N: "2" } };

function read(text: string): Record<string, unknown> {
  return Object.fromEntries(readKeyCondition(text, new Placeholders({ "#p": "p" }, VALUES)));
}

const equals = { kind: "compare", comparator: "=", value: VALUES[":p"] };

describe("Key condition", () => {
  it("takes the partition alone, with a comparison, a range or a beginning, in any order and spelling", () => {
    assert.deepEqual(read(" #p  =  :p "), { p: equals });
    assert.deepEqual(read(":p = p"), { p: equals });
    assert.deepEqual(read("p = :p aNd c < :n"), {
      p: equals,
      c: { kind: "compare", comparator: "<", value: VALUES[":n"] },
    });
    assert.deepEqual(read(":n <= c AND p = :p"), {
      p: equals,
      c: { kind: "compare", comparator: ">=", value: VALUES[":n"] },
    });
    assert.deepEqual(read("p = :p AND c BETWEEN :n AND :m"), {
      p: equals,
      c: { kind: "between", low: VALUES[":n"], high: VALUES[":m"] },
    });
    assert.deepEqual(read("(p = :p) AND (begins_with(c, :p))"), {
      p: equals,
      c: { kind: "begins_with", start: VALUES[":p"] },
    });
  });

  const refusals: readonly (readonly [string, string])[] = [
    ["", "The expression can not be empty;"],
    ["p", 'Syntax error; token: "<EOF>", near: "p"'],
    ["p = :p AND c != :n", 'Syntax error; token: "!", near: "c !="'],
    ["p = :p OR c = :n", "Invalid operator used in KeyConditionExpression: OR"],
    ["NOT p = :p", "Invalid operator used in KeyConditionExpression: NOT"],
    ["p = :p AND c <> :n", "Invalid operator used in KeyConditionExpression: <>"],
    ["p = :p AND c IN (:n)", "Invalid operator used in KeyConditionExpression: IN"],
    ["p = :p AND attribute_exists(c)", "Invalid operator used in KeyConditionExpression: attribute_exists"],
    ["p = :p AND contains(c, :p)", "Invalid operator used in KeyConditionExpression: contains"],
    ["p = :p AND dog(c, :p)", "Invalid function name; function: dog"],
    ["p = :p AND p = :p", "KeyConditionExpressions must only contain one condition per key"],
    ["p = :p AND size(c) = :n", "KeyConditionExpressions cannot contain nested operations"],
    ["p = :p AND c.d = :n", "KeyConditionExpressions cannot have conditions on nested attributes"],
    ["p = c", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"],
    [":p = :n", "Invalid condition in KeyConditionExpression: No key attribute specified"],
    [
      "begins_with(:p, c)",
      "Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand",
    ],
    ["((p = :p)) AND c = :n", "The expression has redundant parentheses;"],
  ];
  for (const [text, problem] of refusals) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => read(text), {
        code: "ValidationException",
        message: problem.startsWith("Invalid KeyCondition") ? problem : `Invalid KeyConditionExpression: ${problem}`,
      });
    });
  }

  it("refuses conditions on three attributes", () => {
    assert.throws(() => read("p = :p AND c = :n AND d = :m"), { message: "Conditions can be of length 1 or 2 only" });
  });
});
