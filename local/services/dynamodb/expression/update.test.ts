/**
 * Updates: every action and function on examples, and what is refused.
 * Does not prove: which of two mistakes in one expression AWS names.
 */
import assert from "node:assert/strict";
import type { AttributeValue, Item } from "../value/attribute-value";
import { Placeholders } from "./placeholders";
import { updatedItem } from "./update";
import { readUpdate } from "./update-parser";

const KEY: Item = { id: { S: "k" } };
const N = (text: string | number): AttributeValue => ({ N: String(text) });
const S = (text: string): AttributeValue => ({ S: text });
const L = (...elements: AttributeValue[]): AttributeValue => ({ L: elements });

function update(
  item: Item | undefined,
  text: string,
  values?: Record<string, AttributeValue>,
  names?: Record<string, string>,
): Item | undefined {
  const placeholders = new Placeholders(names, values);
  const read = readUpdate(text, placeholders);
  placeholders.refuseUnused();
  return updatedItem(item === undefined ? undefined : { ...KEY, ...item }, KEY, read);
}

describe("Update", () => {
  const examples: readonly (readonly [string, Item, Item, Record<string, AttributeValue>?, Record<string, string>?])[] =
    [
      ["SET a = :v, b = :v", { a: N(1) }, { a: S("x"), b: S("x") }, { ":v": S("x") }],
      ["set a = b, b = a", { a: N(1), b: N(2) }, { a: N(2), b: N(1) }],
      ["REMOVE a SET b = a", { a: N(1) }, { b: N(1) }],
      ["SET a = a + :v", { a: N("0.1") }, { a: N("0.3") }, { ":v": N("0.2") }],
      ["SET a = :v - a", { a: N(3) }, { a: N(-2) }, { ":v": N(1) }],
      ["SET a = (a - :v)", { a: N(10) }, { a: N(7) }, { ":v": N(3) }],
      ["SET a = if_not_exists(a, :v)", { a: N(1) }, { a: N(1) }, { ":v": N(2) }],
      ["SET a = if_not_exists(a, :v)", {}, { a: N(2) }, { ":v": N(2) }],
      ["SET a = if_not_exists(a, :z) + :v", {}, { a: N(5) }, { ":v": N(5), ":z": N(0) }],
      ["SET a = if_not_exists(a, if_not_exists(b, :v))", { b: S("b") }, { a: S("b"), b: S("b") }, { ":v": N(2) }],
      ["SET a = list_append(a, :v)", { a: L(N(1)) }, { a: L(N(1), N(2)) }, { ":v": L(N(2)) }],
      ["SET a = list_append(:v, a)", { a: L(N(1)) }, { a: L(N(2), N(1)) }, { ":v": L(N(2)) }],
      ["SET a = list_append(if_not_exists(a, :z), :v)", {}, { a: L(N(2)) }, { ":v": L(N(2)), ":z": L() }],
      [
        "SET m.a.b = :v",
        { m: { M: { a: { M: { c: N(1) } } } } },
        { m: { M: { a: { M: { c: N(1), b: N(2) } } } } },
        { ":v": N(2) },
      ],
      ["SET a[1] = :v", { a: L(N(1), N(2), N(3)) }, { a: L(N(1), S("x"), N(3)) }, { ":v": S("x") }],
      [
        "SET a[84] = :v, a[37] = :w, a[17] = :u",
        { a: L(S("0")) },
        { a: L(S("0"), S("u"), S("w"), S("v")) },
        { ":v": S("v"), ":w": S("w"), ":u": S("u") },
      ],
      ["SET a[2000000000] = :v", { a: L() }, { a: L(S("v")) }, { ":v": S("v") }],
      [
        "REMOVE a[1] SET a[3] = :v",
        { a: L(N(2), N(3), N(4), N(5), N(6), N(7)) },
        { a: L(N(2), N(4), N(17), N(6), N(7)) },
        { ":v": N(17) },
      ],
      ["REMOVE a[0], a[2], a[9]", { a: L(N(0), N(1), N(2)) }, { a: L(N(1)) }],
      ["REMOVE m.a, n", { m: { M: { a: N(1) } } }, { m: { M: {} } }],
      ["REMOVE a[0]", { a: L(N(1)) }, { a: L() }],
      ["ADD a :v", { a: N("9007199254740993") }, { a: N("9007199254740994") }, { ":v": N(1) }],
      ["ADD a :v, m.b :v", { m: { M: {} } }, { a: N(1), m: { M: { b: N(1) } } }, { ":v": N(1) }],
      ["ADD a :v", { a: { SS: ["x"] } }, { a: { SS: ["x", "y"] } }, { ":v": { SS: ["y", "x"] } }],
      ["ADD a :v", {}, { a: { NS: ["1"] } }, { ":v": { NS: ["1.0"] } }],
      ["DELETE a :v", { a: { SS: ["x", "y"] } }, { a: { SS: ["y"] } }, { ":v": { SS: ["x", "z"] } }],
      ["DELETE a :v", { a: { BS: ["AQ=="] } }, {}, { ":v": { BS: ["AQ=="] } }],
      ["DELETE a :v", { b: N(1) }, { b: N(1) }, { ":v": { SS: ["x"] } }],
      ["SET #a = :v", {}, { "dotted.name": N(1) }, { ":v": N(1) }, { "#a": "dotted.name" }],
      [
        "SET #a = :v, #b.#c = :v REMOVE #d",
        { b: { M: {} }, constructor: N(0) },
        { __proto__x: N(1), b: { M: { hasOwnProperty: N(1) } } },
        { ":v": N(1) },
        { "#a": "__proto__x", "#b": "b", "#c": "hasOwnProperty", "#d": "constructor" },
      ],
    ];
  for (const [text, before, after, values, names] of examples) {
    it(`carries out ${text}`, () => assert.deepEqual(update(before, text, values, names), { ...KEY, ...after }));
  }

  it("makes attributes called __proto__, and no prototype", () => {
    const item = update({ q: { M: {} } }, "SET #p = :v, #q.#p = :v", { ":v": N(1) }, { "#p": "__proto__", "#q": "q" });
    assert.deepEqual(JSON.stringify(item), '{"id":{"S":"k"},"q":{"M":{"__proto__":{"N":"1"}}},"__proto__":{"N":"1"}}');
    assert.equal(Object.getPrototypeOf(item), Object.prototype);
  });

  it("makes an item of what it sets, and none of what it takes away", () => {
    assert.deepEqual(update(undefined, "SET a = :v REMOVE b, c.d", { ":v": N(1) }), { ...KEY, a: N(1) });
    assert.deepEqual(update(undefined, "ADD a :v", { ":v": N(1) }), { ...KEY, a: N(1) });
    assert.equal(update(undefined, "REMOVE a, b.c, d[0]"), undefined);
    assert.equal(update(undefined, "DELETE a :v", { ":v": { SS: ["x"] } }), undefined);
  });

  it("leaves the item that it was given as it was", () => {
    const before: Item = { m: { M: { a: L(N(1)) } } };
    const copy = structuredClone(before);
    update(before, "SET m.a[0] = :v, m.b = :v REMOVE m.c", { ":v": N(2) });
    assert.deepEqual(before, copy);
  });

  const MISPLACED = "The document path provided in the update expression is invalid for update";
  const MISTYPED = "An operand in the update expression has an incorrect data type";
  const ABSENT = "The provided expression refers to an attribute that does not exist in the item";
  const misfits: readonly (readonly [string, Item | undefined, string, Record<string, AttributeValue>?])[] = [
    ["SET a.b = :v", {}, MISPLACED, { ":v": N(1) }],
    ["SET a.b = :v", undefined, MISPLACED, { ":v": N(1) }],
    ["SET a.b = :v", { a: S("text") }, MISPLACED, { ":v": N(1) }],
    ["SET a.b = :v", { a: L() }, MISPLACED, { ":v": N(1) }],
    ["SET a[0] = :v", { a: { M: {} } }, MISPLACED, { ":v": N(1) }],
    ["SET a[5].b = :v", { a: L() }, MISPLACED, { ":v": N(1) }],
    ["REMOVE a.b", { a: S("text") }, MISPLACED],
    ["REMOVE a[0]", {}, MISPLACED],
    ["SET a = b", {}, ABSENT],
    ["SET a = :v, b = a", {}, ABSENT, { ":v": N(1) }],
    ["SET a = a + :v", {}, ABSENT, { ":v": N(1) }],
    ["SET a = a + :v", { a: S("1") }, MISTYPED, { ":v": N(1) }],
    ["SET a = list_append(a, :v)", { a: S("1") }, MISTYPED, { ":v": L() }],
    ["ADD a :v", { a: S("1") }, MISTYPED, { ":v": N(1) }],
    ["ADD a :v", { a: { NS: ["1"] } }, MISTYPED, { ":v": { SS: ["1"] } }],
    ["DELETE a :v", { a: { NS: ["1"] } }, MISTYPED, { ":v": { SS: ["1"] } }],
    [
      "ADD a :v",
      { a: N("1E125") },
      "Number overflow. Attempting to store a number with magnitude larger than supported range",
      { ":v": N("9E125") },
    ],
  ];
  for (const [text, item, message, values] of misfits) {
    it(`refuses ${text} of ${JSON.stringify(item)}`, () => {
      assert.throws(() => update(item, text, values), { code: "ValidationException", message });
    });
  }

  const V = { ":v": N(1) };
  const refusals: readonly (readonly [string, string, Record<string, AttributeValue>?, Record<string, string>?])[] = [
    ["", "The expression can not be empty;"],
    ["INVALID SYNTAX HERE", 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"'],
    ["SET a", 'Syntax error; token: "<EOF>", near: "a"'],
    ["SET a = :v,", 'Syntax error; token: "<EOF>", near: ","', V],
    ["SET _123 = :v", 'Syntax error; token: "_", near: "SET _123"', V],
    ["SET :v = :v", 'Syntax error; token: ":v", near: "SET :v ="', V],
    ["SET a = :v + :v + :v", 'Syntax error; token: "+", near: ":v + :v"', V],
    ["SET a = if_not_exists(a, :v + :v)", 'Syntax error; token: "+", near: ":v + :v"', V],
    ["SET hi-there = :v", 'Syntax error; token: "-", near: "hi-there"', V],
    ["ADD a b", 'Syntax error; token: "b", near: "a b"'],
    ["SET a = :v SET b = :v", 'The "SET" section can only be used once in an update expression;', V],
    ["SET name = :v", "Attribute name is a reserved keyword; reserved keyword: name", V],
    ["SET a = :w", "An expression attribute value used in expression is not defined; attribute value: :w", V],
    ["SET #a = :v", "An expression attribute name used in the document path is not defined; attribute name: #a", V],
    ["SET a = f(b)", "Invalid function name; function: f"],
    ["SET a = LIST_APPEND(b, c)", "Invalid function name; function: LIST_APPEND"],
    ["SET a = size(b)", "The function is not allowed in an update expression; function: size"],
    [
      "SET a = list_append(b)",
      "Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1",
    ],
    [
      "SET a = list_append(b, :v)",
      "Incorrect operand type for operator or function; operator or function: list_append, operand type: N",
      V,
    ],
    [
      "SET a = list_append(list_append(b, c), d)",
      "The function is not allowed to be used this way in an expression; function: list_append",
    ],
    [
      "SET a = if_not_exists(:v, :v)",
      "Operator or function requires a document path; operator or function: if_not_exists",
      V,
    ],
    [
      "SET a = b + :v",
      "Incorrect operand type for operator or function; operator or function: +, operand type: S",
      { ":v": S("x") },
    ],
    [
      "ADD a :v",
      "Incorrect operand type for operator or function; operator: ADD, operand type: STRING",
      { ":v": S("x") },
    ],
    ["DELETE a :v", "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER", V],
  ];
  const clashes: readonly (readonly [string, string, string, string])[] = [
    ["SET a = :v, a = :v", "overlap", "[a]", "[a]"],
    ["SET a = :v REMOVE a", "overlap", "[a]", "[a]"],
    ["SET a = :v, a.b = :v", "overlap", "[a]", "[a, b]"],
    ["SET a.b.c = :v, a.b = :v", "overlap", "[a, b, c]", "[a, b]"],
    ["SET a[1][1] = :v, a[1] = :v", "overlap", "[a, [1], [1]]", "[a, [1]]"],
    ["SET a.b = :v, a[1] = :v", "conflict", "[a, b]", "[a, [1]]"],
    ["SET a.b.c = :v, a.b[2] = :v", "conflict", "[a, b, c]", "[a, b, [2]]"],
  ];
  for (const [text, problem, values, names] of [
    ...refusals,
    ...clashes.map(
      ([text, kind, one, two]) =>
        [
          text,
          `Two document paths ${kind} with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`,
          V,
        ] as const,
    ),
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => update({}, text, values, names), {
        code: "ValidationException",
        message: `Invalid UpdateExpression: ${problem}`,
      });
    });
  }

  it("compares the attributes behind placeholders, not the placeholders", () => {
    assert.throws(() => update({}, "SET #a = :v, #b = :v", V, { "#a": "same", "#b": "same" }), { message: /overlap/ });
  });

  it("refuses hostile expressions without falling over", () => {
    const nested = `${"if_not_exists(a, ".repeat(200)}:v${")".repeat(200)}`;
    for (const hostile of [
      "(".repeat(4000),
      "SET a = ".repeat(500),
      `SET a = ${"(".repeat(4000)}`,
      `SET a = ${nested.repeat(2)}`,
    ]) {
      assert.throws(() => update({}, hostile, V), { code: "ValidationException" });
    }
    const many = Array.from({ length: 301 }, (_, index) => `a${index}=b+c`).join();
    assert.throws(() => update({}, `SET ${many}`), { message: /too many operators or functions; allowed: 300$/ });
  });
});
