/**
 * Which segments belong to a log. Within the chain each begins where the one before ends; a small list beside them names
 * the first and the last, so that a segment that went missing is noticed at the ends too, where no gap shows it.
 *
 * The list changes before old segments are removed, and after a new one is created but before a record goes into it:
 * whatever a crash leaves outside the list holds no record that is still wanted.
 */
import { open, readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { readCheckedFile, writeCheckedFile } from "./checked-file";
import type { Disk } from "./disk";
import { DurableError } from "./durable-error";
import { Segment } from "./segment";
import {
  createSegmentFile,
  DAMAGE_REMEDY,
  firstIndexOf,
  SEGMENT_HEADER_BYTES,
  segmentPath,
  type SegmentFault,
} from "./segment-file";

interface Ends {
  readonly first: number;
  readonly last: number;
}

const listFile = (folder: string) => ({ kind: "segment-list", path: join(folder, "segments"), remedy: DAMAGE_REMEDY });

/** Sets down which segments belong to the log. */
export async function writeSegmentList(disk: Disk, folder: string, { first, last }: Ends): Promise<void> {
  await writeCheckedFile(disk, listFile(folder), Buffer.from(`${first} ${last}\n`));
}

/** The segments of the log in a folder, checked and ready to read: those that are full, and the one to write on. */
export async function openSegments(
  disk: Disk,
  folder: string,
  onNotice: (line: string) => void,
): Promise<{ closed: Segment[]; active: Segment }> {
  const ends = (await readSegmentList(folder)) ?? (await beginLog(disk, folder));
  const found = await findSegments(folder);
  await removeRemnants(folder, found, ends);

  const closed: Segment[] = [];
  for (let first = ends.first; ;) {
    if (!found.includes(first)) throw gap(folder, first);
    const segment = new Segment(folder, first);
    const fault = await segment.load();
    if (first === ends.last) {
      if (fault !== undefined) onNotice(await cutOff(disk, segment, fault));
      return { closed, active: segment };
    }
    if (fault !== undefined) throw damage(segment, fault);
    if (segment.isEmpty || segment.end > ends.last) throw gap(folder, segment.end);
    closed.push(segment);
    first = segment.end;
  }
}

async function readSegmentList(folder: string): Promise<Ends | undefined> {
  const body = await readCheckedFile(listFile(folder));
  if (body === undefined) return undefined;
  const [first = Number.NaN, last = Number.NaN] = body.toString("latin1").split(" ").map(Number);
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) {
    throw new DurableError(`${join(folder, "segments")}: names no first and last segment; ${DAMAGE_REMEDY}`);
  }
  return { first, last };
}

/** A log that has no list yet is new, or was left while it was being created: then it holds no record. */
async function beginLog(disk: Disk, folder: string): Promise<Ends> {
  const found = await findSegments(folder);
  const [only = 0] = found;
  if (found.length > 1 || only !== 0 || (found.length === 1 && (await holdsRecords(folder, only)))) {
    throw new DurableError(`${join(folder, "segments")}: the list of segments is missing; ${DAMAGE_REMEDY}`);
  }
  await (await createSegmentFile(disk, folder, 0)).close();
  const ends = { first: 0, last: 0 };
  await writeSegmentList(disk, folder, ends);
  return ends;
}

/** Removes what an interrupted trim or an interrupted change of segments left. */
async function removeRemnants(folder: string, found: readonly number[], { first, last }: Ends): Promise<void> {
  for (const index of found) {
    if (index > last && (await holdsRecords(folder, index))) {
      throw new DurableError(
        `${segmentPath(folder, index)}: not in the log's list of segments, which ends with ${last}; ${DAMAGE_REMEDY}`,
      );
    }
    if (index < first || index > last) await unlink(segmentPath(folder, index));
  }
}

async function findSegments(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.map(firstIndexOf).filter((index) => index !== undefined);
}

async function holdsRecords(folder: string, first: number): Promise<boolean> {
  return (await stat(segmentPath(folder, first))).size > SEGMENT_HEADER_BYTES;
}

/** Cuts an unfinished write off the last segment; answers what it did. Anything but an unfinished write is refused. */
async function cutOff(disk: Disk, segment: Segment, fault: SegmentFault): Promise<string> {
  if (fault.kind === "damaged") throw damage(segment, fault);
  const { path, size } = segment;
  const file = await open(path, "r+");
  try {
    await disk.truncate(file, size);
    await disk.sync(file);
  } finally {
    await file.close();
  }
  return `${path}: ${fault.what} at byte ${size}: ${fault.bytes} bytes of an unfinished write were cut off`;
}

const gap = (folder: string, index: number) =>
  new DurableError(
    `${folder}: records from ${index} on are missing, expected in ${segmentPath(folder, index)}; ${DAMAGE_REMEDY}`,
  );

const damage = ({ path, size, end }: Segment, { what }: SegmentFault) =>
  new DurableError(`${path}: damaged at byte ${size} (record ${end}): ${what}; ${DAMAGE_REMEDY}`);
