/** What a run of the engines found: a table for people, `engines.json` for machines. */
import type { Counts, Failure } from "./checks";
import type { Figure } from "./figures";
import type { EarlierPass } from "./memory";

export interface EngineReport extends Counts {
  readonly name: string;
  readonly judges: string;
  /** Absent when the engine could not be had. */
  readonly version?: string;
  /** Why it was skipped, or why its counts are not the whole truth. */
  readonly reason?: string;
  /** Skipped now, but passed on this machine before. */
  readonly earlierPass?: EarlierPass;
  readonly failures: readonly Failure[];
  readonly figures: readonly Figure[];
  readonly seconds: number;
  /** Processor time of the engine and its checks; absent where the system does not tell. */
  readonly cpuSeconds?: number;
}

export function totalOf(reports: readonly EngineReport[]): Counts {
  const sum = (count: keyof Counts): number => reports.reduce((total, report) => total + report[count], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** Counts and failures under the names of mocha's own JSON report, so that one reader serves both, and every engine. */
export function renderJson(reports: readonly EngineReport[]): string {
  const { passed, failed, skipped } = totalOf(reports);
  const stats = { passes: passed, failures: failed, pending: skipped };
  const failures = reports.flatMap((report) => report.failures);
  return `${JSON.stringify({ stats, failures, engines: reports }, undefined, 2)}\n`;
}

const COLUMNS = ["engine", "version", "checks", "passed", "failed", "skipped", "CPU s"] as const;

export function renderTable(reports: readonly EngineReport[]): string {
  const rows = reports.map((report) => [
    report.name,
    report.version ?? "-",
    `${report.passed + report.failed + report.skipped}`,
    `${report.passed}`,
    `${report.failed}`,
    `${report.skipped}`,
    report.cpuSeconds?.toFixed(1) ?? "-",
  ]);
  const widths = COLUMNS.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  const notes = reports.flatMap(noteOf);
  const figures = reports.flatMap(({ name, figures: each }) =>
    each.map(({ what, value }) => `${name}: ${what}: ${value}`),
  );
  return [line(COLUMNS), ...rows.map(line), ...section(notes), ...section(figures)].join("\n");
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function noteOf({ name, version, reason, earlierPass }: EngineReport): string[] {
  if (reason === undefined) return [];
  if (version !== undefined) return [`FAILED ${name}: ${reason}`];
  const { on, version: earlier, passed } = earlierPass ?? {};
  const loss = earlierPass === undefined ? "" : ` (on ${on} ${passed} checks passed here with ${earlier})`;
  return [`SKIPPED ${name}: ${reason}${loss}`];
}

/** The last line of a run. */
export function renderCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
