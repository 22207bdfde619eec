/** Paths into JSON: what they find, and that what is put where one leads is found there. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "./json";
import { parsePath, PathError, place, select } from "./path";

const DOCUMENT: Json = {
  a: { b: [1, { c: "x" }, [2, 3]], "odd key": true, "quote'd": 4 },
  list: [10, 20, 30, 40],
  c: "top",
  none: null,
};

const FOUND: readonly (readonly [string, Json | undefined])[] = [
  ["$", DOCUMENT],
  ["$.a.b[0]", 1],
  ["$.a.b[1].c", "x"],
  ["$['a']['odd key']", true],
  ['$["a"]["odd key"]', true],
  ["$.a['quote\\'d']", 4],
  ["$.list[-1]", 40],
  ["$.list[1:3]", [20, 30]],
  ["$.list[:2]", [10, 20]],
  ["$.list[-2:]", [30, 40]],
  ["$.list[*]", [10, 20, 30, 40]],
  ["$.a.*", [[1, { c: "x" }, [2, 3]], true, 4]],
  ["$..c", ["top", "x"]],
  ["$.none", null],
  ["$.missing", undefined],
  ["$.c.d", undefined],
  ["$.list[9]", undefined],
  ["$.missing[*]", []],
];

describe("A path", () => {
  for (const [source, found] of FOUND) {
    it(`${source} finds ${found === undefined ? "nothing" : JSON.stringify(found).slice(0, 40)}`, () =>
      assert.deepEqual(select(parsePath(source), DOCUMENT), found));
  }

  for (const source of [
    "",
    "a",
    "$.",
    "$.a[",
    "$[?(@.a)]",
    "$.a.b()",
    "$a b",
    "$.a[1,2]",
    "$[(@.length-1)]",
    "$.a..",
    "$.list[::2]",
  ]) {
    it(`${JSON.stringify(source)} is refused`, () => assert.throws(() => parsePath(source), PathError));
  }

  it("leads to the input, the context object or a variable", () => {
    assert.deepEqual(
      ["$.a", "$$.a", "$name.a"].map((source) => parsePath(source).root),
      ["input", "context", { variable: "name" }],
    );
  });

  it("to one place finds what was put there, and leaves everything else", () => {
    const name = fc.string({ minLength: 1, maxLength: 6 }).filter((text) => text !== "__proto__");
    const document = fc.dictionary(name, fc.jsonValue(), { maxKeys: 4 });
    fc.assert(
      fc.property(document, fc.array(name, { minLength: 1, maxLength: 4 }), fc.jsonValue(), (drawn, names, value) => {
        const before = JSON.parse(JSON.stringify(drawn)) as Record<string, Json>;
        const source = `$${names.map((each) => `['${each.replace(/[\\']/g, "\\$&")}']`).join("")}`;
        const path = parsePath(source);
        const original = structuredClone(before);
        let after: Json;
        try {
          after = place(path, before, JSON.parse(JSON.stringify(value)) as Json);
        } catch (error) {
          assert.ok(error instanceof PathError);
          return;
        }
        assert.deepEqual(select(path, after), JSON.parse(JSON.stringify(value)));
        assert.deepEqual(before, original);
        const [first = ""] = names;
        for (const [key, kept] of Object.entries(before)) {
          if (key !== first) assert.deepEqual((after as Record<string, Json>)[key], kept);
        }
      }),
    );
  });
});
