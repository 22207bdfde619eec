/**
 * What the log does when the disk refuses: nothing acknowledged is lost, nothing refused is read, and it fails closed.
 * Not proven here: that a real disk reports its failures; which errors a given file system gives.
 */
import assert from "node:assert/strict";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { machineDisk } from "./disk";
import { DurableError } from "./durable-error";
import { SegmentLog } from "./segment-log";
import { inScratchFolder } from "./testing/scratch-folder";
import { TroubledDisk } from "./testing/troubled-disk";

const ALL = { maxEntries: Infinity, maxBytes: Infinity };
const FIRST_SEGMENT = "0000000000000000.log";

const textsOf = (log: SegmentLog) => log.read(0, ALL).map(({ payload }) => payload.toString());

/** A disk that can be broken and mended while the log is open. */
function breakableDisk(): { disk: typeof machineDisk; breakWith: (trouble: TroubledDisk | undefined) => void } {
  let trouble: TroubledDisk | undefined;
  return {
    disk: {
      write: (...args) => (trouble ?? machineDisk).write(...args),
      truncate: (...args) => (trouble ?? machineDisk).truncate(...args),
      sync: (...args) => (trouble ?? machineDisk).sync(...args),
      syncFolder: (...args) => (trouble ?? machineDisk).syncFolder(...args),
    },
    breakWith: (next) => (trouble = next),
  };
}

describe("a log whose disk refuses", () => {
  const troubles = [
    { code: "ENOSPC", says: "the disk is full (ENOSPC)" },
    { code: "EROFS", says: "the file system is read-only (EROFS)" },
    { code: "EIO", says: "the disk reports an input/output error (EIO)" },
    { code: "EDQUOT", says: "the disk quota is used up (EDQUOT)" },
  ];
  for (const { code, says } of troubles) {
    it(`refuses what waits and what comes later, in one line: ${code}`, async () => {
      await inScratchFolder(async (folder) => {
        const { disk, breakWith } = breakableDisk();
        const log = await SegmentLog.open(folder, { disk });
        await log.append(Buffer.from("kept"));
        breakWith(new TroubledDisk(1, code, 0.5));
        const refusal = {
          name: "DurableError",
          message: `${folder}: cannot be written: ${says}; nothing acknowledged is lost, but no more records are taken until the cause is removed and the log is opened again`,
        };
        const first = log.append(Buffer.from("refused"));
        const second = new Promise(setImmediate).then(() => log.append(Buffer.from("refused too")));
        await Promise.all([assert.rejects(first, refusal), assert.rejects(second, refusal)]);

        breakWith(undefined);
        await assert.rejects(log.append(Buffer.from("too late")), refusal);
        await assert.rejects(log.flush(), refusal);
        await assert.rejects(log.trimBefore(0), refusal);
        assert.equal(log.refusal?.message, refusal.message);
        assert.deepEqual([log.committed, log.next], [1, 1]);
        assert.equal(textsOf(log).join(), "kept");
        await log.close();
      });
    });
  }

  it("still reads what it has, and takes records again after it was opened anew", async () => {
    await inScratchFolder(async (folder) => {
      const { disk, breakWith } = breakableDisk();
      const log = await SegmentLog.open(folder, { disk });
      await log.append(Buffer.from("kept"));
      breakWith(new TroubledDisk(1, "ENOSPC", 0.9));
      await assert.rejects(log.append(Buffer.from("refused")), DurableError);
      assert.equal(textsOf(log).join(), "kept");
      await log.close();

      const notices: string[] = [];
      const reopened = await SegmentLog.open(folder, { onNotice: (line) => notices.push(line) });
      assert.equal(await reopened.append(Buffer.from("next")), 1);
      assert.equal(textsOf(reopened).join(), "kept,next");
      assert.equal(notices.length, 1);
      await reopened.close();
    });
  });

  it("takes back at once what a failed sync leaves in the file", async () => {
    await inScratchFolder(async (folder) => {
      const { disk, breakWith } = breakableDisk();
      const log = await SegmentLog.open(folder, { disk });
      await log.append(Buffer.from("kept"));
      const { size } = await stat(join(folder, FIRST_SEGMENT));
      const trouble = new TroubledDisk(2, "EIO");
      trouble.truncate = (file, size) => machineDisk.truncate(file, size);
      breakWith(trouble);
      await assert.rejects(log.append(Buffer.from("whole in the file, but not synced")), /input\/output error/);
      assert.equal((await stat(join(folder, FIRST_SEGMENT))).size, size);
      await log.close();
    });
  });

  it("goes on with a write that the disk takes in pieces", async () => {
    await inScratchFolder(async (folder) => {
      const disk = {
        ...machineDisk,
        write: (...[file, bytes, position]: Parameters<typeof machineDisk.write>) =>
          machineDisk.write(file, bytes.subarray(0, 7), position),
      };
      const log = await SegmentLog.open(folder, { disk });
      await log.append(Buffer.from("a record that needs several writes"));
      await log.close();
      const reopened = await SegmentLog.open(folder);
      assert.equal(reopened.read(0, ALL)[0]?.payload.toString(), "a record that needs several writes");
      await reopened.close();
    });
  });

  it("fails closed when a trim or a new segment cannot be written, and loses nothing", async () => {
    await inScratchFolder(async (folder) => {
      const { disk, breakWith } = breakableDisk();
      const log = await SegmentLog.open(folder, { disk, segmentBytes: 100 });
      for (let count = 0; count < 4; count += 1) await log.append(Buffer.alloc(60, `${count}`));
      breakWith(new TroubledDisk(2, "ENOSPC"));
      await assert.rejects(log.append(Buffer.alloc(60)), /the disk is full/);
      await log.close();

      breakWith(undefined);
      const reopened = await SegmentLog.open(folder, { disk, segmentBytes: 100 });
      assert.deepEqual([reopened.start, reopened.committed], [0, 4]);
      breakWith(new TroubledDisk(1, "ENOSPC"));
      await assert.rejects(reopened.trimBefore(2), /the disk is full/);
      await assert.rejects(reopened.append(Buffer.alloc(60)), /the disk is full/);
      await reopened.close();

      breakWith(undefined);
      const last = await SegmentLog.open(folder, { disk });
      assert.deepEqual([last.start, last.committed], [0, 4]);
      await last.close();
    });
  });

  it("writes nothing more after a failure, not even what was waiting already", async () => {
    await inScratchFolder(async (folder) => {
      let isBroken = false;
      const disk = {
        ...machineDisk,
        async write(...[file, bytes, position]: Parameters<typeof machineDisk.write>): Promise<number> {
          if (!isBroken) return machineDisk.write(file, bytes, position);
          isBroken = false;
          throw Object.assign(new Error("once"), { code: "ENOSPC" });
        },
      };
      const log = await SegmentLog.open(folder, { disk });
      await log.append(Buffer.from("kept"));
      isBroken = true;
      const trim = log.trimBefore(1);
      const append = log.append(Buffer.from("waiting"));
      await Promise.all([assert.rejects(trim, /the disk is full/), assert.rejects(append, /the disk is full/)]);
      assert.equal(isBroken, false, "the disk would take it now");
      await log.close();
      const reopened = await SegmentLog.open(folder);
      assert.equal(textsOf(reopened).join(), "kept");
      await reopened.close();
    });
  });

  it("is refused in one line where its folder cannot be made or read", async () => {
    await inScratchFolder(async (folder) => {
      const file = join(folder, "file");
      await writeFile(file, "not a folder");
      const message = `${file}: the log cannot be opened: a file of that name is in the way (EEXIST)`;
      await assert.rejects(SegmentLog.open(file), { name: "DurableError", message });
      await assert.rejects(
        SegmentLog.open(join(file, "log")),
        /the log cannot be opened: a part of the path is a file/,
      );
      assert.equal(await readFile(file, "utf8"), "not a folder");
      await assert.rejects(SegmentLog.open(join(folder, "log"), { disk: new TroubledDisk(1, "EROFS") }), /read-only/);
      assert.deepEqual(await readdir(join(folder, "log")), []);
    });
  });
});
