/**
 * The segments of one log as a whole: frames go to the last of them, readers find theirs, the oldest are dropped.
 * Its caller writes one thing at a time.
 */
import { open, unlink, type FileHandle } from "node:fs/promises";
import { writeFully, type Disk } from "./disk";
import type { Entry, ReadLimits } from "./entries";
import { Segment } from "./segment";
import { createSegmentFile } from "./segment-file";
import { openSegments, writeSegmentList } from "./segment-list";

interface SegmentChainOptions {
  readonly disk: Disk;
  readonly segmentBytes: number;
  readonly onNotice: (line: string) => void;
}

export class SegmentChain {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #segmentBytes: number;
  /** Oldest first, without the last. */
  readonly #closed: Segment[];
  /** The last, and the file that frames are written to. */
  #active: Segment;
  #file: FileHandle;

  /** Opens and checks every segment; what the last one holds is on disk afterwards, however its writer ended. */
  static async open(folder: string, options: SegmentChainOptions): Promise<SegmentChain> {
    const { closed, active } = await openSegments(options.disk, folder, options.onNotice);
    const file = await open(active.path, "r+");
    try {
      await options.disk.sync(file);
      return new SegmentChain(folder, options, closed, active, file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private constructor(
    folder: string,
    { disk, segmentBytes }: SegmentChainOptions,
    closed: Segment[],
    active: Segment,
    file: FileHandle,
  ) {
    this.#folder = folder;
    this.#disk = disk;
    this.#segmentBytes = segmentBytes;
    this.#closed = closed;
    this.#active = active;
    this.#file = file;
  }

  /** The index of the first record kept. */
  get start(): number {
    return (this.#closed[0] ?? this.#active).first;
  }

  /** The index behind the last record on disk. */
  get end(): number {
    return this.#active.end;
  }

  get bytes(): number {
    return this.#closed.reduce((sum, segment) => sum + segment.size, this.#active.size);
  }

  /** Puts frames on disk behind the last record, in a new segment when the last one is full. */
  async write(frames: Buffer): Promise<void> {
    if (this.#active.size + frames.length > this.#segmentBytes && !this.#active.isEmpty) await this.#beginSegment();
    try {
      await writeFully(this.#disk, this.#file, frames, this.#active.size);
      await this.#disk.sync(this.#file);
    } catch (error) {
      await this.#takeBack();
      throw error;
    }
    this.#active.extend(frames);
  }

  read(from: number, limits: ReadLimits): Entry[] {
    const segment = from >= this.#active.first ? this.#active : this.#closed.findLast(({ first }) => first <= from);
    return (segment ?? this.#active).read(from, limits);
  }

  /** Removes the segments that lie entirely before `index`; the last one makes way to an empty one for that. */
  async dropBefore(index: number): Promise<void> {
    if (index >= this.#active.end && !this.#active.isEmpty) await this.#beginSegment();
    const dropped = this.#closed.filter(({ end }) => end <= index);
    if (dropped.length === 0) return;
    this.#closed.splice(0, dropped.length);
    await this.#writeList();
    for (const { path } of dropped) await unlink(path);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #beginSegment(): Promise<void> {
    const full = this.#active;
    const fullFile = this.#file;
    this.#file = await createSegmentFile(this.#disk, this.#folder, full.end);
    this.#active = new Segment(this.#folder, full.end);
    this.#closed.push(full);
    await fullFile.close();
    await this.#writeList();
  }

  async #writeList(): Promise<void> {
    await writeSegmentList(this.#disk, this.#folder, { first: this.start, last: this.#active.first });
  }

  /** Removes what a failed write left behind the last record. Where the disk refuses that too, the next open does it. */
  async #takeBack(): Promise<void> {
    try {
      await this.#disk.truncate(this.#file, this.#active.size);
      await this.#disk.sync(this.#file);
    } catch {
      return;
    }
  }
}
