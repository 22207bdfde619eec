/**
 * What is read from the wire: which values are taken, in which form they are kept, and what is refused how.
 * Does not prove: the wording of refusals for JSON that no SDK sends.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { areEqual, compareValues, contains, sizeOf, sortable, startsWith } from "./comparison";
import { attributeOf, readItem, readValue, typeOf, type AttributeValue } from "./attribute-value";
import { bytesOfItem, bytesOfValue } from "./item-size";

const nested = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => ({ M: { n: inner } }), { S: "leaf" });

const base64 = (...bytes: readonly number[]): string => Buffer.from(bytes).toString("base64");

describe("AttributeValue", () => {
  it("keeps every type as it came, numbers written out", () => {
    const item = {
      text: { S: "" },
      number: { N: "0012.50" },
      bytes: { B: "AAEC" },
      flag: { BOOL: false },
      nothing: { NULL: false },
      texts: { SS: ["b", ""] },
      numbers: { NS: ["1E2", "2"] },
      binaries: { BS: ["AQ==", ""] },
      list: { L: [{ S: "a" }, { L: [] }] },
      map: { M: { inner: { M: {} } } },
    };
    assert.deepEqual(readItem(item), {
      ...item,
      number: { N: "12.5" },
      nothing: { NULL: true },
      numbers: { NS: ["100", "2"] },
    });
  });

  it("takes attributes of any name, and finds none that are not there", () => {
    const item = readItem(
      JSON.parse('{"__proto__": {"S": "own"}, "constructor": {"N": "1"}, "ключ 🔑": {"BOOL": true}}'),
    );
    assert.deepEqual(attributeOf(item, "__proto__"), { S: "own" });
    assert.deepEqual(attributeOf(item, "constructor"), { N: "1" });
    assert.deepEqual(attributeOf(item, "ключ 🔑"), { BOOL: true });
    assert.equal(attributeOf(item, "toString"), undefined);
    assert.equal(Object.getPrototypeOf(item), Object.prototype);
  });

  const refusals: readonly (readonly [unknown, RegExp])[] = [
    [{}, /^Supplied AttributeValue is empty, must contain exactly one of the supported datatypes$/],
    [{ X: "1" }, /^Supplied AttributeValue is empty/],
    [{ S: "a", N: "1" }, /^Supplied AttributeValue has more than one datatypes set/],
    [{ N: "one" }, /cannot be converted to a numeric value: one$/],
    [{ N: 1 }, /Expected a string, got number/],
    [{ SS: [] }, /^One or more parameter values were invalid: An string set {2}may not be empty$/],
    [{ NS: [] }, /An number set {2}may not be empty$/],
    [{ BS: [] }, /Binary sets should not be empty$/],
    [{ SS: ["a", "a"] }, /Input collection \[a, a\] contains duplicates\.$/],
    [{ NS: ["1", "1.0"] }, /contains duplicates/],
    [{ BS: [base64(1), base64(1)] }, /contains duplicates/],
    [{ B: "A" }, /is not base64/],
    [{ B: "AB==" }, /is not base64/],
    [{ B: "A A=" }, /is not base64/],
    [{ BOOL: "true" }, /Expected a boolean, got string/],
    [{ L: { S: "a" } }, /Expected list or null/],
    [{ M: [] }, /Start of list found where not expected/],
    [{ S: "half \ud83d" }, /half of a surrogate pair/],
    [{ M: { "\udc00": { S: "" } } }, /half of a surrogate pair/],
    [{ M: { "": { S: "" } } }, /An attribute name may not be empty/],
    [null, /Expected map or null/],
    ["text", /Expected map or null/],
  ];
  for (const [wire, message] of refusals) {
    it(`refuses ${JSON.stringify(wire)}`, () => assert.throws(() => readValue(wire), { message }));
  }

  it("takes documents of 32 levels and refuses the 33rd", () => {
    readItem({ deep: nested(31) });
    assert.throws(() => readItem({ deep: nested(32) }), { message: /^Nesting Levels have exceeded supported limits/ });
  });

  it("refuses a hundred thousand levels as it refuses 33", () => {
    const wire: unknown = JSON.parse(`${'{"L":['.repeat(100_000)}{"S":""}${"]}".repeat(100_000)}`);
    assert.throws(() => readValue(wire), { message: /^Nesting Levels/ });
  });
});

describe("Comparison", () => {
  const text = (value: string): AttributeValue => ({ S: value });

  it("sorts texts by their UTF-8 bytes, binaries by their bytes", () => {
    const anyText = fc.string({ unit: "grapheme" }).filter((each) => !/\p{Surrogate}/u.test(each));
    const bytes = fc.uint8Array({ maxLength: 6 }).map((each) => Buffer.from(each));
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        assert.equal(compareValues(text(one), text(other)), Buffer.compare(Buffer.from(one), Buffer.from(other)));
      }),
    );
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const [left, right] = [{ B: one.toString("base64") }, { B: other.toString("base64") }];
        assert.equal(compareValues(left, right), Buffer.compare(one, other));
        assert.equal(startsWith(left, right), one.subarray(0, other.length).equals(other));
        assert.equal(contains(left, right), one.includes(other));
      }),
    );
  });

  it("sorts what lies beyond U+FFFF behind what UTF-16 puts after it", () => {
    assert.equal(compareValues(text("\uffee"), text("🔑")), -1);
    assert.ok("\uffee" > "🔑");
  });

  it("finds an order only between two texts, two numbers or two binaries", () => {
    assert.equal(compareValues({ N: "1" }, text("1")), undefined);
    assert.equal(compareValues({ BOOL: true }, { BOOL: false }), undefined);
    assert.equal(sortable({ L: [] }), undefined);
  });

  it("holds sets and maps equal whatever their order, and lists not", () => {
    const one: AttributeValue = { M: { a: { SS: ["x", "y"] }, b: { L: [{ NULL: true }] } } };
    const other: AttributeValue = { M: { b: { L: [{ NULL: true }] }, a: { SS: ["y", "x"] } } };
    assert.ok(areEqual(one, other));
    assert.ok(!areEqual({ L: [text("a"), text("b")] }, { L: [text("b"), text("a")] }));
    assert.ok(!areEqual({ SS: ["a"] }, { SS: ["a", "b"] }));
    assert.ok(!areEqual({ M: { a: text("") } }, { M: { toString: text("") } }));
  });

  it("holds every value equal to itself and to no other type", () => {
    const values: readonly AttributeValue[] = [
      text("1"),
      { N: "1" },
      { B: "MQ==" },
      { BOOL: true },
      { NULL: true },
      { SS: ["1"] },
      { NS: ["1"] },
      { BS: ["MQ=="] },
      { L: [] },
      { M: {} },
    ];
    for (const [row, left] of values.entries()) {
      for (const [column, right] of values.entries()) {
        assert.equal(areEqual(left, structuredClone(right)), row === column, `${typeOf(left)} ${typeOf(right)}`);
      }
    }
  });

  it("knows the size of what has one", () => {
    assert.equal(sizeOf(text("éèà")), 3);
    assert.equal(sizeOf({ B: base64(1, 2, 3, 4) }), 4);
    assert.equal(sizeOf({ NS: ["1", "2"] }), 2);
    assert.equal(sizeOf({ L: [text("a")] }), 1);
    assert.equal(sizeOf({ M: { a: text(""), b: text("") } }), 2);
    assert.equal(sizeOf({ N: "12" }), undefined);
    assert.equal(sizeOf({ BOOL: true }), undefined);
  });
});

describe("Item size", () => {
  it("counts names, values and the overhead of documents", () => {
    assert.equal(bytesOfItem({ id: { S: "abc" } }), 5);
    assert.equal(bytesOfItem({ n: { N: "12345" } }), 5);
    assert.equal(bytesOfItem({ flag: { BOOL: true } }), 5);
    assert.equal(bytesOfItem({ é: { B: base64(1, 2) } }), 4);
    assert.equal(bytesOfValue({ L: [{ S: "xy" }] }), 3 + 1 + 2);
    assert.equal(bytesOfValue({ M: { k: { NULL: true } } }), 3 + 1 + 1 + 1);
    assert.equal(bytesOfValue({ SS: ["ab", "c"] }), 3);
    assert.equal(bytesOfValue({ NS: ["1", "100"] }), 4);
  });
});
