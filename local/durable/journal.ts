/**
 * Durable small state: every change goes to a log, the state lives in memory, and a snapshot now and then keeps the log
 * short. Opening restores the snapshot and applies the changes behind it.
 *
 * A service validates, then calls `record(change)`. The change is applied **at once**, in the order of the calls, so that
 * the next validation sees it; the promise resolves when it is on disk, and only then may the service answer. A reader
 * of the state awaits `settled()` before it answers: then no answer rests on a change that a crash could take back.
 * When a write fails, memory is ahead of the disk: from then on both reject until the journal is opened again.
 */
import { join } from "node:path";
import { jsonCodec, type Codec } from "./codec";
import { machineDisk, withoutSync, type Disk } from "./disk";
import { DurableError, explainCause } from "./durable-error";
import { MAX_RECORD_BYTES } from "./frame";
import { SegmentLog, type SegmentLogOptions } from "./segment-log";
import { readSnapshot, writeSnapshot } from "./snapshot";

/** The state that a journal keeps. */
export interface Subject<Snapshot, Change> {
  /** Begins with the state of a snapshot, or with none; called once, before anything else. */
  restore(snapshot: Snapshot | undefined): void;
  /** Applies a change that was valid when it was recorded: it must not fail, and depends on nothing but the state. */
  apply(change: Change): void;
  /** The state as a value the codec can encode; it is encoded before anything else runs. */
  snapshot(): Snapshot;
}

export interface JournalOptions<Snapshot, Change> extends Omit<SegmentLogOptions, "tailBytes"> {
  /** @default JSON */
  readonly changes?: Codec<Change>;
  /** @default JSON */
  readonly snapshots?: Codec<Snapshot>;
  /** Bytes of changes since the last snapshot after which the next is written. @default 16 MiB */
  readonly compactAfterBytes?: number;
  /** Number of changes since the last snapshot after which the next is written. @default 100,000 */
  readonly compactAfterChanges?: number;
}

const MIB = 1024 * 1024;
const REPLAY = { maxEntries: 10_000, maxBytes: 4 * MIB };

/** Compaction waits until nothing is in flight, but no longer than this many times its bounds. */
const PATIENCE = 4;

export class Journal<Snapshot, Change> {
  readonly #folder: string;
  readonly #subject: Subject<Snapshot, Change>;
  readonly #log: SegmentLog;
  readonly #disk: Disk;
  readonly #changes: Codec<Change>;
  readonly #snapshots: Codec<Snapshot>;
  readonly #bounds: { readonly bytes: number; readonly changes: number };
  readonly #onNotice: (line: string) => void;
  /** What was recorded since the last snapshot, or since the last attempt at one. */
  #since = { bytes: 0, changes: 0 };
  #inFlight = 0;
  #compaction: Promise<void> | undefined;
  #failure: DurableError | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Opens the journal in a folder, which is created when absent, and brings the subject to the state it had. Throws a
   * {@link DurableError} for damage (of the snapshot or the log), a snapshot that does not fit the log, or a change that
   * the subject does not understand.
   */
  static async open<Snapshot, Change>(
    directory: string,
    subject: Subject<Snapshot, Change>,
    options: JournalOptions<Snapshot, Change> = {},
  ): Promise<Journal<Snapshot, Change>> {
    const log = await SegmentLog.open(join(directory, "changes"), { segmentBytes: 4 * MIB, ...options, tailBytes: 0 });
    const journal = new Journal(directory, subject, log, options);
    try {
      await journal.#restore();
      return journal;
    } catch (error) {
      await log.close();
      throw error;
    }
  }

  private constructor(
    folder: string,
    subject: Subject<Snapshot, Change>,
    log: SegmentLog,
    options: JournalOptions<Snapshot, Change>,
  ) {
    const { compactAfterBytes = 16 * MIB, compactAfterChanges = 100_000, sync = true, disk = machineDisk } = options;
    this.#folder = folder;
    this.#subject = subject;
    this.#log = log;
    this.#disk = sync ? disk : withoutSync(disk);
    this.#changes = options.changes ?? jsonCodec();
    this.#snapshots = options.snapshots ?? jsonCodec();
    this.#bounds = { bytes: compactAfterBytes, changes: compactAfterChanges };
    this.#onNotice = options.onNotice ?? ((line) => process.emitWarning(line));
  }

  /** Why the journal takes no more changes, `undefined` while it does. */
  get refusal(): DurableError | undefined {
    return this.#failure ?? this.#log.refusal;
  }

  /**
   * Applies a change to the subject before it returns, and resolves when the change is on disk. The subject gets the
   * change as it will be read back (encoded and decoded), so what memory holds is what a restart restores. A change that
   * cannot be encoded is refused and changes nothing.
   */
  async record(change: Change): Promise<void> {
    if (this.refusal !== undefined) throw this.refusal;
    const payload = this.#changes.encode(change);
    if (payload.length > MAX_RECORD_BYTES) {
      throw new DurableError(
        `${this.#folder}: a change has ${payload.length} bytes, at most ${MAX_RECORD_BYTES} are taken`,
      );
    }
    this.#apply(payload);
    this.#inFlight += 1;
    try {
      await this.#log.append(payload);
    } finally {
      this.#inFlight -= 1;
    }
    this.#compactInTime();
  }

  /** Resolves when everything recorded so far is on disk: what the state shows now may be answered. */
  async settled(): Promise<void> {
    if (this.refusal !== undefined) throw this.refusal;
    await this.#log.flush();
  }

  /** Waits until everything recorded is on disk, writes a snapshot if one is due, and lets go of the files. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#compaction;
      if (this.refusal === undefined && this.#isDue(1)) await this.#compact();
      await this.#log.close();
    })();
    return this.#closing;
  }

  async #restore(): Promise<void> {
    const { start, committed } = this.#log;
    const snapshot = await readSnapshot(this.#folder, this.#snapshots);
    const from = snapshot?.covers ?? 0;
    if (from < start || from > committed) {
      throw new DurableError(
        `${this.#folder}: the snapshot ends before change ${from}, but the log holds changes ${start} up to, not including, ${committed}; put the folder's files back together from one copy`,
      );
    }
    this.#subject.restore(snapshot?.state);
    for (let next = from; next < committed;) {
      for (const { index, payload } of this.#log.read(next, REPLAY)) {
        this.#apply(payload);
        next = index + 1;
      }
    }
  }

  #apply(payload: Uint8Array): void {
    try {
      this.#subject.apply(this.#changes.decode(payload));
    } catch (error) {
      this.#failure = new DurableError(
        `${this.#folder}: the state could not take a recorded change: ${explainCause(error)}; this is a fault of the program, and nothing more is recorded until the journal is opened again`,
        { cause: error },
      );
      throw this.#failure;
    }
    this.#since.bytes += payload.length;
    this.#since.changes += 1;
  }

  #isDue(patience: number): boolean {
    return this.#since.bytes > this.#bounds.bytes * patience || this.#since.changes > this.#bounds.changes * patience;
  }

  #compactInTime(): void {
    if (this.#compaction !== undefined || this.#closing !== undefined || this.refusal !== undefined) return;
    if (!this.#isDue(this.#inFlight === 0 ? 1 : PATIENCE)) return;
    this.#compaction = this.#compact().finally(() => (this.#compaction = undefined));
  }

  /** Writes the state of this moment once all its changes are on disk, then drops those changes from the log. */
  async #compact(): Promise<void> {
    const covers = this.#log.next;
    try {
      this.#since = { bytes: 0, changes: 0 };
      const state = this.#snapshots.encode(this.#subject.snapshot());
      await this.#log.flush();
      await writeSnapshot(this.#disk, this.#folder, covers, state);
      await this.#log.trimBefore(covers);
    } catch (error) {
      this.#onNotice(
        `${this.#folder}: no snapshot could be written: ${explainCause(error)}; no change is lost, the log keeps them and a snapshot is tried again later`,
      );
    }
  }
}
