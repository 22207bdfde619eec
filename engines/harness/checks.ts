/** Runs the checks of one engine: the mocha files in its folder, in a process of their own. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../bin/folders";
import { runToEnd } from "./child";
import { readFigures, FIGURES_FILE, type Figure } from "./figures";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** As mocha's own JSON report has it. */
export interface Failure {
  readonly fullTitle: string;
  readonly err: { readonly message: string };
}

export interface Checked extends Counts {
  readonly failures: readonly Failure[];
  readonly figures: readonly Figure[];
  /** Why the counts are not the whole truth: the checks ended badly. */
  readonly fault?: string;
}

/** @param folder folder below `engines/` whose `*.test.ts` files are run */
export async function runChecks(
  folder: string,
  settings: Readonly<Record<string, string>>,
  milliseconds: number,
): Promise<Checked> {
  const work = mkdtempSync(join(tmpdir(), "engine-checks-"));
  const [report, figures] = [join(work, "report.json"), join(work, "figures.jsonl")];
  try {
    const ended = await runToEnd(
      process.execPath,
      [join(ROOT, "node_modules/mocha/bin/mocha.js"), "--timeout", "600000", `engines/${folder}/**/*.test.ts`],
      { cwd: ROOT, env: { ...settings, REPORT_FILE: report, [FIGURES_FILE]: figures }, milliseconds, show: true },
    );
    const { counts, failures } = readReport(report);
    const fault = faultOf(ended.how, counts, milliseconds);
    return {
      ...(counts ?? { passed: 0, failed: 0, skipped: 0 }),
      ...(fault === undefined ? {} : { failed: Math.max(1, counts?.failed ?? 0), fault }),
      failures,
      figures: readFigures(figures),
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The report that test/reporter.cjs writes. */
function readReport(file: string): { readonly counts?: Counts; readonly failures: readonly Failure[] } {
  if (!existsSync(file)) return { failures: [] };
  const { stats, failures } = JSON.parse(readFileSync(file, "utf8")) as {
    stats: { passes: number; failures: number; pending: number };
    failures: readonly Failure[];
  };
  return { counts: { passed: stats.passes, failed: stats.failures, skipped: stats.pending }, failures };
}

/** What no count shows: checks that died, that never ended, or that were none. */
function faultOf(how: string, counts: Counts | undefined, milliseconds: number): string | undefined {
  if (how === "late") return `the checks did not end in ${Math.round(milliseconds / 60_000)} minutes`;
  if (counts === undefined) return "the checks ended without a report";
  if (counts.passed + counts.failed + counts.skipped === 0) return "there was nothing to check";
  if (how !== "done" && counts.failed === 0) return "the checks ended badly though none failed";
  return undefined;
}
