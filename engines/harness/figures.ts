/** What checks measure on the way, beside passing: kept for the report. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** Environment variable that names the file in which checks leave their figures. */
export const FIGURES_FILE = "ENGINE_FIGURES_FILE";

export interface Figure {
  /** `graph of prod`. */
  readonly what: string;
  /** `119 resources, equal`. */
  readonly value: string;
}

/** Notes a figure for the report; without a harness there is nowhere to note it. */
export function noteFigure(what: string, value: string): void {
  const file = process.env[FIGURES_FILE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ what, value })}\n`);
}

export function readFigures(file: string): Figure[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Figure);
}
