/**
 * The log as its users see it: indices, reads, trims, tails, reopening, against a plain array as the model.
 * Not proven here: crashes and damage (segment-log.crash.test.ts), failing disks (segment-log.failure.test.ts), speed.
 */
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import fc from "fast-check";
import { machineDisk, type Disk } from "./disk";
import { SegmentLog, type SegmentLogOptions } from "./segment-log";
import { inScratchFolder } from "./testing/scratch-folder";

const ALL = { maxEntries: Infinity, maxBytes: Infinity };

/** Everything a log holds, read piece by piece as a consumer does. */
function readAll(log: SegmentLog, limits = ALL): string[] {
  const texts: string[] = [];
  for (let next = log.start; next < log.committed;) {
    for (const { index, payload } of log.read(next, limits)) {
      assert.equal(index, next);
      texts.push(payload.toString());
      next += 1;
    }
  }
  return texts;
}

/** A log of temporary data, opened, used and closed. */
async function withLog<T>(
  options: SegmentLogOptions,
  work: (log: SegmentLog, folder: string) => Promise<T>,
): Promise<T> {
  return inScratchFolder(async (folder) => {
    const log = await SegmentLog.open(folder, { sync: false, ...options });
    try {
      return await work(log, folder);
    } finally {
      await log.close();
    }
  });
}

describe("SegmentLog", () => {
  it("gives dense indices in the order of the calls", async () => {
    await withLog({}, async (log) => {
      const indices = await Promise.all(["a", "b", "c"].map((text) => log.append(Buffer.from(text))));
      assert.deepEqual(indices, [0, 1, 2]);
      assert.equal(await log.appendAll([Buffer.from("d"), Buffer.from("e")]), 3);
      assert.deepEqual(readAll(log), ["a", "b", "c", "d", "e"]);
    });
  });

  it("shows no record before it is committed, and every one after", async () => {
    await withLog({}, async (log) => {
      const appended = log.append(Buffer.from("a"));
      assert.deepEqual([log.committed, log.next], [0, 1]);
      assert.deepEqual(log.read(0, ALL), []);
      await appended;
      assert.deepEqual([log.committed, log.next], [1, 1]);
      assert.equal(log.read(0, ALL).length, 1);
    });
  });

  it("copies the payload, so that the caller may use its buffer again", async () => {
    await withLog({}, async (log) => {
      const buffer = Buffer.from("first");
      const first = log.append(buffer);
      buffer.write("again");
      await Promise.all([first, log.append(buffer)]);
      assert.deepEqual(readAll(log), ["first", "again"]);
    });
  });

  it("takes empty records and records larger than a read, a segment or the tail", async () => {
    await withLog({ segmentBytes: 1000, tailBytes: 1000 }, async (log, folder) => {
      const texts = ["", "x".repeat(6_000_000), "", "y".repeat(2000)];
      for (const text of texts) await log.append(Buffer.from(text));
      assert.deepEqual(readAll(log), texts);
      assert.deepEqual(readAll(log, { maxEntries: 1, maxBytes: 1 }), texts);
      await log.close();
      const reopened = await SegmentLog.open(folder, { sync: false });
      assert.deepEqual(readAll(reopened), texts);
      await reopened.close();
    });
  });

  it("writes and syncs a crowd of appends as one group", async () => {
    let writes = 0;
    let syncs = 0;
    const disk: Disk = {
      ...machineDisk,
      write: (...args) => ((writes += 1), machineDisk.write(...args)),
      sync: (...args) => ((syncs += 1), machineDisk.sync(...args)),
    };
    await withLog({ disk, sync: true }, async (log) => {
      [writes, syncs] = [0, 0];
      const appends = Array.from({ length: 500 }, async (_, index) => {
        for (let pause = index % 20; pause > 0; pause -= 1) await Promise.resolve();
        return log.append(Buffer.from(`record ${index}`));
      });
      await Promise.all(appends);
      assert.deepEqual([writes, syncs], [1, 1]);
      assert.equal(new Set(readAll(log)).size, 500);
    });
  });

  it("acknowledges a record only after its sync, and reads it only then", async () => {
    let finishSync = (): void => {};
    const disk: Disk = { ...machineDisk };
    await withLog({ disk, sync: true }, async (log) => {
      disk.sync = () => new Promise((resolve) => (finishSync = resolve));
      let acknowledged = false;
      const appended = log.append(Buffer.from("a")).then(() => (acknowledged = true));
      const waiting = finishSync;
      while (finishSync === waiting) await new Promise(setImmediate);
      assert.deepEqual([acknowledged, log.committed], [false, 0]);
      finishSync();
      await appended;
      assert.equal(log.committed, 1);
    });
  });

  it("tells its listeners how far it is committed, until they stop listening", async () => {
    await withLog({}, async (log) => {
      const heard: number[] = [];
      const stop = log.onCommit((committed) => heard.push(committed));
      await log.appendAll([Buffer.from("a"), Buffer.from("b")]);
      await log.append(Buffer.from("c"));
      stop();
      await log.append(Buffer.from("d"));
      assert.deepEqual(heard, [2, 3]);
    });
  });

  it("flush resolves when everything appended so far is readable", async () => {
    await withLog({}, async (log) => {
      await log.flush();
      const appends = [log.append(Buffer.from("a")), log.append(Buffer.from("b"))];
      await log.flush();
      assert.equal(log.committed, 2);
      await Promise.all(appends);
    });
  });

  it("close waits for what was appended and refuses what comes later", async () => {
    await withLog({}, async (log, folder) => {
      const appended = log.append(Buffer.from("a"));
      const closed = log.close();
      await assert.rejects(log.append(Buffer.from("b")), /the log is closed; open it again/);
      await assert.rejects(log.trimBefore(0), /the log is closed/);
      await Promise.all([appended, closed]);
      const reopened = await SegmentLog.open(folder, { sync: false });
      assert.deepEqual(readAll(reopened), ["a"]);
      await reopened.close();
    });
  });

  it("refuses reads outside what it holds, senseless limits and records beyond the limit", async () => {
    await withLog({ segmentBytes: 100 }, async (log) => {
      for (let count = 0; count < 10; count += 1) await log.append(Buffer.alloc(60));
      await log.trimBefore(5);
      assert.throws(() => log.read(4, ALL), /no record 4: the log holds 5 up to, not including, 10/);
      assert.throws(() => log.read(11, ALL), /no record 11/);
      assert.throws(() => log.read(Number.NaN, ALL), /no record NaN/);
      assert.throws(() => log.read(5, { maxEntries: 0, maxBytes: 1 }), /at least one entry and one byte, got/);
      await assert.rejects(log.append(new Uint8Array(64 * 1024 * 1024 + 1)), /at most 67108864 are taken/);
      await assert.rejects(log.trimBefore(11), /cannot trim before 11: only 10 records are committed/);
      assert.equal(log.refusal, undefined);
    });
  });

  it("trims whole segments only, for good, and everything when asked to", async () => {
    await withLog({ segmentBytes: 200 }, async (log, folder) => {
      for (let count = 0; count < 20; count += 1) await log.append(Buffer.alloc(50));
      await log.trimBefore(10);
      const { start } = log;
      assert.ok(start > 0 && start <= 10, `starts at ${start}`);
      await log.trimBefore(0);
      assert.equal(log.start, start);
      await log.trimBefore(20);
      assert.deepEqual([log.start, log.committed], [20, 20]);
      assert.deepEqual((await readdir(folder)).sort(), ["0000000000000020.log", "segments"]);
      await log.close();
      const reopened = await SegmentLog.open(folder, { sync: false });
      assert.deepEqual([reopened.start, reopened.committed], [20, 20]);
      assert.equal(await reopened.append(Buffer.from("next")), 20);
      await reopened.close();
    });
  });

  it("trims while records stream in, and readers that keep up miss nothing", async () => {
    await withLog({ segmentBytes: 2000, tailBytes: 500 }, async (log) => {
      let read = 0;
      log.onCommit((committed) => {
        while (read < committed)
          for (const { index } of log.read(read, { maxEntries: 7, maxBytes: 300 })) read = index + 1;
      });
      const trims: Promise<void>[] = [];
      for (let round = 0; round < 200; round += 1) {
        await Promise.all(Array.from({ length: 5 }, () => log.append(Buffer.alloc(40))));
        if (round % 10 === 0) trims.push(log.trimBefore(Math.max(0, log.committed - 50)));
      }
      await Promise.all(trims);
      assert.equal(read, 1000);
      assert.ok(log.bytes < 10_000, `keeps ${log.bytes} bytes`);
    });
  });

  it("reads the same from memory and from disk, at any distance from the end", async () => {
    await withLog({ tailBytes: 300 }, async (log) => {
      for (let count = 1; count <= 60; count += 1) {
        await log.append(Buffer.from(`record ${count}`));
        for (let from = 0; from < count; from += 1) {
          const [entry] = log.read(from, { maxEntries: 1, maxBytes: 1 });
          assert.deepEqual([entry?.index, entry?.payload.toString()], [from, `record ${from + 1}`]);
        }
      }
    });
  });

  it("behaves as an array of records through any appends, reads, trims and reopenings", async () => {
    const size = fc.oneof({ weight: 8, arbitrary: fc.nat(80) }, { weight: 1, arbitrary: fc.nat(40_000) });
    const fraction = fc.double({ min: 0, max: 1, noNaN: true });
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant("append" as const), sizes: fc.array(size, { maxLength: 30 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant("appendAll" as const), sizes: fc.array(size, { maxLength: 30 }) }),
      },
      {
        weight: 5,
        arbitrary: fc.record({
          do: fc.constant("read" as const),
          at: fraction,
          maxEntries: fc.integer({ min: 1, max: 40 }),
          maxBytes: fc.integer({ min: 1, max: 50_000 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("trim" as const), at: fraction }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
    );
    const shape = fc.record({ segmentBytes: fc.integer({ min: 100, max: 60_000 }), tailBytes: fc.nat(20_000) });

    await fc.assert(
      fc.asyncProperty(shape, fc.array(step, { maxLength: 40 }), async (sizes, steps) => {
        await inScratchFolder(async (folder) => {
          const options = { sync: false, ...sizes };
          const model: Buffer[] = [];
          const recordOf = (length: number) => Buffer.alloc(length, `record ${model.length} `);
          let log = await SegmentLog.open(folder, options);
          for (const next of steps) {
            switch (next.do) {
              case "append": {
                const appends = next.sizes.map((length) => {
                  model.push(recordOf(length));
                  return log.append(model.at(-1) ?? Buffer.alloc(0));
                });
                const indices = await Promise.all(appends);
                assert.deepEqual(indices, [...model.keys()].slice(model.length - indices.length));
                break;
              }
              case "appendAll": {
                const first = model.length;
                const records = next.sizes.map(recordOf);
                model.push(...records);
                assert.equal(await log.appendAll(records), first);
                break;
              }
              case "read": {
                const from = log.start + Math.floor(next.at * (log.committed - log.start));
                const entries = log.read(from, next);
                assert.equal(entries.length === 0, from === log.committed);
                assert.ok(entries.length <= next.maxEntries);
                const bytes = entries.reduce((sum, { payload }) => sum + payload.length, 0);
                assert.ok(entries.length === 1 || bytes <= next.maxBytes);
                for (const [offset, { index, payload }] of entries.entries()) {
                  assert.equal(index, from + offset);
                  assert.ok(model[index]?.equals(payload), `record ${index}`);
                }
                break;
              }
              case "trim": {
                const { start, committed } = log;
                const index = start + Math.floor(next.at * (committed - start));
                await log.trimBefore(index);
                assert.ok(log.start >= start && log.start <= index);
                break;
              }
              case "reopen": {
                const { start, bytes } = log;
                await log.close();
                log = await SegmentLog.open(folder, options);
                assert.deepEqual([log.start, log.bytes], [start, bytes]);
                break;
              }
            }
            assert.deepEqual([log.committed, log.next], [model.length, model.length]);
          }
          await log.close();
        });
      }),
      { numRuns: 150 },
    );
  });
});
