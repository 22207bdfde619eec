/**
 * An append-only log of byte records in segment files. Acknowledged means on disk: what `append` resolved for survives
 * `kill -9`, and with `sync` (the default) a power failure. Readers never see a record that is not committed.
 *
 * Concurrent appends share one write and one sync (`group-commit.ts`). Because a group is written only after the one
 * before it was synced, an opening log can tell a torn tail from damage (`segment-file.ts`).
 */
import { createFolder, machineDisk, withoutSync, type Disk } from "./disk";
import { DurableError, explainCause } from "./durable-error";
import type { Entry, ReadLimits } from "./entries";
import { MAX_RECORD_BYTES } from "./frame";
import { GroupCommit } from "./group-commit";
import { SegmentChain } from "./segment-chain";
import { Tail } from "./tail";

export type { Entry, ReadLimits } from "./entries";

export interface SegmentLogOptions {
  /** A segment that would grow beyond this many bytes is closed and the next begun. @default 32 MiB */
  readonly segmentBytes?: number;
  /** Whether records are synced before they are acknowledged; `false` for tests and temporary data. @default true */
  readonly sync?: boolean;
  /** How many bytes of the newest records are kept in memory for readers that keep up. @default 4 MiB */
  readonly tailBytes?: number;
  /** Hears, in one line each, what opening the log put right. @default a process warning */
  readonly onNotice?: (line: string) => void;
  /** @default the disk of this machine */
  readonly disk?: Disk;
}

const MIB = 1024 * 1024;

export class SegmentLog {
  readonly #directory: string;
  readonly #segments: SegmentChain;
  readonly #tail: Tail;
  readonly #commits: GroupCommit;
  readonly #listeners = new Set<(committed: number) => void>();
  #closing: Promise<void> | undefined;

  /**
   * Opens the log in a folder, which is created when absent, and checks every byte of it. A torn last record is cut off
   * and said. Throws a {@link DurableError} for damage, a missing segment, a newer format or a folder it cannot write.
   * The folder must be this process's alone (see `data-folder.ts`).
   */
  static async open(directory: string, options: SegmentLogOptions = {}): Promise<SegmentLog> {
    const { segmentBytes = 32 * MIB, sync = true, tailBytes = 4 * MIB } = options;
    const { onNotice = (line) => process.emitWarning(line), disk: given = machineDisk } = options;
    const disk = sync ? given : withoutSync(given);
    try {
      await createFolder(disk, directory);
      const segments = await SegmentChain.open(directory, { disk, segmentBytes, onNotice });
      return new SegmentLog(directory, segments, new Tail(tailBytes));
    } catch (error) {
      if (error instanceof DurableError) throw error;
      throw new DurableError(`${directory}: the log cannot be opened: ${explainCause(error)}`, { cause: error });
    }
  }

  private constructor(directory: string, segments: SegmentChain, tail: Tail) {
    this.#directory = directory;
    this.#segments = segments;
    this.#tail = tail;
    this.#commits = new GroupCommit(directory, segments.end, async ({ first, frames }) => {
      await segments.write(frames);
      tail.keep(first, frames);
      for (const listener of this.#listeners) queueMicrotask(() => listener(segments.end));
    });
  }

  /** The index of the first record that is kept. */
  get start(): number {
    return this.#segments.start;
  }

  /** The index behind the last record that is on disk: readers see `start` up to, not including, `committed`. */
  get committed(): number {
    return this.#segments.end;
  }

  /** The index that the next record to be appended gets. */
  get next(): number {
    return this.#commits.next;
  }

  /** Bytes that the kept segments take on disk. */
  get bytes(): number {
    return this.#segments.bytes;
  }

  /** Why the log takes no more records, `undefined` while it does. */
  get refusal(): DurableError | undefined {
    return this.#commits.refusal;
  }

  /**
   * Appends a record; resolves with its index when it is on disk. Indices are dense and given in the order of the calls;
   * the payload (up to 64 MiB, may be empty) is copied before the call returns. Rejects with a {@link DurableError} when
   * the record could not be made durable; every later append is refused with the same cause. After a crash (or on a disk
   * that refuses even to take a failed write back) a record that was never acknowledged may or may not be there.
   */
  append(payload: Uint8Array): Promise<number> {
    return this.appendAll([payload]);
  }

  /** Appends records that are acknowledged together; resolves with the index of the first. */
  appendAll(payloads: readonly Uint8Array[]): Promise<number> {
    const tooLarge = payloads.find((payload) => payload.length > MAX_RECORD_BYTES);
    if (tooLarge === undefined) return this.#commits.append(payloads);
    return Promise.reject(
      new DurableError(
        `${this.#directory}: a record has ${tooLarge.length} bytes, at most ${MAX_RECORD_BYTES} are taken`,
      ),
    );
  }

  /** Resolves when every record appended so far is on disk; rejects once a write failed. */
  flush(): Promise<void> {
    return this.#commits.flush();
  }

  /**
   * Committed records from index `from` on: none only at the end of the log, else at least one; fewer than the limits
   * allow is no sign of the end. Throws a
   * {@link DurableError} for a record that was trimmed or is not committed, and for one that was damaged meanwhile.
   */
  read(from: number, limits: ReadLimits): Entry[] {
    const { start, committed } = this;
    if (!(limits.maxEntries >= 1 && limits.maxBytes >= 1)) {
      throw new DurableError(
        `${this.#directory}: a read takes at least one entry and one byte, got ${JSON.stringify(limits)}`,
      );
    }
    if (!(from >= start && from <= committed)) {
      throw new DurableError(
        `${this.#directory}: no record ${from}: the log holds ${start} up to, not including, ${committed}`,
      );
    }
    if (from === committed) return [];
    return this.#tail.read(from, limits) ?? this.#segments.read(from, limits);
  }

  /** Calls the listener with the new value after each advance of `committed`; answers how to stop it. */
  onCommit(listener: (committed: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Removes, for good, the segments whose records all precede `index` (at most `committed`). Records before `index` that
   * share a segment with later ones stay.
   */
  async trimBefore(index: number): Promise<void> {
    if (this.refusal !== undefined) throw this.refusal;
    if (!(index <= this.committed)) {
      throw new DurableError(
        `${this.#directory}: cannot trim before ${index}: only ${this.committed} records are committed`,
      );
    }
    await this.#commits.inTurn(() => this.#segments.dropBefore(index));
  }

  /** Waits until everything appended is on disk, then lets go of the file. Whatever is appended later is refused. */
  close(): Promise<void> {
    this.#closing ??= this.#commits.close().then(() => this.#segments.close());
    return this.#closing;
  }
}
