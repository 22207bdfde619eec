/**
 * The ordered list against a sorted array, through any sequence of changes, across many chunks.
 * Does not prove: how fast it is.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { OrderedList } from "./ordered-list";

interface Numbered {
  readonly number: number;
  readonly label: string;
}

const listOf = (): OrderedList<Numbered> => new OrderedList((left, right) => left.number - right.number);
const probe = (number: number): Numbered => ({ number, label: "" });

describe("OrderedList", () => {
  it("does what a sorted array does", () => {
    const changes = fc.array(fc.tuple(fc.constantFrom("set", "delete"), fc.integer({ min: 0, max: 60 }), fc.string()), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(changes, fc.integer({ min: -1, max: 61 }), (all, bound) => {
        const list = listOf();
        const model = new Map<number, Numbered>();
        for (const [kind, number, label] of all) {
          const before = model.get(number);
          if (kind === "set") {
            model.set(number, { number, label });
            assert.deepEqual(list.set({ number, label }), before);
          } else {
            model.delete(number);
            assert.deepEqual(list.delete(probe(number)), before);
          }
          assert.deepEqual(list.get(probe(number)), model.get(number));
        }
        const sorted = [...model.values()].sort((left, right) => left.number - right.number);
        assert.deepEqual([...list], sorted);
        assert.equal(list.size, sorted.length);
        assert.deepEqual(
          [...list.from(({ number }) => number >= bound)],
          sorted.filter(({ number }) => number >= bound),
        );
        assert.deepEqual(
          [...list.before(({ number }) => number >= bound)],
          sorted.filter(({ number }) => number < bound).reverse(),
        );
      }),
    );
  });

  for (const [order, numbers] of [
    ["growing", Array.from({ length: 5000 }, (_, index) => index)],
    ["shrinking", Array.from({ length: 5000 }, (_, index) => 4999 - index)],
    ["scattered", Array.from({ length: 5000 }, (_, index) => (index * 7919) % 5000)],
  ] as const) {
    it(`keeps thousands of elements that come ${order}, and loses half of them again`, () => {
      const list = listOf();
      for (const number of numbers) list.set({ number, label: String(number) });
      assert.deepEqual(
        Array.from(list, ({ number }) => number),
        Array.from({ length: 5000 }, (_, index) => index),
      );
      for (const number of numbers) if (number % 2 === 0) list.delete(probe(number));
      assert.equal(list.size, 2500);
      assert.deepEqual(
        Array.from(
          list.before(({ number }) => number > 4321),
          ({ number }) => number,
        ).slice(0, 3),
        [4321, 4319, 4317],
      );
      for (const number of numbers) list.delete(probe(number));
      assert.deepEqual([...list], []);
    });
  }
});
