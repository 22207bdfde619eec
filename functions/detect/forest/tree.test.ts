/**
 * One tree, grown and cut back: its invariants after any history, and its distribution against trees built from the whole
 * set at once, by code that shares nothing with it. Does not prove scores (score.test.ts).
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Arena, EMPTY } from "./arena";
import { CutDraws, sequenceKey, treeKeys } from "./draws";
import { Insertion } from "./insertion";
import { Removal } from "./removal";
import { meanOf, normalStream, take, uniformStream } from "./test-streams";

type Point = readonly number[];

/** Trees over points of one arena, each with its own draws. */
class Grove {
  readonly arena: Arena;
  readonly #draws = new CutDraws();
  readonly #insertion: Insertion;
  readonly #removal: Removal;
  readonly #keys: Uint32Array;
  #sequence = 0;

  constructor(trees: number, samples: number, size: number, seed = 1) {
    this.arena = new Arena(trees, samples, size);
    this.#insertion = new Insertion(this.arena, this.#draws);
    this.#removal = new Removal(this.arena);
    this.#keys = treeKeys(seed, trees);
  }

  insert(point: Point): void {
    const key = sequenceKey(this.#sequence++);
    for (let tree = 0; tree < this.arena.trees; tree++) {
      this.#draws.start(this.#keys[tree]!, key);
      this.#insertion.insert(tree, Float64Array.from(point));
    }
  }

  remove(point: Point): void {
    for (let tree = 0; tree < this.arena.trees; tree++) {
      const leaf = this.arena.find(tree, Float64Array.from(point));
      assert.notEqual(leaf, null, "a point that was inserted is not found");
      this.#removal.remove(tree, leaf!);
    }
  }

  points(reference: number): Point[] {
    const { arena } = this;
    if (reference >= 0)
      return [...this.points(arena.child[2 * reference]!), ...this.points(arena.child[2 * reference + 1]!)];
    const at = arena.size * ~reference;
    return new Array<Point>(arena.copies[~reference]!).fill([...arena.point.subarray(at, at + arena.size)]);
  }

  /** Asserts everything that a tree promises, for each of its nodes. */
  check(reference: number): void {
    const { arena } = this;
    if (reference < 0) return;
    const [left, right] = [arena.child[2 * reference]!, arena.child[2 * reference + 1]!];
    const points = this.points(reference);
    assert.equal(arena.mass[reference], points.length, "a mass is not the number of points below");
    let span = 0;
    for (let i = 0; i < arena.size; i++) {
      const values = points.map((point) => point[i]!);
      assert.equal(-arena.reachOf(reference, 2 * i), Math.min(...values), "a box is not tight below");
      assert.equal(arena.reachOf(reference, 2 * i + 1), Math.max(...values), "a box is not tight above");
      span += Math.max(...values) - Math.min(...values);
    }
    assert.equal(arena.span[reference], span);
    const on = arena.cutOn[reference]!;
    const at = arena.cutAt[reference]!;
    assert.ok(
      this.points(left).every((point) => point[on]! <= at) && this.points(right).every((point) => point[on]! > at),
    );
    this.check(left);
    this.check(right);
  }

  /** Displacement of a point (Guha et al., 2016): the most a sibling outweighs the subtree with the point. */
  displacement(tree: number, point: Point): number {
    const { arena } = this;
    const depth = arena.descend(tree, Float64Array.from(point));
    let most = 0;
    for (let level = depth; level > 0; level--) {
      const own = arena.massOf(arena.path[level]!);
      most = Math.max(most, (arena.massOf(arena.path[level - 1]!) - own) / own);
    }
    return most;
  }
}

/** The same displacement in a tree cut from the whole set at once. */
function batchDisplacement(points: readonly Point[], point: Point, uniform: () => number): number {
  let most = 0;
  let set = points;
  const sizes = [set.length];
  while (set.some((other) => other.some((x, i) => x !== point[i]))) {
    const ranges = point.map((_, i) => {
      const values = set.map((other) => other[i]!);
      return { min: Math.min(...values), length: Math.max(...values) - Math.min(...values) };
    });
    let rest = uniform() * ranges.reduce((sum, { length }) => sum + length, 0);
    let on = 0;
    for (; rest >= ranges[on]!.length && on < ranges.length - 1; on++) rest -= ranges[on]!.length;
    const cut = ranges[on]!.min + rest;
    set = set.filter((other) => other[on]! <= cut === point[on]! <= cut);
    sizes.push(set.length);
  }
  for (let level = 1; level < sizes.length; level++)
    most = Math.max(most, (sizes[level - 1]! - sizes[level]!) / sizes[level]!);
  return most;
}

/** Asserts that two samples have the same mean, within three of its deviations. */
function assertSameMean(a: readonly number[], b: readonly number[]): void {
  const variance = (values: readonly number[]): number =>
    meanOf(values.map((x) => (x - meanOf(values)) ** 2)) / values.length;
  const distance = Math.abs(meanOf(a) - meanOf(b)) / Math.sqrt(variance(a) + variance(b));
  assert.ok(distance < 3, `means ${meanOf(a)} and ${meanOf(b)} are ${distance} deviations apart`);
}

const sorted = (points: readonly Point[]): string[] => points.map((point) => point.join()).sort();

describe("tree", () => {
  it("keeps masses, boxes and cuts right through any insertions and removals, repeats included", () => {
    const coordinate = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    const history = fc.integer({ min: 1, max: 4 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        seed: fc.nat(),
        steps: fc.array(
          fc.record({
            point: fc.array(coordinate, { minLength: size, maxLength: size }).map((p) => p.map((x) => x + 0)),
            removes: fc.option(fc.nat(), { freq: 1, nil: undefined }),
          }),
          { maxLength: 40, size: "max" },
        ),
      }),
    );
    fc.assert(
      fc.property(history, ({ size, seed, steps }) => {
        const grove = new Grove(2, 40, size, seed);
        const held: Point[] = [];
        for (const { point, removes } of steps) {
          if (removes !== undefined && held.length > 0) grove.remove(held.splice(removes % held.length, 1)[0]!);
          else {
            grove.insert(point);
            held.push(point);
          }
          for (let tree = 0; tree < 2; tree++) {
            const root = grove.arena.root[tree]!;
            if (held.length === 0) assert.equal(root, EMPTY);
            else {
              grove.check(root);
              assert.deepEqual(sorted(grove.points(root)), sorted(held));
            }
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("parts points even where their difference is the smallest there is", () => {
    for (const [a, b] of [
      [1, 1 + Number.EPSILON],
      [0, Number.MIN_VALUE],
      [-1e300, 1e300],
    ] as const) {
      const grove = new Grove(50, 10, 1);
      for (const x of [a, b]) grove.insert([x]);
      for (let tree = 0; tree < 50; tree++) grove.check(grove.arena.root[tree]!);
    }
  });

  it("is the same tree again after a point came and went", () => {
    const normal = normalStream(5);
    const grove = new Grove(20, 60, 3);
    for (const point of take(50, () => take(3, normal))) grove.insert(point);
    const picture = (reference: number): unknown =>
      reference < 0
        ? grove.points(reference)
        : [
            grove.arena.cutOn[reference],
            grove.arena.cutAt[reference],
            picture(grove.arena.child[2 * reference]!),
            picture(grove.arena.child[2 * reference + 1]!),
          ];
    const before = [...grove.arena.root].map(picture);
    for (const point of take(10, () => take(3, normal))) {
      grove.insert(point);
      grove.remove(point);
    }
    assert.deepEqual([...grove.arena.root].map(picture), before);
  });

  for (const order of [
    [0, 1, 3],
    [3, 0, 1],
    [1, 3, 0],
    [0, 2, 1, 3, -2],
  ]) {
    it(`cuts gaps in proportion to their length, points coming as ${order.join(", ")}`, () => {
      const trees = 6000;
      const grove = new Grove(trees, 10, 1);
      for (const x of order) grove.insert([x]);
      for (const x of order) if (![0, 1, 3].includes(x)) grove.remove([x]);
      let low = 0;
      for (let tree = 0; tree < trees; tree++) if (grove.arena.cutAt[grove.arena.root[tree]!]! < 1) low++;
      const deviations = (low - trees / 3) / Math.sqrt((trees * 2) / 9);
      assert.ok(Math.abs(deviations) < 3.5, `the gap of 1 in 3 was cut ${low} times of ${trees}`);
    });
  }

  it("displaces a point as trees built from the whole set do, whether grown or cut back to it", () => {
    const normal = normalStream(11);
    const uniform = uniformStream(12);
    const points = take(30, () => take(2, normal));
    const outlier = [4, -1];
    const trees = 1500;
    const batch = take(trees, () => batchDisplacement([...points, outlier], outlier, uniform));
    const grown = new Grove(trees, 40, 2, 21);
    for (const point of [...points, outlier]) grown.insert(point);
    const cutBack = new Grove(trees, 50, 2, 22);
    const extra = take(15, () => take(2, normal));
    for (const point of [outlier, ...extra, ...points]) cutBack.insert(point);
    for (const point of extra) cutBack.remove(point);
    for (const grove of [grown, cutBack])
      assertSameMean(
        Array.from({ length: trees }, (_, tree) => grove.displacement(tree, outlier)),
        batch,
      );
  });
});
