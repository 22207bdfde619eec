/**
 * A state kept in a journal when things go wrong: a disk that refuses, damage, a killed process.
 * Not proven here: a real power failure.
 */
import assert from "node:assert/strict";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DurableError } from "./durable-error";
import { Journal } from "./journal";
import { numbersUntilKilled } from "./testing/killed-process";
import { inScratchFolder } from "./testing/scratch-folder";
import { one, Tally, withTally, type TallyChange, type TallySnapshot } from "./testing/tally";
import { TroubledDisk } from "./testing/troubled-disk";

describe("a journal whose disk refuses", () => {
  it("fails closed: what waits and what comes later is refused, and so is every answer from memory", async () => {
    await inScratchFolder(async (folder) => {
      const tally = new Tally();
      const disk = new TroubledDisk(13, "ENOSPC", 0.5);
      const journal = await Journal.open(folder, tally, { disk });
      await journal.record(one("kept"));
      const full = {
        name: "DurableError",
        message: /changes: cannot be written: the disk is full \(ENOSPC\); nothing/,
      };
      await assert.rejects(
        (async () => {
          for (;;) await journal.record(one("lost"));
        })(),
        full,
      );
      const { total } = tally;
      await assert.rejects(journal.record(one("refused")), full);
      await assert.rejects(journal.settled(), full);
      assert.equal(tally.total, total, "a refused change is not applied");
      assert.match(journal.refusal?.message ?? "", /the disk is full/);
      await journal.close();
      await withTally(folder, { onNotice: () => {} }, (restored) => assert.equal(restored.total, total - 1));
    });
  });

  const paces = [
    { pace: "one by one", total: 12 },
    { pace: "streaming", total: 40 },
  ] as const;
  for (const { pace, total: planned } of paces) {
    it(`is restored to what was acknowledged, at whichever call the disk breaks (changes come ${pace})`, async () => {
      let failures = 0;
      for (let failsAt = 1, completed = false; !completed; failsAt += 1) {
        await inScratchFolder(async (folder) => {
          const tally = new Tally();
          let acknowledged = 0;
          let journal: Journal<TallySnapshot, TallyChange> | undefined;
          try {
            const disk = new TroubledDisk(failsAt, "EIO", 0.5);
            const options = { disk, compactAfterChanges: 3, segmentBytes: 100, onNotice: () => {} };
            const opened = (journal = await Journal.open(folder, tally, options));
            const changes: Promise<unknown>[] = [];
            for (let count = 0; count < planned; count += 1) {
              const change = opened.record(one(`change ${count}`)).then(() => (acknowledged += 1));
              changes.push(pace === "one by one" ? change : change.catch(() => undefined));
              await (pace === "one by one" ? change : new Promise(setImmediate));
            }
            await Promise.all(changes);
            await opened.close();
            completed = disk.calls < failsAt;
          } catch (error) {
            assert.ok(error instanceof DurableError, String(error));
          } finally {
            await journal?.close();
          }
          if (!completed) failures += 1;
          await withTally(folder, { onNotice: () => {} }, ({ total, counts }) => {
            assert.ok(total >= acknowledged && total <= tally.total, `${acknowledged} <= ${total} <= ${tally.total}`);
            const expected = Array.from({ length: total }, (_, count) => [`change ${count}`, 1]);
            assert.deepEqual([...counts], expected, "each of them once");
          });
        });
      }
      assert.ok(failures > 10, `failed at ${failures} calls`);
    });
  }
});

describe("a damaged journal", () => {
  /** A journal with a snapshot of six changes and two changes behind it. */
  async function writeSample(folder: string): Promise<void> {
    const options = { compactAfterChanges: 5, segmentBytes: 100 };
    await withTally(folder, options, async (_, journal) => {
      for (let count = 0; count < 8; count += 1) await journal.record(one("a"));
    });
  }

  it("is refused wherever a bit of its snapshot is flipped", async () => {
    await inScratchFolder(async (folder) => {
      await writeSample(folder);
      const path = join(folder, "snapshot");
      const bytes = await readFile(path);
      for (let at = 0; at < bytes.length; at += 1) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        await writeFile(path, flipped);
        await assert.rejects(
          withTally(folder, {}, () => {}),
          (error) => error instanceof DurableError && error.message.startsWith(`${path}: `),
        );
      }
      for (let length = 0; length < bytes.length; length += 1) {
        await writeFile(path, bytes.subarray(0, length));
        await assert.rejects(
          withTally(folder, {}, () => {}),
          DurableError,
        );
      }
      await writeFile(path, bytes);
      await withTally(folder, {}, (tally) => assert.deepEqual([tally.total, tally.applied], [8, 2]));
    });
  });

  it("says what is wrong with the snapshot and what to do", async () => {
    await inScratchFolder(async (folder) => {
      await writeSample(folder);
      const path = join(folder, "snapshot");
      const text = await readFile(path, "latin1");
      const remedy =
        "put the file back from a copy; the changes before it are no longer in the log, so without it the state is lost";
      await writeFile(path, text.replace('"total":6', '"total":9'), "latin1");
      await assert.rejects(
        withTally(folder, {}, () => {}),
        ({ message }: Error) =>
          /^\S+snapshot: damaged: checksum [0-9a-f]{8} where [0-9a-f]{8} was written; /.test(message) &&
          message.endsWith(remedy),
      );
    });
  });

  it("is refused when the snapshot is missing or does not fit the log", async () => {
    await inScratchFolder(async (folder) => {
      await writeSample(folder);
      await rename(join(folder, "snapshot"), join(folder, "away"));
      await assert.rejects(
        withTally(folder, {}, () => {}),
        /the snapshot ends before change 0, but the log holds changes 6 up to, not including, 8/,
      );
      await rename(join(folder, "away"), join(folder, "snapshot"));
      await rm(join(folder, "changes"), { recursive: true });
      await assert.rejects(
        withTally(folder, {}, () => {}),
        /the snapshot ends before change 6, but the log holds changes 0 up to, not including, 0/,
      );
    });
  });

  it("is refused when the state does not understand a change, while recording and while restoring", async () => {
    await inScratchFolder(async (folder) => {
      await withTally(folder, {}, async (tally, journal) => {
        await journal.record(one("a"));
        const refusal = /the state could not take a recorded change: b cannot be counted by -1; this is a fault of the/;
        await assert.rejects(journal.record({ name: "b", by: -1 }), refusal);
        await assert.rejects(journal.settled(), refusal);
        await assert.rejects(journal.record(one("a")), refusal);
        assert.equal(tally.total, 1);
      });
      const picky = new Tally();
      picky.apply = () => {
        throw new Error("unknown kind of change");
      };
      await assert.rejects(
        Journal.open(folder, picky, { sync: false }),
        /could not take a recorded change: unknown kind/,
      );
    });
  });
});

describe("a journal whose process is killed under load", () => {
  it("has every acknowledged change once, round after round", async function () {
    this.timeout(0);
    await inScratchFolder(async (folder) => {
      let total = 0;
      for (let round = 0; round < 5; round += 1) {
        const acknowledged = await numbersUntilKilled("tally-writer.ts", folder);
        assert.equal(acknowledged[0], total + 1);
        await withTally(folder, { onNotice: () => {} }, (tally) => {
          assert.ok(tally.total >= (acknowledged.at(-1) ?? 0));
          const counted = [...tally.counts.values()].reduce((sum, count) => sum + count, 0);
          assert.equal(counted, tally.total);
          total = tally.total;
        });
      }
    });
  });
});
