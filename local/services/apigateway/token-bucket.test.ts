/**
 * Throttling on the clock.
 * Does not prove: AWS's own throttling, which is spread over machines and less exact.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { TokenBucket } from "./token-bucket";

const admitted = (bucket: TokenBucket, times: readonly number[]): number =>
  times.filter((time) => bucket.admits(time)).length;

describe("A token bucket", () => {
  it("admits a burst at once, then at its rate", () => {
    const bucket = new TokenBucket(10, 5, 0);
    assert.equal(admitted(bucket, Array<number>(20).fill(0)), 5);
    assert.equal(admitted(bucket, [50, 99]), 0);
    assert.equal(admitted(bucket, [100, 100]), 1);
    assert.equal(admitted(bucket, Array<number>(20).fill(10_000)), 5);
  });

  it("never admits more than its burst and what its rate gave since", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 300 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 50 }), (steps, rate, burst) => {
        let now = 0;
        const bucket = new TokenBucket(rate, burst, 0);
        const count = admitted(
          bucket,
          steps.map((gap) => (now += gap)),
        );
        assert.ok(count <= burst + (now * rate) / 1000 + 1e-6);
      }),
    );
  });
});
