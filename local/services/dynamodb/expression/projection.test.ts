/**
 * Projections: which parts of an item they keep, and what is refused.
 * Does not prove: the order in which AWS answers attributes, which it leaves open.
 */
import assert from "node:assert/strict";
import type { Item } from "../value/attribute-value";
import { Placeholders } from "./placeholders";
import { projected, readProjection } from "./projection";

describe("Projection", () => {
  const item: Item = {
    a: { M: { b: { S: "b" }, c: { M: { d: { S: "d" } } }, e: { S: "e" } } },
    l: { L: [{ S: "0" }, { M: { x: { S: "x" }, y: { S: "y" } } }, { S: "2" }] },
    z: { N: "1" },
  };
  const project = (text: string, names?: Record<string, string>): Item =>
    projected(item, readProjection(text, new Placeholders(names, undefined)));

  it("keeps attributes, parts of maps, and elements of lists, which close ranks in their order", () => {
    assert.deepEqual(project("z, missing_one"), { z: { N: "1" } });
    assert.deepEqual(project("a.b, a.c.d"), { a: { M: { b: { S: "b" }, c: { M: { d: { S: "d" } } } } } });
    assert.deepEqual(project("l[2], l[0]"), { l: { L: [{ S: "0" }, { S: "2" }] } });
    assert.deepEqual(project("l[1].y"), { l: { L: [{ M: { y: { S: "y" } } }] } });
    assert.deepEqual(project("#a.#b", { "#a": "a", "#b": "e" }), { a: { M: { e: { S: "e" } } } });
  });

  it("keeps nothing of what is not there, or is no map or list", () => {
    assert.deepEqual(project("a.nowhere, l[9], z.inside, toString"), {});
  });

  it("refuses paths that lie in each other, and what is no path", () => {
    const clash =
      /^Invalid ProjectionExpression: Two document paths overlap with each other; .* path one: \[a\], path two: \[a, b\]$/;
    assert.throws(() => project("a, a.b"), { message: clash });
    assert.throws(() => project("#x, #y", { "#x": "a", "#y": "a" }), { message: /overlap/ });
    assert.throws(() => project("a,"), {
      message: 'Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","',
    });
    assert.throws(() => project("a b"), {
      message: 'Invalid ProjectionExpression: Syntax error; token: "b", near: "a b"',
    });
    assert.throws(() => project("size(a)"), { message: /reserved keyword: size/ });
  });
});
