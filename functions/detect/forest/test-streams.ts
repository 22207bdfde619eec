/** Random streams for the forest's tests: repeatable, and independent of the generator under test. */

/** Uniform numbers in [0, 1). */
export function uniformStream(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1_013_904_223) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 0x1_0000_0000;
  };
}

/** Normal numbers, mean 0, deviation 1. */
export function normalStream(seed: number): () => number {
  const uniform = uniformStream(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Click-through rates in percent of windows of so many impressions. */
export function rateStream(seed: number, impressions: number, chance = 0.1): () => number {
  const uniform = uniformStream(seed);
  return () => {
    let clicks = 0;
    for (let i = 0; i < impressions; i++) if (uniform() < chance) clicks++;
    return (100 * clicks) / impressions;
  };
}

export const take = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);

export const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

export const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

export function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}
