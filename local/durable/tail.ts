/**
 * The newest committed records in memory, as the bytes that went to disk: readers that keep up never touch a file.
 */
import { Entries, type Entry, type ReadLimits } from "./entries";
import { FrameCursor } from "./frame";

/** The frames of one commit. */
interface Piece {
  readonly first: number;
  readonly frames: Buffer;
}

export class Tail {
  /** In order and without gaps. */
  #pieces: Piece[] = [];
  #bytes = 0;

  constructor(readonly maxBytes: number) {}

  /** Keeps a copy of committed frames and forgets the oldest beyond the bound. */
  keep(first: number, frames: Buffer): void {
    if (frames.length > this.maxBytes) {
      this.#pieces = [];
      this.#bytes = 0;
      return;
    }
    this.#pieces.push({ first, frames: Buffer.from(frames) });
    this.#bytes += frames.length;
    while (this.#bytes > this.maxBytes) this.#bytes -= this.#pieces.shift()?.frames.length ?? 0;
  }

  /** Records from `from` on, or `undefined` when the first of them is not in memory. */
  read(from: number, limits: ReadLimits): Entry[] | undefined {
    const holding = this.#pieceHolding(from);
    if (holding < 0) return undefined;
    const entries = new Entries(from, limits);
    for (let at = holding; ; at += 1) {
      const piece = this.#pieces[at];
      if (piece === undefined || !entries.take(new FrameCursor(piece.frames, 0, piece.first))) return entries.taken;
    }
  }

  /** The last piece that begins at or before a record, -1 when all begin later. */
  #pieceHolding(index: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle]?.first ?? Infinity) <= index) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
