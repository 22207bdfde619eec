/** Scores columns of a CSV file by a Random Cut Forest, row by row, however long the file is. */
import { createReadStream } from "node:fs";
import { parse } from "csv-parse";
import { ForestError, RandomCutForest, type Attribution, type Mode } from "../../functions/detect/forest";
import { InputError } from "../exit";

export interface ScoreOptions {
  /** `-` for standard input. */
  readonly csv: string;
  readonly column: readonly string[];
  readonly trees: number;
  readonly samples: number;
  readonly timeDecay: number;
  readonly shingle: number;
  readonly seed: number;
  readonly mode: Mode;
  /** Adds, for each column, why: direction, strength, median of the rows before, and the difference to it. */
  readonly explain?: boolean;
}

/** Lines written at once. */
const LINES_PER_WRITE = 1000;

/** @throws InputError naming what is wrong with the file, a column, a value or a parameter */
export async function score({ csv, column: columns, explain = false, ...parameters }: ScoreOptions): Promise<void> {
  const forest = plant({ ...parameters, dimensions: columns.length });
  let lines = [headerOf(columns, explain)];
  let index = 0;
  for await (const row of rowsOf(csv, columns)) {
    const written = columns.map((column) => (row[column] ?? "").trim());
    const values = written.map((text, at) => readValue(text, index, columns[at] ?? ""));
    const why = explain ? explanationOf(forest.attribute(values)) : [];
    lines.push([index, ...written, forest.scoreAndUpdate(values), ...why].join(","));
    index++;
    if (lines.length >= LINES_PER_WRITE) {
      await print(lines);
      lines = [];
    }
  }
  await print(lines);
}

/** One column is called `value`, several go by their own names. */
function headerOf(columns: readonly string[], explain: boolean): string {
  const names = columns.length === 1 ? ["value"] : columns;
  const why = names.flatMap((name) =>
    ["direction", "strength", "median", "difference"].map((each) => (names.length === 1 ? each : `${name}_${each}`)),
  );
  return ["index", ...names, "score", ...(explain ? why : [])].map(quoted).join(",");
}

function explanationOf({ columns }: Attribution): (string | number)[] {
  return columns.flatMap(({ direction, strength, median, difference }) => [
    direction,
    strength,
    median ?? "",
    difference ?? "",
  ]);
}

async function* rowsOf(csv: string, columns: readonly string[]): AsyncGenerator<Record<string, string>> {
  let headed = false;
  const readHeader = (header: string[]): string[] => {
    headed = true;
    const missing = columns.find((column) => !header.includes(column));
    if (missing === undefined) return header;
    throw new InputError(`--column must be among ${header.join(", ")}, got ${missing}`);
  };
  const input = csv === "-" ? process.stdin : createReadStream(csv);
  const rows = input.pipe(parse({ columns: readHeader, bom: true, skip_empty_lines: true }));
  input.on("error", (error: Error) => rows.destroy(error));
  try {
    yield* rows as AsyncIterable<Record<string, string>>;
  } catch (error) {
    if (error instanceof InputError || !(error instanceof Error)) throw error;
    throw new InputError(`--csv ${csv} cannot be read as CSV: ${error.message}`);
  }
  if (!headed) throw new InputError(`--csv ${csv} is empty: it must begin with a header line that names its columns`);
}

/** A number; an empty cell, or NaN, is a gap. */
function readValue(text: string, index: number, column: string): number {
  if (text === "" || text === "NaN") return NaN;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new InputError(
    `row ${index} of column ${column} must be a finite number or empty, got ${JSON.stringify(text)}`,
  );
}

function plant(parameters: ConstructorParameters<typeof RandomCutForest>[0]): RandomCutForest {
  try {
    return new RandomCutForest(parameters);
  } catch (error) {
    if (error instanceof ForestError) throw new InputError(error.message);
    throw error;
  }
}

function quoted(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

function print(lines: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${lines.join("\n")}\n`, (error) => (error ? reject(error) : resolve()));
  });
}
