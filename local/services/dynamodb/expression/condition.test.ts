/**
 * Conditions: every operator and function on examples, and what is refused.
 * Does not prove: which of two mistakes in one expression AWS names.
 */
import assert from "node:assert/strict";
import type { Item } from "../value/attribute-value";
import { meets } from "./condition";
import { readCondition } from "./condition-parser";
import { Placeholders } from "./placeholders";

const ITEM: Item = {
  title: { S: "hello" },
  amount: { N: "10" },
  bytes: { B: Buffer.from("hi there").toString("base64") },
  flag: { BOOL: true },
  nothing: { NULL: true },
  texts: { SS: ["b", "a"] },
  numbers: { NS: ["2", "4", "7"] },
  places: { L: [{ N: "3" }, { M: { inside: { S: "deep" } } }, { NS: ["1", "2"] }] },
  tree: { M: { leaf: { N: "10" }, "dotted.name": { S: "odd" }, constructor: { S: "own" } } },
};

function holds(text: string, values?: Record<string, unknown>, names?: Record<string, string>, item = ITEM): boolean {
  const placeholders = new Placeholders(names, values);
  const condition = readCondition("ConditionExpression", text, placeholders);
  placeholders.refuseUnused();
  return meets(item, condition);
}

describe("Condition", () => {
  const truths: readonly (readonly [string, (Record<string, unknown> | undefined)?, Record<string, string>?])[] = [
    ["amount = tree.leaf"],
    ["amount = :v", { ":v": { N: "1e1" } }],
    ["amount <> :v", { ":v": { S: "10" } }],
    ["amount < :v AND amount <= :v AND NOT amount > :v", { ":v": { N: "10.5" } }],
    ["amount >= :v and amount > :w", { ":v": { N: "10" }, ":w": { N: "-10" } }],
    [":v < amount", { ":v": { N: "9" } }],
    ["title BETWEEN :a AND :b", { ":a": { S: "hello" }, ":b": { S: "help" } }],
    ["amount between :a and :b and flag = :t", { ":a": { N: "9" }, ":b": { N: "11" }, ":t": { BOOL: true } }],
    ["title IN (:a, :b)", { ":a": { N: "1" }, ":b": { S: "hello" } }],
    ["texts = :v", { ":v": { SS: ["a", "b"] } }],
    ["lacking <> :v", { ":v": { S: "x" } }],
    ["lacking <> absent"],
    ["NOT lacking = absent"],
    ["attribute_exists(tree.leaf) AND attribute_not_exists(tree.twig)"],
    ["attribute_exists(places[1].inside) AND attribute_not_exists(places[9])"],
    ["attribute_type(texts, :t)", { ":t": { S: "SS" } }],
    ["attribute_type(:v, :t)", { ":v": { N: "0" }, ":t": { S: "N" } }],
    ["begins_with(title, :p)", { ":p": { S: "hell" } }],
    ["begins_with(bytes, :p)", { ":p": { B: Buffer.from("hi").toString("base64") } }],
    ["begins_with(:s, title)", { ":s": { S: "hello you" } }],
    ["contains(title, :p)", { ":p": { S: "ell" } }],
    ["contains(numbers, :p)", { ":p": { N: "4.0" } }],
    ["contains(places, :p)", { ":p": { NS: ["2", "1"] } }],
    ["contains(bytes, :p)", { ":p": { B: Buffer.from("there").toString("base64") } }],
    ["size(title) = :n AND size(texts) < :n", { ":n": { N: "5" } }],
    ["size(tree) = places[0]"],
    ["(amount) = (:v)", { ":v": { N: "10" } }],
    ["NOT NOT amount = :v", { ":v": { N: "10" } }],
    ["#t.#d = :v", { ":v": { S: "odd" } }, { "#t": "tree", "#d": "dotted.name" }],
    ["#t.#c = :v", { ":v": { S: "own" } }, { "#t": "tree", "#c": "constructor" }],
    ["attribute_not_exists(#p)", undefined, { "#p": "__proto__" }],
    // AND before OR, NOT before AND.
    ["amount = :v OR amount = :w AND amount = :w", { ":v": { N: "10" }, ":w": { N: "1" } }],
    ["NOT amount = :w AND amount = :v", { ":v": { N: "10" }, ":w": { N: "1" } }],
    ["amount\t=\r\n  :v", { ":v": { N: "10" } }],
  ];
  for (const [text, values, names] of truths) {
    it(`finds true: ${JSON.stringify(text)}`, () => {
      assert.ok(holds(text, values, names));
      assert.ok(!holds(`NOT (${text})`, values, names));
    });
  }

  const falsehoods: readonly (readonly [string, Record<string, unknown>?])[] = [
    ["lacking = absent"],
    ["lacking < :v", { ":v": { N: "1" } }],
    [":v < lacking", { ":v": { N: "1" } }],
    ["amount < :v", { ":v": { S: "99" } }],
    ["places < :v", { ":v": { N: "1" } }],
    ["lacking BETWEEN :v AND :v", { ":v": { N: "1" } }],
    ["lacking IN (:v)", { ":v": { N: "1" } }],
    ["attribute_type(lacking, :v)", { ":v": { S: "S" } }],
    ["size(amount) = :v", { ":v": { N: "2" } }],
    ["size(title) = :v", { ":v": { S: "5" } }],
    ["contains(title, :v)", { ":v": { N: "1" } }],
    ["begins_with(amount, :v)", { ":v": { S: "1" } }],
    ["title.inside = :v", { ":v": { S: "x" } }],
    ["tree[0] = :v", { ":v": { S: "x" } }],
    ["places.inside = :v", { ":v": { S: "x" } }],
  ];
  for (const [text, values] of falsehoods) {
    it(`finds false: ${text}`, () => assert.ok(!holds(text, values)));
  }

  it("takes one pair of brackets around a whole condition", () => {
    assert.ok(holds("(amount = :v)", { ":v": { N: "10" } }));
    assert.ok(holds("(amount = :v AND (flag = :t))", { ":v": { N: "10" }, ":t": { BOOL: true } }));
  });

  it("finds no attribute in an item that does not exist", () => {
    const none = new Placeholders(undefined, undefined);
    assert.ok(meets(undefined, readCondition("ConditionExpression", "attribute_not_exists(title)", none)));
    assert.ok(!meets(undefined, readCondition("ConditionExpression", "title = amount", none)));
  });

  const V = { ":v": { N: "1" } };
  const refusals: readonly (readonly [string, string, Record<string, unknown>?, Record<string, string>?])[] = [
    ["", "The expression can not be empty;"],
    ["amount", 'Syntax error; token: "<EOF>", near: "amount"'],
    ["amount =", 'Syntax error; token: "<EOF>", near: "="'],
    ["amount != :v", 'Syntax error; token: "!", near: "amount !="', V],
    ["= :v", 'Syntax error; token: "=", near: "= :v"', V],
    ["amount = :v :v", 'Syntax error; token: ":v", near: ":v :v"', V],
    ["(amount = :v", 'Syntax error; token: "<EOF>", near: ":v"', V],
    ["amount IN ()", 'Syntax error; token: ")", near: "()"', V],
    ["_number = :v", 'Syntax error; token: "_", near: "_number"', V],
    ["places[:v] = :v", 'Syntax error; token: ":v", near: "[:v]"', V],
    ["amount = :w", "An expression attribute value used in expression is not defined; attribute value: :w", V],
    ["#n = :v", "An expression attribute name used in the document path is not defined; attribute name: #n", V],
    ["name = :v", "Attribute name is a reserved keyword; reserved keyword: name", V],
    ["tree.Status = :v", "Attribute name is a reserved keyword; reserved keyword: Status", V],
    ["dog(amount)", "Invalid function name; function: dog"],
    ["SIZE(amount) = :v", "Invalid function name; function: SIZE", V],
    ["size(title)", "The function is not allowed to be used this way in an expression; function: size"],
    [
      "attribute_exists(title) = :v",
      "The function is not allowed to be used this way in an expression; function: attribute_exists",
      V,
    ],
    [
      ":v = attribute_exists(title)",
      "The function is not allowed to be used this way in an expression; function: attribute_exists",
      V,
    ],
    [
      "if_not_exists(title, :v) = :v",
      "The function is not allowed in a condition expression; function: if_not_exists",
      V,
    ],
    [
      "attribute_exists(:v)",
      "Operator or function requires a document path; operator or function: attribute_exists",
      V,
    ],
    [
      "size(title, title) = :v",
      "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2",
      V,
    ],
    [
      "size(title, amount) = :v",
      "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2",
      V,
    ],
    [
      "contains(tree.leaf, tree.leaf)",
      "The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [tree, leaf]",
    ],
    ["((amount = :v))", "The expression has redundant parentheses;", V],
    [
      "begins_with(title, :v)",
      "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
      V,
    ],
    [
      "amount < :v",
      "Incorrect operand type for operator or function; operator: <, operand type: L",
      { ":v": { L: [] } },
    ],
    [
      "attribute_type(title, :v)",
      "Invalid attribute type name found; type: DOG, valid types: {S,N,B,BOOL,NULL,SS,NS,BS,L,M}",
      { ":v": { S: "DOG" } },
    ],
    [
      "attribute_type(title, amount)",
      "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: {S,N,B,BOOL,NULL,SS,NS,BS,L,M}",
    ],
    [
      "amount BETWEEN :v AND :w",
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {N:0}",
      { ":v": { N: "1" }, ":w": { N: "0" } },
    ],
    [
      "amount BETWEEN :v AND :w",
      "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:0}",
      { ":v": { N: "1" }, ":w": { S: "0" } },
    ],
    [
      "places[99999999999999999999] = :v",
      "List index is not within the allowable range; index: [99999999999999999999]",
      V,
    ],
  ];
  for (const [text, problem, values, names] of refusals) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => holds(text, values, names), {
        code: "ValidationException",
        message: `Invalid ConditionExpression: ${problem}`,
      });
    });
  }

  it("refuses placeholders that are not of their form, are not used, or hold no value", () => {
    const of = (names: unknown, values: unknown) => () => holds("title = :v", values as never, names as never);
    const v = { ":v": { S: "" } };
    assert.throws(of(undefined, { v: { S: "" } }), {
      message: 'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"',
    });
    assert.throws(of({ "#": "a" }, v), {
      message: 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"',
    });
    assert.throws(of({ "#a-b": "a" }, v), { message: /contains invalid key/ });
    assert.throws(of({}, v), { message: "ExpressionAttributeNames must not be empty" });
    assert.throws(of(undefined, { ...v, ":w": { S: "" } }), {
      message: "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}",
    });
    assert.throws(of({ "#a": "a", "#b": "b" }, v), {
      message: "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}",
    });
    assert.throws(of(undefined, { ":v": { SS: [] } }), {
      message:
        "ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An string set  may not be empty for key :v",
    });
    assert.throws(of({ "#a": "" }, v), { message: /^ExpressionAttributeNames contains invalid value: .* for key #a$/ });
  });

  it("refuses more than 4096 bytes, a hundred choices, 32 levels of a path, and nesting without end", () => {
    const values = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`:v${index}`, { N: String(index) }]));
    assert.throws(() => holds(`amount = :v${" ".repeat(4096)}`, V), {
      message: /Expression size has exceeded the maximum allowed size; expression size: 4107$/,
    });
    assert.throws(() => holds(`amount IN (${Object.keys(values).join()})`, values), {
      message: /IN, number of operands: 101/,
    });
    assert.throws(() => holds(`a${".b".repeat(32)} = :v`, V), {
      message: /too many nesting elements; nesting levels: 33/,
    });
    for (const hostile of [
      "(".repeat(4000),
      "NOT ".repeat(1000),
      "NOT(".repeat(1000),
      "size(".repeat(800),
      "a[".repeat(2000),
    ]) {
      assert.throws(() => holds(hostile), { code: "ValidationException" });
    }
  });
});
