/**
 * The methods of Java's String, Map and List, against values from Java's documentation.
 * Does not prove: methods that are not listed; those are refused.
 */
import assert from "node:assert/strict";
import { callMethod } from "./java-method";
import { fromJson, print, TemplateError, type Value } from "./value";

describe("A string", () => {
  const calls: readonly (readonly [text: string, method: string, args: Value[], expected: Value])[] = [
    ["", "length", [], 0],
    ["\u{1f600}", "length", [], 2],
    ["", "isEmpty", [], true],
    ["abc", "contains", ["b"], true],
    ["a.c", "contains", ["."], true],
    ["404", "matches", ["4\\d{2}"], true],
    ["4040", "matches", ["4\\d{2}"], false],
    ["a", "equals", ["a"], true],
    ["1", "equals", [1], false],
    ["a", "equals", [null], false],
    ["Ab", "equalsIgnoreCase", ["aB"], true],
    ["abc", "startsWith", ["ab"], true],
    ["abc", "endsWith", ["bc"], true],
    ["abcb", "indexOf", ["b"], 1],
    ["abc", "indexOf", ["x"], -1],
    ["abcb", "lastIndexOf", ["b"], 3],
    ["abc", "substring", [1], "bc"],
    ["abc", "substring", [1, 2], "b"],
    ["abc", "substring", [3], ""],
    ["a.b.c", "replace", [".", "$&"], "a$&b$&c"],
    ["a.b.c", "replaceAll", [".", "-"], "-----"],
    ["AbC", "toLowerCase", [], "abc"],
    ["AbC", "toUpperCase", [], "ABC"],
    ["\u0001\t a b\u00a0 \n", "trim", [], "a b\u00a0"],
    ["abc", "toString", [], "abc"],
    ["ab", "concat", ["c"], "abc"],
  ];
  for (const [text, method, args, expected] of calls) {
    it(`${JSON.stringify(text)}.${method}(${args.map(print).join(", ")}) is ${print(expected)}`, () => {
      assert.deepEqual(callMethod(text, method, args), expected);
    });
  }

  it("splits into a list", () => {
    assert.equal(print(callMethod("a, b", "split", [",\\s*"])), "[a, b]");
  });

  it("fails where Java throws", () => {
    assert.throws(() => callMethod("abc", "substring", [2, 1]), TemplateError);
    assert.throws(() => callMethod("abc", "substring", [4]), TemplateError);
    assert.throws(() => callMethod("abc", "substring", [-1]), TemplateError);
    assert.throws(() => callMethod("abc", "constructor", []), TemplateError);
    assert.throws(() => callMethod("abc", "__proto__", []), TemplateError);
  });
});

describe("A map", () => {
  const map = (): Map<string, Value> =>
    new Map<string, Value>([
      ["a", 1],
      ["b", null],
    ]);

  it("answers for its keys", () => {
    assert.equal(callMethod(map(), "get", ["a"]), 1);
    assert.equal(callMethod(map(), "get", ["__proto__"]), null);
    assert.equal(callMethod(map(), "containsKey", ["b"]), true);
    assert.equal(callMethod(map(), "containsKey", ["toString"]), false);
    assert.equal(callMethod(map(), "size", []), 2);
    assert.equal(callMethod(map(), "isEmpty", []), false);
    assert.equal(print(callMethod(map(), "keySet", [])), "[a, b]");
    assert.equal(print(callMethod(map(), "entrySet", [])), "[a=1, b=null]");
    assert.equal(print(callMethod(map(), "toString", [])), "{a=1, b=null}");
  });

  it("is changed by put, which gives back what was there", () => {
    const changed = map();
    assert.equal(callMethod(changed, "put", ["a", 2]), 1);
    assert.equal(callMethod(changed, "put", ["c", 3]), null);
    assert.equal(print(changed), "{a=2, b=null, c=3}");
  });
});

describe("A list", () => {
  it("answers for its places and grows", () => {
    const list = fromJson([1, "x"]) as Value[];
    assert.equal(callMethod(list, "add", [true]), true);
    assert.equal(callMethod(list, "size", []), 3);
    assert.equal(callMethod(list, "get", [2]), true);
    assert.equal(callMethod(list, "contains", ["x"]), true);
    assert.equal(callMethod(list, "contains", ["1"]), false);
    assert.equal(callMethod(list, "isEmpty", []), false);
    assert.throws(() => callMethod(list, "get", [3]), TemplateError);
  });
});
