/**
 * The last rows of the stream, in a ring: what a shingle is joined from, and what "recent" means when an explanation
 * compares a value with the recent median.
 */

/** Rows over which the recent median is taken: ten minutes of 10-second windows. */
export const RECENT_ROWS = 60;

export class History {
  readonly capacity: number;
  /** Row after row, column by column; a guessed value stands where none was observed. */
  readonly values: Float64Array;
  readonly guessed: Uint8Array;
  /** Rows pushed so far, whether still held or not. */
  pushed = 0;

  constructor(
    readonly columns: number,
    shingle: number,
  ) {
    this.capacity = Math.max(RECENT_ROWS, shingle);
    this.values = new Float64Array(this.capacity * columns);
    this.guessed = new Uint8Array(this.capacity * columns);
  }

  get held(): number {
    return Math.min(this.pushed, this.capacity);
  }

  /** Where the row pushed `age` rows before the latest (0) begins in `values`. */
  offsetOf(age: number): number {
    return ((this.pushed - 1 - age) % this.capacity) * this.columns;
  }

  /** Adds the row that begins at `offset`; the oldest gives way. */
  push(values: Float64Array, guessed: Uint8Array, offset: number): void {
    const start = (this.pushed++ % this.capacity) * this.columns;
    for (let column = 0; column < this.columns; column++) {
      this.values[start + column] = values[offset + column]!;
      this.guessed[start + column] = guessed[offset + column]!;
    }
  }

  /** Copies the last `rows` rows, oldest first, to the beginning of the given arrays. */
  copyLast(rows: number, values: Float64Array, guessed: Uint8Array): void {
    for (let row = 0, to = 0; row < rows; row++) {
      const from = this.offsetOf(rows - 1 - row);
      for (let column = 0; column < this.columns; column++, to++) {
        values[to] = this.values[from + column]!;
        guessed[to] = this.guessed[from + column]!;
      }
    }
  }

  /** Median of a column's recent observed values; null while there is none. */
  median(column: number): number | null {
    const observed: number[] = [];
    for (let age = Math.min(this.held, RECENT_ROWS) - 1; age >= 0; age--) {
      const at = this.offsetOf(age) + column;
      if (this.guessed[at] === 0) observed.push(this.values[at]!);
    }
    return observed.length === 0 ? null : medianOf(observed.sort((a, b) => a - b));
  }
}

/** Median of ascending values, at least one. */
export function medianOf(ascending: ArrayLike<number>): number {
  const middle = ascending.length >> 1;
  const upper = ascending[middle]!;
  return ascending.length % 2 === 1 ? upper : ascending[middle - 1]! / 2 + upper / 2;
}
