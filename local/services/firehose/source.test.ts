/**
 * Reading again exactly what a batch was sealed with, however the source cuts its answers.
 * Does not prove: that a real source gives the same records twice (kinesis.test.ts, firehose.test.ts).
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { recordsUntil, type Positions, type Source } from "./source";

/** A source whose parts hold the records 0, 1, 2 ..., and which gives no more than `most` at a time. */
function sourceOf(lengths: Readonly<Record<string, number>>, most: number, oldest = 0): Source["read"] {
  return async (part, behind) => {
    const from = Math.max(behind === undefined ? 0 : Number(behind) + 1, oldest);
    const to = Math.min(from + most, lengths[part] ?? 0);
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => ({
      sequence: String(from + index),
      arrival: 0,
      data: Buffer.alloc(0),
    }));
  };
}

async function read(source: Source["read"], positions: Positions, until: Positions): Promise<string[]> {
  const seen: string[] = [];
  for await (const [part, { sequence }] of recordsUntil(source, positions, until)) seen.push(`${part}${sequence}`);
  return seen;
}

describe("Reading a sealed batch again", () => {
  it("gives every record of every part within its bounds once, and none beyond", async () => {
    const part = fc.record({ delivered: fc.nat(20), sealed: fc.integer({ min: 1, max: 20 }), beyond: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom("a", "b", "c"), part),
        fc.integer({ min: 1, max: 7 }),
        async (parts, most) => {
          const lengths: Record<string, number> = {};
          const positions: Record<string, string> = {};
          const until: Record<string, string> = {};
          const expected: string[] = [];
          for (const [name, { delivered, sealed, beyond }] of Object.entries(parts)) {
            lengths[name] = delivered + sealed + beyond;
            if (delivered > 0) positions[name] = String(delivered - 1);
            until[name] = String(delivered + sealed - 1);
            expected.push(...Array.from({ length: sealed }, (_, index) => `${name}${delivered + index}`));
          }
          assert.deepEqual((await read(sourceOf(lengths, most), positions, until)).sort(), expected.sort());
        },
      ),
    );
  });

  it("ends where the source keeps the records no longer", async () => {
    assert.deepEqual(await read(sourceOf({ a: 9, b: 3 }, 2, 4), {}, { a: "5", b: "2" }), ["a4", "a5"]);
    assert.deepEqual(await read(sourceOf({ a: 9 }, 2, 7), {}, { a: "5" }), []);
  });
});
