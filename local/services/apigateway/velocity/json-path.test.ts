/**
 * The part of JSONPath that templates use.
 * Does not prove: the rest of JSONPath, which is refused.
 */
import assert from "node:assert/strict";
import { jsonPath } from "./json-path";
import { fromJson, TemplateError, toJson } from "./value";

const DOCUMENT = fromJson({ a: { "b-c": [1, { d: "x" }, { d: "y" }] }, "e f": true, list: [] });

describe("A JSON path", () => {
  const found: readonly (readonly [path: string, expected: string])[] = [
    ["$", toJson(DOCUMENT)],
    ["$.a.b-c[0]", "1"],
    ["$.a['b-c'][1].d", `"x"`],
    [`$["e f"]`, "true"],
    ["$.a.b-c[*].d", `["x","y"]`],
    ["$.a.*[0]", "[1]"],
    ["$.list", "[]"],
    ["$.list[0]", "null"],
    ["$.missing.deeper", "null"],
    ["$.a.b-c.d", "null"],
  ];
  for (const [path, expected] of found)
    it(`finds ${expected} at ${path}`, () => assert.equal(toJson(jsonPath(path)(DOCUMENT)), expected));

  it("finds what is made when it is written", () => {
    const document = fromJson({ Records: [{ toJSON: () => ({ Data: "eA==" }) }] });
    assert.equal(toJson(jsonPath("$.Records[0].Data")(document)), `"eA=="`);
  });

  for (const path of ["a.b", "$..a", "$.a[?(@.b)]", "$.a[1:2]", "$.a[-1]", "$.", "$a", "", "$.a b"]) {
    it(`is refused: ${path}`, () => assert.throws(() => jsonPath(path), TemplateError));
  }
});
