/**
 * The forest's own logarithms against the engine's. Does not prove that the engine's are right; both would have to err
 * alike.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { binaryLog, exponentialOf, naturalLog } from "./logarithm";

const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
const near = (actual: number, expected: number): void =>
  assert.ok(
    Math.abs(actual - expected) <= 4e-16 * Math.max(1, Math.abs(expected)),
    `${actual} is not near ${expected}`,
  );

describe("logarithm", () => {
  it("agrees with the engine's ln and log2 to the last bits", () => {
    fc.assert(fc.property(positive, (x) => near(naturalLog(x), Math.log(x))));
    fc.assert(fc.property(positive, (x) => near(binaryLog(x), Math.log2(x))));
  });

  it("is exact for powers of two", () => {
    for (let power = -1000; power <= 1000; power += 125) assert.equal(binaryLog(2 ** power), power);
  });

  it("keeps the precision of an exponential variate for tiny numbers", () => {
    for (const v of [2 ** -64, 1e-12, 1e-3, 0.3, 0.4999, 0.5, 0.9, 1 - 2 ** -53]) {
      const expected = -Math.log1p(-v);
      assert.ok(Math.abs(exponentialOf(v) / expected - 1) < 4e-16, `${v}: ${exponentialOf(v)} is not ${expected}`);
    }
  });
});
