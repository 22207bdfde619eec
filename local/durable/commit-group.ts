/**
 * The records that go to disk together: gathered as frames in one buffer, written by one call, acknowledged as one.
 */
import { FRAME_HEADER_BYTES, writeFrame } from "./frame";

const INITIAL_BYTES = 64 * 1024;
/** A buffer that one large group blew up is not kept for the small ones after it. */
const KEPT_BYTES = 4 * 1024 * 1024;

export class CommitGroup {
  /** Resolves when every record of the group is on disk, rejects when none may be relied on. */
  readonly committed: Promise<void>;
  /** The index behind the group's last record. */
  end: number;
  #buffer: Buffer;
  #used = 0;
  #resolve!: () => void;
  #reject!: (cause: unknown) => void;

  constructor(
    readonly first: number,
    buffer: Buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES),
  ) {
    this.end = first;
    this.#buffer = buffer;
    this.committed = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isEmpty(): boolean {
    return this.end === this.first;
  }

  /** What goes to disk: a view that ends with the group. */
  get frames(): Buffer {
    return this.#buffer.subarray(0, this.#used);
  }

  /** Copies a record into the group; answers its index. */
  add(payload: Uint8Array): number {
    this.#makeRoom(FRAME_HEADER_BYTES + payload.length);
    this.#used = writeFrame(this.#buffer, this.#used, this.end, payload);
    return this.end++;
  }

  acknowledge(): void {
    this.#resolve();
  }

  refuse(cause: unknown): void {
    if (!this.isEmpty) this.#reject(cause); // of an empty group nobody would hear it
  }

  /** Hands the buffer on when the group is done. */
  releaseBuffer(): Buffer | undefined {
    const buffer = this.#buffer;
    this.#buffer = Buffer.alloc(0);
    this.#used = 0;
    return buffer.length <= KEPT_BYTES ? buffer : undefined;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#used + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.frames.copy(larger);
    this.#buffer = larger;
  }
}
