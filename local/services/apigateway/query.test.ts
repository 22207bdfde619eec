/**
 * Query strings, the hostile ones included.
 * Does not prove: what API Gateway does with a broken escape, which is nowhere written.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { readQuery } from "./query";

describe("A query string", () => {
  const read: readonly (readonly [raw: string, expected: Record<string, string[]>])[] = [
    ["", {}],
    ["a=1&b=2&a=3", { a: ["1", "3"], b: ["2"] }],
    ["a", { a: [""] }],
    ["a=b=c", { a: ["b=c"] }],
    ["=x&&", {}],
    ["a+b=c+d%2B", { "a b": ["c d+"] }],
    ["a=%C3%A9%F0%9F%98%80", { a: ["\u00e9\u{1f600}"] }],
    ["a=%zz&b=%&c=%4&d=%E9", { a: ["%zz"], b: ["%"], c: ["%4"], d: ["\ufffd"] }],
    ["__proto__=1", { ["__proto__"]: ["1"] }],
  ];
  for (const [raw, expected] of read) {
    it(`is read: ${raw}`, () => assert.deepEqual([...readQuery(raw)], Object.entries(expected)));
  }

  it("gives back whatever was encoded into it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }), (name, value) => {
        const raw = new URLSearchParams([[name, value]]).toString();
        assert.deepEqual([...readQuery(raw)], [[name, [value]]]);
      }),
    );
  });

  it("never fails", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (raw) => assert.ok(readQuery(raw) instanceof Map)));
  });
});
