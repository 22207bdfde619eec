/**
 * What a crash or a flipped bit may do to a log: every call to the disk as the place of a crash, every byte of the files
 * as the place of damage, and a real process killed under load.
 * Not proven here: a real power failure (its traces are imitated), and that the disk keeps what it said it synced.
 */
import assert from "node:assert/strict";
import { appendFile, cp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { DurableError } from "./durable-error";
import { SegmentLog } from "./segment-log";
import { inScratchFolder } from "./testing/scratch-folder";
import { TroubledDisk } from "./testing/troubled-disk";
import { numbersUntilKilled } from "./testing/killed-process";
import { recordOf } from "./testing/load-writer";

const SEGMENT_BYTES = 600;
const FRAME_HEADER = 12;
const ALL = { maxEntries: Infinity, maxBytes: Infinity };

/** Opens a log and reads all of it, with the notices that opening it gave. */
async function recover(folder: string): Promise<{ start: number; records: Buffer[]; notices: string[] }> {
  const notices: string[] = [];
  const log = await SegmentLog.open(folder, { sync: false, onNotice: (line) => notices.push(line) });
  try {
    const records: Buffer[] = [];
    for (let next = log.start; next < log.committed; next = log.start + records.length) {
      records.push(...log.read(next, ALL).map(({ payload }) => Buffer.from(payload)));
    }
    return { start: log.start, records, notices };
  } finally {
    await log.close();
  }
}

/** A log of three segments, one record per commit, no zero byte in any record. */
async function writeSampleLog(folder: string): Promise<Buffer[]> {
  const log = await SegmentLog.open(folder, { sync: false, segmentBytes: SEGMENT_BYTES });
  const records = Array.from({ length: 12 }, (_, index) => Buffer.alloc(90 + index * 3, `record ${index} `));
  for (const record of records) await log.append(record);
  await log.close();
  return records;
}

async function segmentsOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".log")).sort();
}

describe("a log after a crash", () => {
  for (const throughput of [0, 0.3, 0.9, 1]) {
    it(`keeps every acknowledged record, at whichever call it happens (${throughput * 100} % of the last write done)`, async () => {
      let crashes = 0;
      for (let failsAt = 1, completed = false; !completed; failsAt += 1) {
        await inScratchFolder(async (folder) => {
          const disk = new TroubledDisk(failsAt, "EIO", throughput);
          const acknowledged: number[] = [];
          let trimmed = 0;
          try {
            const log = await SegmentLog.open(folder, { disk, segmentBytes: 400 });
            try {
              for (let round = 0; round < 8; round += 1) {
                const appends = [0, 1, 2].map(() => log.append(recordOf(log.next).subarray(0, 100)));
                acknowledged.push(...(await Promise.all(appends)));
                if (round === 5) await log.trimBefore((trimmed = 10));
                if (round === 6) await log.trimBefore((trimmed = 21));
              }
              completed = true;
            } finally {
              await log.close();
            }
          } catch (error) {
            assert.ok(error instanceof DurableError, String(error));
            crashes += 1;
          }

          const { start, records } = await recover(folder);
          for (const [offset, record] of records.entries()) {
            assert.deepEqual(record, recordOf(start + offset).subarray(0, 100), `record ${start + offset}`);
          }
          assert.ok(start + records.length >= acknowledged.length, `kept ${start + records.length}`);
          assert.ok(start <= trimmed, `starts at ${start}, trimmed before ${trimmed}`);
          assert.deepEqual(await recover(folder), { start, records, notices: [] });
        });
      }
      assert.ok(crashes > 60, `crashed at ${crashes} calls`);
    });
  }

  it("loses exactly the records a shortened file no longer holds whole, and says where", async () => {
    await inScratchFolder(async (folder) => {
      const records = await writeSampleLog(folder);
      const last = (await segmentsOf(folder)).at(-1) ?? "";
      const path = join(folder, last);
      const bytes = await readFile(path);
      const first = Number.parseInt(last, 10);
      const ends = [24];
      for (const { length } of records.slice(first)) ends.push((ends.at(-1) ?? 0) + FRAME_HEADER + length);
      assert.equal(ends.at(-1), bytes.length);

      for (let length = 24; length < bytes.length; length += 1) {
        await writeFile(path, bytes.subarray(0, length));
        const { start, records: kept, notices } = await recover(folder);
        const end = ends.findLast((end) => end <= length) ?? 0;
        assert.deepEqual(kept, records.slice(start, first + ends.indexOf(end)));
        const cut = `${path}: the file ends within a record at byte ${end}: ${length - end} bytes of an unfinished write were cut off`;
        assert.deepEqual(notices, end === length ? [] : [cut]);
      }
    });
  });

  it("goes on where it was cut off", async () => {
    await inScratchFolder(async (folder) => {
      const records = await writeSampleLog(folder);
      await appendFile(join(folder, (await segmentsOf(folder)).at(-1) ?? ""), Buffer.from([200, 0, 0, 0, 1, 2, 3]));
      const log = await SegmentLog.open(folder, { sync: false, onNotice: () => {} });
      assert.equal(await log.append(Buffer.from("next")), records.length);
      await log.close();
      assert.deepEqual((await recover(folder)).records, [...records, Buffer.from("next")]);
    });
  });

  it("cuts off space that was never written before the power failed, and nothing before it", async () => {
    await inScratchFolder(async (base) => {
      const whole = join(base, "whole");
      const log = await SegmentLog.open(whole, { sync: false });
      const acknowledged = Array.from({ length: 20 }, (_, index) => recordOf(index));
      for (const record of acknowledged) await log.append(record);
      const synced = log.bytes;
      await log.appendAll(Array.from({ length: 20 }, (_, index) => recordOf(20 + index)));
      await log.close();
      const [name = ""] = await segmentsOf(whole);
      const bytes = await readFile(join(whole, name));

      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - synced - 1), fc.nat(20_000), async (written, unwritten) => {
          const sector = Math.floor((synced + written) / 512) * 512;
          const zeros = Math.max(synced, sector); // from here on nothing of the last group reached the disk
          const file = Buffer.concat([bytes.subarray(0, zeros), Buffer.alloc(bytes.length - zeros + unwritten)]);
          await writeFile(join(whole, name), file);
          const { records, notices } = await recover(whole);
          assert.ok(records.length >= acknowledged.length && records.length < 40, `kept ${records.length}`);
          for (const [index, record] of records.entries()) assert.deepEqual(record, recordOf(index));
          assert.match(
            notices.join("\n"),
            /^\S+: a record's .* at byte \d+: \d+ bytes of an unfinished write were cut off$/,
          );
        }),
      );
    });
  });
});

describe("a damaged log", () => {
  it("is refused wherever a bit is flipped, naming the file, and never taken for a torn one", async () => {
    await inScratchFolder(async (folder) => {
      await writeSampleLog(folder);
      for (const name of [...(await segmentsOf(folder)), "segments"]) {
        const path = join(folder, name);
        const bytes = await readFile(path);
        for (let at = 0; at < bytes.length; at += 1) {
          const flipped = Buffer.from(bytes);
          flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
          await writeFile(path, flipped);
          await assert.rejects(
            recover(folder),
            (error) => error instanceof DurableError && error.message.includes(path),
          );
        }
        await writeFile(path, bytes);
      }
      assert.equal((await recover(folder)).records.length, 12);
    });
  });

  it("is refused when a segment before the last is cut short anywhere", async () => {
    await inScratchFolder(async (folder) => {
      await writeSampleLog(folder);
      const [name = ""] = await segmentsOf(folder);
      const bytes = await readFile(join(folder, name));
      for (let length = 0; length < bytes.length; length += 1) {
        await writeFile(join(folder, name), bytes.subarray(0, length));
        await assert.rejects(recover(folder), DurableError);
      }
    });
  });

  it("is refused when any of its files is missing, naming what is missing", async () => {
    await inScratchFolder(async (folder) => {
      await writeSampleLog(folder);
      const segments = await segmentsOf(folder);
      assert.equal(segments.length, 3);
      for (const name of [...segments, "segments"]) {
        await rename(join(folder, name), join(folder, "away"));
        await assert.rejects(recover(folder), (error) => error instanceof DurableError && error.message.includes(name));
        await rename(join(folder, "away"), join(folder, name));
      }
      await rename(join(folder, "segments"), join(folder, "away"));
      await rm(join(folder, segments[2] ?? ""));
      await rm(join(folder, segments[1] ?? ""));
      await assert.rejects(recover(folder), /segments: the list of segments is missing/);
    });
  });

  it("is refused with a line that says where and what to do", async () => {
    await inScratchFolder(async (folder) => {
      await writeSampleLog(folder);
      const [name = ""] = await segmentsOf(folder);
      const path = join(folder, name);
      const bytes = await readFile(path);
      const remedy = "put the file back from a copy, or move the log's folder away to begin with an empty one";
      const cases = [
        { at: 0, says: "this is not a segment, or its header is damaged at byte 0" },
        { at: 13, says: "the segment's header is damaged at byte 0" },
        { at: 24, says: "damaged at byte 24 (record 0): a record's header contradicts itself" },
        { at: 40, says: "damaged at byte 24 (record 0): a record's checksum does not match its bytes" },
      ];
      for (const { at, says } of cases) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ 1;
        await writeFile(path, flipped);
        await assert.rejects(recover(folder), { name: "DurableError", message: `${path}: ${says}; ${remedy}` });
      }
    });
  });

  it("is refused when a newer program wrote it", async () => {
    await inScratchFolder(async (folder) => {
      await writeSampleLog(folder);
      const [name = ""] = await segmentsOf(folder);
      const bytes = await readFile(join(folder, name));
      bytes.writeUInt32LE(2, 8);
      await writeFile(join(folder, name), bytes);
      await assert.rejects(recover(folder), /written in format 2, this program reads up to 1; use the newer program/);
      await rm(join(folder, name));
      const list = (await readFile(join(folder, "segments"), "latin1")).replace("segment-list 1", "segment-list 7");
      await writeFile(join(folder, "segments"), list, "latin1");
      await assert.rejects(recover(folder), /written in format 7, this program reads up to 1/);
    });
  });

  it("says so when a record rots while the log is open", async () => {
    await inScratchFolder(async (folder) => {
      const log = await SegmentLog.open(folder, { sync: false, tailBytes: 0 });
      await log.appendAll([Buffer.from("first"), Buffer.from("second")]);
      const path = join(folder, (await segmentsOf(folder))[0] ?? "");
      const bytes = await readFile(path);
      bytes.write("SECOND", bytes.length - 6);
      await writeFile(path, bytes);
      assert.equal(log.read(0, { maxEntries: 1, maxBytes: 100 })[0]?.payload.toString(), "first");
      assert.throws(() => log.read(1, ALL), /record 1 at byte 41 was whole when the log was opened and is damaged now/);
      await log.close();
    });
  });

  it("is refused when records stand in another order than they were written in", async () => {
    await inScratchFolder(async (folder) => {
      const log = await SegmentLog.open(folder, { sync: false });
      await log.appendAll([Buffer.from("first"), Buffer.from("other")]);
      await log.close();
      const path = join(folder, (await segmentsOf(folder))[0] ?? "");
      const bytes = await readFile(path);
      const [first, other] = [bytes.subarray(24, 41), bytes.subarray(41)];
      await writeFile(path, Buffer.concat([bytes.subarray(0, 24), other, first]));
      await assert.rejects(recover(folder), /damaged at byte 24 \(record 0\): a record's header contradicts itself/);
    });
  });

  it("is refused when it holds a segment that its list does not know", async () => {
    await inScratchFolder(async (folder) => {
      await writeSampleLog(folder);
      const [first = "", second = ""] = await segmentsOf(folder);
      await cp(join(folder, first), join(folder, "0000000000009999.log"));
      await assert.rejects(recover(folder), /0000000000009999.log: not in the log's list of segments/);
      await rm(join(folder, "0000000000009999.log"));
      await cp(join(folder, first), join(folder, second));
      await assert.rejects(recover(folder), /the header says the first record is 0, not the name/);
    });
  });
});

describe("a log with remnants of an interrupted trim or change of segments", () => {
  it("removes them and keeps its records", async () => {
    await inScratchFolder(async (base) => {
      const folder = join(base, "log");
      await writeSampleLog(folder);
      const [first = "", ...rest] = await segmentsOf(folder);
      await cp(join(folder, first), join(base, first));
      const log = await SegmentLog.open(folder, { sync: false });
      await log.trimBefore(Number.parseInt(rest[0] ?? "", 10));
      await log.close();
      const { start, records } = await recover(folder);

      await cp(join(base, first), join(folder, first));
      await writeFile(join(folder, "0000000000000012.log"), "CLICKLOG, cut sh");
      assert.deepEqual(await recover(folder), { start, records, notices: [] });
      assert.deepEqual(await segmentsOf(folder), rest);
    });
  });
});

describe("a log whose process is killed under load", () => {
  it("has every acknowledged record, intact and in order, round after round", async function () {
    this.timeout(0);
    await inScratchFolder(async (folder) => {
      let end = 0;
      for (let round = 0; round < 10; round += 1) {
        const indices = await numbersUntilKilled("load-writer.ts", folder);
        assert.ok(indices.length > 0 && indices.every((index, at) => index === (indices[0] ?? 0) + at));
        const { start, records } = await recover(folder);
        for (const [offset, record] of records.entries()) {
          assert.ok(record.equals(recordOf(start + offset)), `record ${start + offset}`);
        }
        assert.ok(start + records.length > (indices.at(-1) ?? 0), `${indices.at(-1)} was acknowledged`);
        assert.ok((indices[0] ?? 0) >= end, "no index was given twice");
        end = start + records.length;
      }
    });
  });
});
