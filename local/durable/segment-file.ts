/**
 * A segment on disk: a header of 24 bytes (little endian), then frames without gaps.
 *
 *    0  magic "CLICKLOG"     12  u64  index of the first record
 *    8  u32  format          20  u32  CRC-32 of the 20 bytes before
 *
 * Torn or damaged? A group of records is written only after the group before it was synced, so a crash can leave only
 * the last group unfinished, and an unfinished write always reaches to the end of the last file: the file ends before
 * the frame does (killed process, full disk), or from some sector on there are only zeros (space the file system gave
 * to the file before a power failure, never written). Such a tail was never acknowledged; it may be cut off. Everything
 * else is damage to bytes that were once whole: a frame that is complete and wrong, a header that contradicts itself,
 * any fault that further frames follow. It is never cut, because acknowledged records would go with it.
 */
import { open, type FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import { crc32 } from "node:zlib";
import { writeFully, type Disk } from "./disk";
import { DurableError } from "./durable-error";
import { FrameCursor } from "./frame";

export const SEGMENT_HEADER_BYTES = 24;

const FORMAT = 1;
const MAGIC = Buffer.from("CLICKLOG");
const WINDOW_BYTES = 1024 * 1024;
const SECTOR_BYTES = 512;

/** The path of the segment whose first record has this index; names sort as their indices do. */
export function segmentPath(folder: string, first: number): string {
  return join(folder, `${String(first).padStart(16, "0")}.log`);
}

/** The first index a segment's file name stands for, `undefined` for any other file. */
export function firstIndexOf(fileName: string): number | undefined {
  return /^\d{16}\.log$/.test(fileName) ? Number.parseInt(fileName, 10) : undefined;
}

/** Creates an empty segment, on disk with its name, and leaves it open for writing. */
export async function createSegmentFile(disk: Disk, folder: string, first: number): Promise<FileHandle> {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(FORMAT, 8);
  header.writeBigUInt64LE(BigInt(first), 12);
  header.writeUInt32LE(crc32(header.subarray(0, 20)), 20);

  const file = await open(segmentPath(folder, first), "w");
  try {
    await writeFully(disk, file, header, 0);
    await disk.sync(file);
    await disk.syncFolder(folder);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** What a segment holds, as far as it is whole. */
export interface SegmentContent {
  /** The index behind the last whole record. */
  readonly end: number;
  /** The position behind the last whole record, in bytes. */
  readonly size: number;
  /** Why the file goes on behind `size`, if it does. */
  readonly fault?: SegmentFault;
}

export interface SegmentFault {
  readonly kind: "torn" | "damaged";
  /** How much of the file lies behind the last whole record. */
  readonly bytes: number;
  readonly what: string;
}

/** Reads a whole segment and checks every byte of it; `onRecord` hears of each whole record, in order. */
export async function checkSegment(
  path: string,
  onRecord: (index: number, position: number) => void,
): Promise<SegmentContent> {
  const file = await open(path, "r");
  try {
    const fileSize = (await file.stat()).size;
    const first = readHeader(path, await readAt(file, Buffer.alloc(SEGMENT_HEADER_BYTES), 0));
    return await checkFrames(file, fileSize, first, onRecord);
  } finally {
    await file.close();
  }
}

async function checkFrames(
  file: FileHandle,
  fileSize: number,
  first: number,
  onRecord: (index: number, position: number) => void,
): Promise<SegmentContent> {
  let window = Buffer.allocUnsafeSlow(Math.min(WINDOW_BYTES, fileSize - SEGMENT_HEADER_BYTES));
  let size = SEGMENT_HEADER_BYTES;
  let end = first;
  while (size < fileSize) {
    const cursor = new FrameCursor(await readAt(file, window, size), 0, end);
    let state = cursor.look();
    while (state === "whole" && cursor.intact) {
      onRecord(cursor.index, size + cursor.offset);
      cursor.advance();
      state = cursor.look();
    }
    size += cursor.offset;
    end = cursor.index;
    const frameEnd = size + cursor.frameBytes;
    if (state === "short" && frameEnd <= fileSize) {
      if (cursor.frameBytes > window.length) window = Buffer.alloc(cursor.frameBytes);
    } else if (size < fileSize) {
      const torn = state === "short" || (await isUnwritten(file, fileSize, size, frameEnd));
      const what = FAULTS[state];
      return { end, size, fault: { kind: torn ? "torn" : "damaged", bytes: fileSize - size, what } };
    }
  }
  return { end, size };
}

const FAULTS = {
  short: "the file ends within a record",
  damaged: "a record's header contradicts itself",
  whole: "a record's checksum does not match its bytes",
} as const;

/** Whether the file holds only zeros from the frame's start, or from a sector that begins within the frame, to its end. */
async function isUnwritten(file: FileHandle, fileSize: number, frameStart: number, frameEnd: number): Promise<boolean> {
  const lastSector = Math.floor((frameEnd - 1) / SECTOR_BYTES) * SECTOR_BYTES;
  const from = Math.max(frameStart, lastSector);
  return (await readAt(file, Buffer.alloc(fileSize - from), from)).every((byte) => byte === 0);
}

/** The first index that a segment's header states, which must be the one its name states. */
function readHeader(path: string, header: Buffer): number {
  const refuse = (what: string) => new DurableError(`${path}: ${what} at byte 0; ${DAMAGE_REMEDY}`);
  if (header.length < SEGMENT_HEADER_BYTES) throw refuse("the segment's header is cut short");
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw refuse("this is not a segment, or its header is damaged");
  const format = header.readUInt32LE(8);
  if (format > FORMAT) {
    throw new DurableError(
      `${path}: written in format ${format}, this program reads up to ${FORMAT}; use the newer program that wrote it`,
    );
  }
  if (crc32(header.subarray(0, 20)) !== header.readUInt32LE(20)) throw refuse("the segment's header is damaged");
  const first = Number(header.readBigUInt64LE(12));
  if (first !== firstIndexOf(basename(path)))
    throw refuse(`the header says the first record is ${first}, not the name`);
  return first;
}

/** What to do about bytes that were whole once. */
export const DAMAGE_REMEDY = "put the file back from a copy, or move the log's folder away to begin with an empty one";

async function readAt(file: FileHandle, target: Buffer, position: number): Promise<Buffer> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return target.subarray(0, filled);
}
