/**
 * Pages of keys against a list made without paging.
 * Does not prove: that the lists of AWS break where these do; only what they hold together.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { listKeys, readToken, writeToken, type Item } from "./listing";
import { KeyList } from "./store/key-order";

const anyKey = fc.string({ unit: fc.constantFrom("a", "b", "/", "-", "é"), minLength: 1, maxLength: 6 });
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function listOf(keys: readonly string[]): KeyList {
  const list = new KeyList();
  keys.forEach((key) => list.add(key));
  return list;
}

describe("A listing in pages", () => {
  it("holds every visible key once, alone or in its common prefix, in order, whatever the size of a page", () => {
    const anyPrefix = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 2 });
    const request = fc.record({
      prefix: anyPrefix,
      delimiter: fc.constantFrom("", "/", "a/", "b"),
      most: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(anyKey), fc.array(anyKey), request, (visible, hidden, { prefix, delimiter, most }) => {
        const isVisible = (key: string): boolean => visible.includes(key);
        const expected = new Set(
          [...visible].sort(byBytes).flatMap((key) => {
            if (!key.startsWith(prefix)) return [];
            const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
            return [cut < 0 ? `key ${key}` : `prefix ${key.slice(0, cut + delimiter.length)}`];
          }),
        );
        const keys = listOf([...visible, ...hidden]);
        const seen: string[] = [];
        let after: Item | undefined;
        do {
          const page = listKeys(keys, { prefix, delimiter, after, most }, isVisible);
          assert.ok(page.keys.length + page.commonPrefixes.length <= most);
          const items = [
            ...page.keys.map((key) => `key ${key}`),
            ...page.commonPrefixes.map((each) => `prefix ${each}`),
          ];
          seen.push(...items);
          after = page.last === undefined ? undefined : readToken(writeToken(page.last));
          assert.equal(after === undefined, page.last === undefined, "a token can be read back");
        } while (after !== undefined);
        assert.equal(new Set(seen).size, seen.length, "nothing stands twice");
        assert.deepEqual(new Set(seen), expected);
      }),
    );
  });

  it("goes on behind what it showed when keys come and go meanwhile", () => {
    const keys = listOf(["a", "b", "c", "d"]);
    const first = listKeys(keys, { prefix: "", delimiter: "", after: undefined, most: 2 }, () => true);
    keys.delete("b");
    keys.add("aa");
    keys.add("bb");
    const second = listKeys(keys, { prefix: "", delimiter: "", after: first.last, most: 9 }, () => true);
    assert.deepEqual(
      [first.keys, second.keys],
      [
        ["a", "b"],
        ["bb", "c", "d"],
      ],
    );
  });

  it("takes no token that it did not give", () => {
    for (const token of ["", "x", "bnVsbA", Buffer.from('{"key":7}').toString("base64url")]) {
      assert.equal(readToken(token), undefined);
    }
  });
});
