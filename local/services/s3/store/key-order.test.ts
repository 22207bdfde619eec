/**
 * The order of keys, and the list that keeps them in it, against plain sorting of bytes.
 * Does not prove: anything about keys that are not well-formed; S3 takes none.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { compareKeys, KeyList } from "./key-order";

/** Keys that share prefixes, and that UTF-16 and UTF-8 sort differently. */
const anyKey = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom("a", "b", "/", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"),
    maxLength: 6,
  }),
);

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe("The order of keys", () => {
  it("is that of their UTF-8 bytes", () => {
    fc.assert(fc.property(anyKey, anyKey, (a, b) => assert.equal(Math.sign(compareKeys(a, b)), byBytes(a, b))));
  });

  it("is kept by a list through any additions and removals", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), anyKey)), (steps) => {
        const list = new KeyList();
        const expected = new Set<string>();
        for (const [adds, key] of steps) {
          if (adds) list.add(key);
          else list.delete(key);
          if (adds) expected.add(key);
          else expected.delete(key);
        }
        const kept = Array.from({ length: list.length }, (_, index) => list.at(index));
        assert.deepEqual(kept, [...expected].sort(byBytes));
      }),
    );
  });

  it("puts all keys of a prefix side by side", () => {
    fc.assert(
      fc.property(fc.array(anyKey), anyKey, (keys, prefix) => {
        const list = new KeyList();
        keys.forEach((key) => list.add(key));
        const [from, to] = [list.from(prefix), list.afterPrefix(prefix)];
        const beside = Array.from({ length: to - from }, (_, index) => list.at(from + index));
        assert.deepEqual(new Set(beside), new Set(keys.filter((key) => key.startsWith(prefix))));
      }),
    );
  });
});
