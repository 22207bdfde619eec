/**
 * One segment as its readers see it: which records it holds, how far it reaches, and where to start reading.
 *
 * Reading is synchronous on purpose: a read is one bounded `pread`, nearly always from the page cache; it needs no promise
 * per call, sees the log as of one instant, and no retention run can remove the file under it.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { DurableError, explainCause } from "./durable-error";
import { Entries, type Entry, type ReadLimits } from "./entries";
import { FrameCursor } from "./frame";
import { checkSegment, DAMAGE_REMEDY, SEGMENT_HEADER_BYTES, segmentPath, type SegmentFault } from "./segment-file";
import { MARK_SPACING_BYTES, SparseIndex } from "./sparse-index";

/** One read takes at most this much from the disk (unless a single record is larger). */
const READ_BYTES = 4 * 1024 * 1024;

export class Segment {
  readonly path: string;
  /** The index behind the last record. */
  end: number;
  /** Bytes of the file that hold whole records. */
  size = SEGMENT_HEADER_BYTES;
  readonly #marks = new SparseIndex();

  constructor(
    folder: string,
    readonly first: number,
  ) {
    this.path = segmentPath(folder, first);
    this.end = first;
  }

  get isEmpty(): boolean {
    return this.end === this.first;
  }

  /** Checks every byte of the file and makes the whole records readable; answers why the file goes on behind them. */
  async load(): Promise<SegmentFault | undefined> {
    const content = await checkSegment(this.path, (index, position) => this.#marks.note(index, position));
    this.end = content.end;
    this.size = content.size;
    return content.fault;
  }

  /** Makes frames readable that were just committed behind the last one. */
  extend(frames: Buffer): void {
    const cursor = new FrameCursor(frames, 0, this.end);
    for (; cursor.look() === "whole"; cursor.advance()) this.#marks.note(cursor.index, this.size + cursor.offset);
    this.end = cursor.index;
    this.size += cursor.offset;
  }

  /** Records from `from` on, which must be one of this segment's: at least one, and no more than one read brings. */
  read(from: number, limits: ReadLimits): Entry[] {
    const mark = this.#marks.before(from);
    const stop = this.#marks.positionAfter(from + limits.maxEntries) ?? this.size;
    for (let want = Math.min(limits.maxBytes, READ_BYTES) + MARK_SPACING_BYTES; ; want *= 2) {
      const until = Math.min(mark.position + want, stop);
      const cursor = new FrameCursor(this.#bytes(mark.position, until), 0, mark.index);
      const damageAt = ({ offset, index }: FrameCursor) => this.#damage(mark.position + offset, index);
      const entries = new Entries(from, limits);
      entries.take(cursor, damageAt);
      if (entries.taken.length > 0) return entries.taken;
      if (until === stop) throw damageAt(cursor);
    }
  }

  #bytes(position: number, until: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(until - position);
    let filled = 0;
    try {
      const file = openSync(this.path, "r");
      try {
        while (filled < bytes.length) {
          const count = readSync(file, bytes, filled, bytes.length - filled, position + filled);
          if (count === 0) break;
          filled += count;
        }
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw new DurableError(`${this.path}: cannot be read: ${explainCause(error)}`, { cause: error });
    }
    return bytes.subarray(0, filled);
  }

  #damage(position: number, index: number): DurableError {
    return new DurableError(
      `${this.path}: record ${index} at byte ${position} was whole when the log was opened and is damaged now; ${DAMAGE_REMEDY}`,
    );
  }
}
