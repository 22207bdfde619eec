/**
 * A state kept in a journal: order, durability, replay, compaction.
 * Not proven here: failing disks, damage and killed processes (journal.failure.test.ts), and that a service awaits
 * `record` and `settled` before it answers.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import type { Codec } from "./codec";
import { DurableError } from "./durable-error";
import { Journal } from "./journal";
import { inScratchFolder } from "./testing/scratch-folder";
import { one, Tally, withTally, type TallyChange, type TallySnapshot } from "./testing/tally";

describe("Journal", () => {
  it("applies a change at once, in the order of the calls, and resolves when it is on disk", async () => {
    await inScratchFolder(async (folder) => {
      await withTally(folder, {}, async (tally, journal) => {
        const first = journal.record({ name: "a", by: 2 });
        assert.deepEqual(tally.snapshot(), { total: 1, counts: { a: 2 } });
        const second = journal.record({ name: "b", by: 3 });
        assert.deepEqual(Object.keys(tally.snapshot().counts), ["a", "b"]);
        await Promise.all([first, second]);
        await withTally(folder, {}, (restored) => assert.deepEqual(restored.snapshot(), tally.snapshot()));
      });
    });
  });

  it("settled resolves when everything the state shows is on disk", async () => {
    await inScratchFolder(async (folder) => {
      await withTally(folder, {}, async (_, journal) => {
        await journal.settled();
        let recorded = false;
        void journal.record(one("a")).then(() => (recorded = true));
        await journal.settled();
        await new Promise(setImmediate);
        assert.ok(recorded);
      });
    });
  });

  it("gives the state the change as it will be read back, and shares no value with its caller", async () => {
    await inScratchFolder(async (folder) => {
      const applied: unknown[] = [];
      const subject = {
        restore: () => {},
        apply: (change: unknown) => void applied.push(change),
        snapshot: () => null,
      };
      const journal = await Journal.open<null, unknown>(folder, subject, { sync: false });
      const change = { at: new Date(0), list: [1], absent: undefined };
      await journal.record(change);
      change.list.push(2);
      assert.deepEqual(applied, [{ at: "1970-01-01T00:00:00.000Z", list: [1] }]);
      await journal.close();
    });
  });

  it("refuses a change it cannot encode, and nothing happened", async () => {
    await inScratchFolder(async (folder) => {
      const subject = { restore: () => {}, apply: () => assert.fail("applied"), snapshot: () => null };
      const journal = await Journal.open<null, unknown>(folder, subject, { sync: false });
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      await assert.rejects(journal.record(cycle), TypeError);
      await assert.rejects(journal.record("x".repeat(64 * 1024 * 1024)), /at most 67108864 are taken/);
      assert.equal(journal.refusal, undefined);
      await journal.close();
    });
  });

  it("keeps bytes where it is given a codec for them", async () => {
    await inScratchFolder(async (folder) => {
      const bytes: Codec<Uint8Array> = { encode: (value) => value, decode: (value) => Uint8Array.from(value) };
      const open = async (state: { value: Uint8Array }) =>
        Journal.open<Uint8Array, Uint8Array>(
          folder,
          {
            restore: (snapshot) => (state.value = snapshot ?? new Uint8Array()),
            apply: (change) => (state.value = change),
            snapshot: () => state.value,
          },
          { sync: false, changes: bytes, snapshots: bytes, compactAfterChanges: 0 },
        );
      const state = { value: new Uint8Array() };
      const journal = await open(state);
      await journal.record(Uint8Array.of(0, 255, 128));
      await journal.close();
      const restored = { value: new Uint8Array() };
      await (await open(restored)).close();
      assert.deepEqual(restored.value, Uint8Array.of(0, 255, 128));
    });
  });

  it("is restored to the very state it had, through any changes, compactions and reopenings", async () => {
    const change = fc.record({ name: fc.constantFrom("a", "b", "c", "ü"), by: fc.nat(5) });
    const session = fc.record({
      batches: fc.array(fc.array(change, { maxLength: 20 }), { maxLength: 10 }),
      compactAfterChanges: fc.nat(60),
      segmentBytes: fc.integer({ min: 100, max: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(session, { maxLength: 5 }), async (sessions) => {
        await inScratchFolder(async (folder) => {
          let expected: TallySnapshot = { total: 0, counts: {} };
          for (const { batches, ...options } of sessions) {
            await withTally(folder, options, async (tally, journal) => {
              assert.deepEqual(tally.snapshot(), expected);
              for (const batch of batches) await Promise.all(batch.map((change) => journal.record(change)));
              expected = tally.snapshot();
            });
          }
          await withTally(folder, {}, (tally) => assert.deepEqual(tally.snapshot(), expected));
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe("a journal that grows", () => {
  it("writes a snapshot beyond its bound and replays only what came after", async () => {
    await inScratchFolder(async (folder) => {
      const options = { compactAfterChanges: 100, segmentBytes: 1000 };
      await withTally(folder, options, async (_, journal) => {
        for (let count = 0; count < 250; count += 1) await journal.record(one("a"));
      });
      await withTally(folder, options, (tally) => {
        assert.equal(tally.total, 250);
        assert.ok(tally.applied <= 101, `replayed ${tally.applied}`);
      });
    });
  });

  it("counts bytes too, and keeps its folder bounded", async () => {
    await inScratchFolder(async (folder) => {
      const options = { compactAfterBytes: 5000, segmentBytes: 1000 };
      await withTally(folder, options, async (_, journal) => {
        await Promise.all(Array.from({ length: 300 }, () => journal.record(one("a"))));
      });
      assert.deepEqual(await readdir(join(folder, "changes")), ["0000000000000300.log", "segments"]);
      await withTally(folder, options, (tally) => assert.deepEqual([tally.total, tally.applied], [300, 0]));
    });
  });

  it("writes a snapshot that is due when it closes", async () => {
    await inScratchFolder(async (folder) => {
      await withTally(folder, {}, async (_, journal) => {
        await Promise.all(Array.from({ length: 300 }, () => journal.record(one("a"))));
      });
      await withTally(folder, { compactAfterChanges: 299 }, (tally) => assert.equal(tally.applied, 300));
      await withTally(folder, {}, (tally) => assert.deepEqual([tally.total, tally.applied], [300, 0]));
    });
  });

  it("does not wait for a pause for ever", async () => {
    await inScratchFolder(async (folder) => {
      const options = { compactAfterChanges: 10, segmentBytes: 200 };
      let recorded = 0;
      await withTally(folder, options, async (_, journal) => {
        const changes: Promise<void>[] = [];
        while (!existsSync(join(folder, "snapshot"))) {
          assert.ok(changes.length < 100_000, "no snapshot under steady load");
          changes.push(journal.record(one("a"))); // one per turn of the event loop: there is always one in flight
          await new Promise(setImmediate);
        }
        await Promise.all(changes);
        recorded = changes.length;
      });
      await withTally(folder, options, (tally) => assert.equal(tally.total, recorded));
    });
  });

  it("goes on without a snapshot where none can be written, says so, and tries again", async () => {
    await inScratchFolder(async (folder) => {
      const notices: string[] = [];
      const tally = new Tally();
      let broken = true;
      const subject = {
        restore: (snapshot: TallySnapshot | undefined) => tally.restore(snapshot),
        apply: (change: TallyChange) => tally.apply(change),
        snapshot: () => (broken ? assert.fail("no snapshot today") : tally.snapshot()),
      };
      const options = { sync: false, compactAfterChanges: 10, onNotice: (line: string) => notices.push(line) };
      const journal = await Journal.open(folder, subject, options);
      for (let count = 0; count < 11; count += 1) await journal.record(one("a"));
      assert.deepEqual(notices, [
        `${folder}: no snapshot could be written: no snapshot today; no change is lost, the log keeps them and a snapshot is tried again later`,
      ]);
      broken = false;
      for (let count = 0; count < 11; count += 1) await journal.record(one("a"));
      await journal.close();
      assert.deepEqual([notices.length, journal.refusal instanceof DurableError], [1, true]);
      await withTally(folder, {}, (restored) => assert.deepEqual([restored.total, restored.applied], [22, 0]));
    });
  });
});
