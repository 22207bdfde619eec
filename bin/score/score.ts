/** Scores a column of a CSV file, row by row, however long the file is. */
import { createReadStream } from "node:fs";
import { parse } from "csv-parse";
import { ForestError, RandomCutForest, type Mode } from "../../functions/detect/forest";
import { InputError } from "../exit";

export interface ScoreOptions {
  readonly csv: string;
  readonly column: string;
  readonly trees: number;
  readonly samples: number;
  readonly timeDecay: number;
  readonly shingle: number;
  readonly seed: number;
  readonly mode: Mode;
}

/** Lines written at once. */
const LINES_PER_WRITE = 1000;

export async function score({ csv, column, ...parameters }: ScoreOptions): Promise<void> {
  const forest = plant(parameters);
  const input = csv === "-" ? process.stdin : createReadStream(csv);
  const rows = input.pipe(parse({ columns: true, bom: true, skip_empty_lines: true, relax_column_count: false }));
  input.on("error", (error: Error) => rows.destroy(error));
  let lines = ["index,value,score"];
  let index = 0;
  try {
    for await (const row of rows as AsyncIterable<Record<string, string>>) {
      const written = row[column];
      if (written === undefined)
        throw new InputError(`--column must be one of ${Object.keys(row).join(", ")}, got ${column}`);
      const value = written.trim() === "" ? NaN : Number(written);
      if (!Number.isFinite(value))
        throw new InputError(`row ${index} of column ${column} must be a number, got ${JSON.stringify(written)}`);
      lines.push(`${index},${written.trim()},${forest.scoreAndUpdate([value])}`);
      index++;
      if (lines.length >= LINES_PER_WRITE) {
        await print(lines);
        lines = [];
      }
    }
  } catch (error) {
    if (error instanceof InputError || !(error instanceof Error)) throw error;
    throw new InputError(`${csv} cannot be read as CSV: ${error.message}`);
  }
  await print(lines);
}

function plant(parameters: Omit<ScoreOptions, "csv" | "column">): RandomCutForest {
  try {
    return new RandomCutForest(parameters);
  } catch (error) {
    if (error instanceof ForestError) throw new InputError(error.message);
    throw error;
  }
}

function print(lines: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${lines.join("\n")}\n`, (error) => (error ? reject(error) : resolve()));
  });
}
