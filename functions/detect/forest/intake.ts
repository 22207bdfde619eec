/**
 * From rows to points: checks a row, joins it with the rows before it, fills what is missing.
 */
import { LARGEST_VALUE } from "./arena";
import { Imputation } from "./imputation";
import { ForestError, quote, type Problem } from "./problems";
import type { ForestState } from "./state";

/** One value per column, finite and at most 1e300 in size; NaN where none was observed. One column may come bare. */
export type Row = number | ArrayLike<number>;

export class Intake {
  /** The row last taken, joined to the rows before it, oldest first. */
  readonly point: Float64Array;
  /** Marks the coordinates that were not observed. */
  readonly guessed: Uint8Array;
  /** Where the row itself begins. */
  readonly offset: number;

  readonly #state: ForestState;
  readonly #imputation: Imputation;
  readonly #missing: Uint8Array;

  constructor(state: ForestState) {
    const { dimensions, shingle } = state.parameters;
    this.point = new Float64Array(dimensions * shingle);
    this.guessed = new Uint8Array(dimensions * shingle);
    this.offset = dimensions * (shingle - 1);
    this.#state = state;
    this.#imputation = new Imputation(state.arena);
    this.#missing = new Uint8Array(dimensions * shingle);
  }

  /**
   * Makes `point` from a row; nothing else changes. False while there are too few rows before it to join.
   * @throws ForestError naming every value refused
   */
  take(row: Row): boolean {
    const { history, parameters } = this.#state;
    const before = parameters.shingle - 1;
    const joined = history.pushed >= before;
    if (joined) history.copyLast(before, this.point, this.guessed);
    if (this.#read(row) > 0) this.#fill(joined);
    return joined;
  }

  /** At most half of a point may be guessed for the forest to learn it: it must not come to believe its own guesses. */
  get isObserved(): boolean {
    let guesses = 0;
    for (let i = 0; i < this.guessed.length; i++) guesses += this.guessed[i]!;
    return 2 * guesses <= this.guessed.length;
  }

  /** Copies the row to the end of the point; returns how many of its values are missing. */
  #read(row: Row): number {
    const columns = this.#state.parameters.dimensions;
    const fits = typeof row === "number" ? columns === 1 : typeof row === "object" && row?.length === columns;
    if (!fits) throw new ForestError([wrongLength(row, columns)]);
    let missing = 0;
    for (let column = 0, at = this.offset; column < columns; column++, at++) {
      const value = typeof row === "number" ? row : row[column]!;
      if (typeof value !== "number" || Math.abs(value) > LARGEST_VALUE) throw new ForestError(badValues(row));
      const isMissing = value === value ? 0 : 1;
      this.#missing[at] = isMissing;
      this.guessed[at] = isMissing;
      missing += isMissing;
      this.point[at] = value + 0; // -0 becomes 0
    }
    return missing;
  }

  #fill(joined: boolean): void {
    if (joined && this.#imputation.fill(this.point, this.#missing)) return;
    for (let at = this.offset; at < this.point.length; at++)
      if (this.#missing[at] === 1) this.point[at] = this.#state.history.median(at - this.offset) ?? 0;
  }
}

/** Values in a row; null when it is none. */
function lengthOf(row: unknown): number | null {
  if (typeof row === "number") return 1;
  if (typeof row !== "object" || row === null || !("length" in row)) return null;
  return row.length as number;
}

function wrongLength(row: unknown, columns: number): Problem {
  const length = lengthOf(row);
  return {
    field: "row",
    got: length === null ? quote(row) : `${length} ${length === 1 ? "value" : "values"}`,
    allowed: `${columns} ${columns === 1 ? "value" : "values"}, one per column`,
    fix: "give one value per column, NaN where none was observed",
  };
}

function badValues(row: Row): Problem[] {
  const values: unknown[] = typeof row === "number" ? [row] : Array.from(row);
  return values.flatMap((value, column) =>
    typeof value === "number" && !(Math.abs(value) > LARGEST_VALUE)
      ? []
      : [
          {
            field: `row[${column}]`,
            got: quote(value),
            allowed: `a finite number of at most ${LARGEST_VALUE} in size, or NaN`,
            fix: "give NaN where no value was observed",
          },
        ],
  );
}
