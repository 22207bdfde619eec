/**
 * Where records stand in a segment: one mark for about every 16 KiB of file instead of one per record. A reader starts
 * at the mark before its record and walks the frames from there; five million small records cost two megabytes.
 */
export const MARK_SPACING_BYTES = 16 * 1024;

export interface Mark {
  /** A record's index. */
  readonly index: number;
  /** Where its frame begins, in bytes from the start of the file. */
  readonly position: number;
}

export class SparseIndex {
  readonly #indices: number[] = [];
  readonly #positions: number[] = [];

  /** Takes note of a record; records come in order, the first of the segment first. */
  note(index: number, position: number): void {
    const last = this.#positions.at(-1);
    if (last !== undefined && position - last < MARK_SPACING_BYTES) return;
    this.#indices.push(index);
    this.#positions.push(position);
  }

  /** The last mark at or before a record, which must not precede the first. */
  before(index: number): Mark {
    const at = this.#firstAtOrAfter(index + 1) - 1;
    return { index: this.#indices[at] ?? 0, position: this.#positions[at] ?? 0 };
  }

  /** The position of the first mark at or after a record, `undefined` when no mark follows. */
  positionAfter(index: number): number | undefined {
    return this.#positions[this.#firstAtOrAfter(index)];
  }

  #firstAtOrAfter(index: number): number {
    let low = 0;
    let high = this.#indices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#indices[middle] ?? Infinity) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
