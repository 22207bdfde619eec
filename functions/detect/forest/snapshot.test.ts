/**
 * Snapshots: the restored forest goes on as the one that wrote it, and damage is refused. Damage that a 32-bit check lets
 * through by chance (once in 2^32) is not looked for.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ForestError, MODES, RandomCutForest, SNAPSHOT_VERSION, type ForestParameters } from ".";
import { checksum } from "./bytes";
import { normalStream, rateStream, take, uniformStream } from "./test-streams";

const grown = (parameters: Partial<ForestParameters>, rows: number): RandomCutForest => {
  const forest = new RandomCutForest(parameters);
  const normal = normalStream(rows);
  for (let i = 0; i < rows; i++) forest.update(take(forest.parameters.dimensions, normal));
  return forest;
};

const messageOf = (bytes: Uint8Array, expected: Partial<ForestParameters> = {}): string => {
  try {
    RandomCutForest.restore(bytes, expected);
  } catch (error) {
    assert.ok(error instanceof ForestError, String(error));
    return error.message;
  }
  return "accepted";
};

/** The snapshot with some bytes changed and its check made right again. */
const forged = (bytes: Uint8Array, change: (copy: DataView) => void): Uint8Array => {
  const copy = bytes.slice();
  change(new DataView(copy.buffer));
  new DataView(copy.buffer).setUint32(copy.length - 4, checksum(copy.subarray(0, -4)), true);
  return copy;
};

describe("snapshot", () => {
  it("restores a forest whose next thousand scores are the same, bit for bit", () => {
    for (const parameters of [
      { samples: 12 },
      { samples: 256, trees: 20 },
      { samples: 32, trees: 10, mode: "rcf", timeDecay: 40, seed: 2 ** 53 - 1 },
      { samples: 64, trees: 10, dimensions: 3, shingle: 4 },
    ] as const) {
      const forest = grown(parameters, 700);
      const restored = RandomCutForest.restore(forest.snapshot());
      assert.deepEqual(restored.parameters, forest.parameters);
      const normal = normalStream(99);
      for (let i = 0; i < 1000; i++) {
        const row = take(forest.parameters.dimensions, normal);
        assert.equal(restored.scoreAndUpdate(row), forest.scoreAndUpdate(row));
      }
      const missing = new Array<number>(forest.parameters.dimensions).fill(NaN);
      assert.deepEqual(restored.attribute(missing), forest.attribute(missing));
      assert.deepEqual(restored.snapshot(), forest.snapshot());
    }
  });

  it("may be taken at any moment, with repeats, gaps and forgotten points, and changes nothing", () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 4 }),
      fc.constant(NaN),
      fc.double({ min: -9, max: 9, noNaN: true }),
    );
    const run = fc.record({
      parameters: fc.record({
        trees: fc.constant(3),
        samples: fc.integer({ min: 10, max: 14 }),
        timeDecay: fc.integer({ min: 15, max: 60 }),
        shingle: fc.integer({ min: 1, max: 3 }),
        mode: fc.constantFrom(...MODES),
        seed: fc.nat(),
      }),
      steps: fc.array(fc.tuple(value, fc.constantFrom("update", "update", "update", "forget", "restore")), {
        maxLength: 90,
        size: "max",
      }),
    });
    fc.assert(
      fc.property(run, ({ parameters, steps }) => {
        const forest = new RandomCutForest(parameters);
        let other = new RandomCutForest(parameters);
        for (const [row, act] of steps) {
          if (act === "restore") other = RandomCutForest.restore(other.snapshot(), parameters);
          else for (const each of [forest, other]) each[act](row);
          assert.equal(other.score(row), forest.score(row));
        }
        assert.deepEqual(other.snapshot(), forest.snapshot());
      }),
    );
  });

  it("of 100 trees and 12 samples stays under 27 KB, after a million rows as well", () => {
    const forest = new RandomCutForest({ samples: 12 });
    const uniform = uniformStream(5);
    for (let i = 0; i < 300_000; i++) forest.update(uniform());
    assert.ok(forest.snapshot().length < 24_600, String(forest.snapshot().length));
    const rates = new RandomCutForest({ samples: 12 });
    for (const rate of take(3000, rateStream(1, 50))) rates.update(rate);
    assert.ok(rates.snapshot().length < 18_000, String(rates.snapshot().length));
  });

  it("survives the counts of a stream far beyond 2^32 rows", () => {
    const bytes = grown({ trees: 3, samples: 10 }, 100).snapshot();
    const late = forged(bytes, (view) => {
      for (const at of [40, 48]) view.setFloat64(at, 2 ** 40, true);
    });
    const [forest, twin] = [RandomCutForest.restore(late), RandomCutForest.restore(late)];
    for (const row of take(500, uniformStream(2))) {
      forest.update(row);
      assert.ok(forest.score(row) >= 0);
    }
    for (const row of take(500, uniformStream(2))) twin.update(row);
    assert.deepEqual(RandomCutForest.restore(forest.snapshot()).snapshot(), twin.snapshot());
  });

  it("is refused with any one byte changed", () => {
    const bytes = grown({ trees: 3, samples: 10 }, 40).snapshot();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const copy = bytes.slice();
        copy[at]! ^= flip;
        assert.match(messageOf(copy), /^snapshot/);
      }),
      { numRuns: 1000 },
    );
  });

  it("is refused when cut short or lengthened, and when it is something else", () => {
    const bytes = grown({ trees: 3, samples: 10 }, 40).snapshot();
    for (let length = 0; length < bytes.length; length++)
      assert.match(messageOf(bytes.slice(0, length)), /^snapshot must/);
    assert.match(messageOf(Uint8Array.from([...bytes, 0, 0, 0, 0])), /bytes of/);
    assert.match(messageOf(new Uint8Array(1000)), /got bytes of another kind/);
    assert.match(messageOf("text" as unknown as Uint8Array), /got "text"/);
  });

  it("of a newer format is refused as such", () => {
    const bytes = grown({ trees: 3, samples: 10 }, 40).snapshot();
    const newer = forged(bytes, (view) => view.setUint16(4, SNAPSHOT_VERSION + 1, true));
    assert.equal(
      messageOf(newer),
      `snapshot.version must be 1..${SNAPSHOT_VERSION}, got ${SNAPSHOT_VERSION + 1}; it was written by a newer release: restore it with that release, or start a new forest`,
    );
  });

  it("of other parameters than expected is refused with each that differs", () => {
    const bytes = grown({ trees: 3, samples: 10 }, 40).snapshot();
    assert.equal(messageOf(bytes, { trees: 3, samples: 10 }), "accepted");
    assert.deepEqual(messageOf(bytes, { trees: 100, samples: 10, mode: "rcf" }).split("\n"), [
      "snapshot.trees must be 100, got 3; restore with the parameters it was written with, or start a new forest",
      'snapshot.mode must be "rcf", got "kda"; restore with the parameters it was written with, or start a new forest',
    ]);
  });

  it("is refused, never half believed, when forged to pass its check", () => {
    const bytes = grown({ trees: 3, samples: 10, dimensions: 2, shingle: 2 }, 40).snapshot();
    fc.assert(
      fc.property(fc.integer({ min: 6, max: bytes.length - 5 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const copy = forged(bytes, (view) => view.setUint8(at, view.getUint8(at) ^ flip));
        try {
          const forest = RandomCutForest.restore(copy);
          for (let i = 0; i < 30; i++) assert.ok(Number.isFinite(forest.scoreAndUpdate([i, -i])));
        } catch (error) {
          assert.ok(error instanceof ForestError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is refused when its cuts do not part its points as they say", () => {
    const uniform = uniformStream(8);
    const rows = take(60, () => take(2, uniform));
    const forest = new RandomCutForest({ trees: 1, samples: 40, dimensions: 2 });
    for (const row of rows) forest.update(row);
    const bytes = forest.snapshot();
    const leaves = 56 + 9 * 2 * 60 + 4 + 10 * 39;
    let refused = 0;
    for (let coordinate = 0; coordinate < 80; coordinate++)
      for (const value of [-0.1, 0.25, 0.5, 0.75, 1.1]) {
        const changed = forged(bytes, (view) => view.setFloat64(leaves + 8 * coordinate, value, true));
        if (messageOf(changed) !== "accepted") refused++;
        else {
          const view = new DataView(changed.buffer);
          const leaf = leaves + 16 * (coordinate >> 1);
          const point = [view.getFloat64(leaf, true), view.getFloat64(leaf + 8, true)];
          assert.equal(RandomCutForest.restore(changed).forget(point), 1);
        }
      }
    assert.ok(refused > 100, String(refused));
  });

  it("may begin anywhere in a larger buffer", () => {
    const bytes = grown({ trees: 3, samples: 10 }, 40).snapshot();
    const buffer = new Uint8Array(bytes.length + 7);
    buffer.set(bytes, 3);
    assert.deepEqual(RandomCutForest.restore(buffer.subarray(3, 3 + bytes.length)).snapshot(), bytes);
  });
});
