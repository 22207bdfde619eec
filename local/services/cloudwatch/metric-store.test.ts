/**
 * Minutes of metrics, in memory and on disk.
 * Does not prove: durability under a crash, which the segment log's own tests prove.
 */
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { MetricStore, minuteOf } from "./metric-store";
import { KEPT_MINUTES, STATISTICS, statisticOf, type Aggregate } from "./series";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 5, 10);
const RATE = { namespace: "Shop", name: "Rate", dimensions: { Site: "a", Page: "/" } };

const one = (value: number): Aggregate => ({ count: 1, sum: value, min: value, max: value });

describe("The metric store", () => {
  it("adds values up by the minute, in every statistic", () => {
    const store = new MetricStore();
    for (const value of [3, 1, 8]) assert.equal(store.add(RATE, one(value), NOW + value, NOW), undefined);
    store.add(RATE, one(100), NOW + MINUTE, NOW);
    const aggregate = store.find(RATE)?.over(minuteOf(NOW), minuteOf(NOW) + 1);
    assert.ok(aggregate !== undefined);
    assert.deepEqual(
      STATISTICS.map((each) => statisticOf(aggregate, each)),
      [3, 12, 4, 1, 8],
    );
  });

  it("adds minutes up as it adds values up", () => {
    const value = fc.tuple(fc.integer({ min: 0, max: 179 }), fc.integer({ min: -1000, max: 1000 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.nat(179), fc.nat(180), (values, from, length) => {
        const store = new MetricStore();
        const first = minuteOf(NOW) - 179;
        for (const [minute, each] of values) store.add(RATE, one(each), (first + minute) * MINUTE, NOW);
        const inside = values.filter(([minute]) => minute >= from && minute < from + length).map(([, each]) => each);
        const expected =
          inside.length === 0
            ? undefined
            : {
                count: inside.length,
                sum: inside.reduce((sum, each) => sum + each, 0),
                min: Math.min(...inside),
                max: Math.max(...inside),
              };
        assert.deepEqual(store.find(RATE)?.over(first + from, first + from + length), expected);
      }),
    );
  });

  it("knows a metric by its dimensions in any order, and apart by their values", () => {
    const store = new MetricStore();
    store.add(RATE, one(1), NOW, NOW);
    assert.ok(store.find({ ...RATE, dimensions: { Page: "/", Site: "a" } }) !== undefined);
    assert.equal(store.find({ ...RATE, dimensions: { Site: "a" } }), undefined);
    assert.equal(store.find({ ...RATE, dimensions: { Page: "a", Site: "/" } }), undefined);
  });

  it("takes no values from before or far ahead of the time it keeps", () => {
    const store = new MetricStore();
    for (const time of [NOW - (KEPT_MINUTES + 1) * MINUTE, NOW + 121 * MINUTE]) {
      assert.match(store.add(RATE, one(1), time, NOW) ?? "", /180 minutes ago to 120 minutes ahead/);
      assert.match(store.refusalOf(RATE, time, NOW) ?? "", /180 minutes ago/);
    }
    assert.deepEqual(store.list(), []);
  });

  it("takes no more metrics than it has room for, until some are old enough to go", async () => {
    const store = new MetricStore(1);
    store.add(RATE, one(1), NOW, NOW);
    const other = { ...RATE, name: "Other" };
    assert.match(store.add(other, one(1), NOW, NOW) ?? "", /keeps 1 metrics/);
    assert.equal(store.add(RATE, one(1), NOW, NOW), undefined);
    const later = NOW + (KEPT_MINUTES + 60) * MINUTE;
    await store.forget(later);
    assert.equal(store.add(other, one(1), later, later), undefined);
  });

  describe("on disk", () => {
    let folder: string;
    const open = (now = NOW): Promise<MetricStore> => MetricStore.open(folder, now, { sync: false });

    beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "metrics-"))));
    afterEach(() => rm(folder, { recursive: true }));

    it("brings back what was saved, and adds to it", async () => {
      const before = await open();
      before.add(RATE, one(1), NOW, NOW);
      await before.save(NOW);
      before.add(RATE, one(5), NOW, NOW);
      await before.close(NOW);
      const after = await open();
      after.add(RATE, one(3), NOW, NOW);
      assert.deepEqual(after.find(RATE)?.over(minuteOf(NOW), minuteOf(NOW) + 1), { count: 3, sum: 9, min: 1, max: 5 });
      await after.close(NOW);
    });

    it("forgets on disk what it forgets in memory", async () => {
      const before = await open();
      before.add(RATE, one(1), NOW, NOW);
      await before.close(NOW);
      const later = NOW + 2 * KEPT_MINUTES * MINUTE;
      const after = await open(later);
      assert.deepEqual(after.list(), []);
      await after.close(later);
    });

    it("stays small however long it runs", async () => {
      const store = await open();
      const days = 3 * 24 * 60;
      let now = NOW;
      for (let minute = 0; minute < days; minute++, now += MINUTE) {
        for (let site = 0; site < 5; site++) {
          store.add({ ...RATE, dimensions: { Site: String(site).repeat(100) } }, one(minute), now, now);
        }
        if (minute % 10 === 0) await store.save(now);
        if (minute % 60 === 0) await store.forget(now);
      }
      await store.close(now);
      const reopened = await open(now);
      assert.equal(reopened.list().length, 5);
      const bytes = (await readdir(folder)).reduce((total, file) => total + statSync(join(folder, file)).size, 0);
      assert.ok(bytes < 4 * 2 ** 20, `${bytes} bytes`);
      await reopened.close(now);
    });
  });
});
