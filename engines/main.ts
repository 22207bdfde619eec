/**
 * Holds our work against engines that nobody here wrote: `npm run test:engines [-- NAME...] [--install-minutes 10]`.
 * What cannot be had on this machine is skipped with its reason, and never counts as passed.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { EXIT, InputError } from "../bin/exit";
import { wholeNumber } from "../bin/commands/arguments";
import { endAll } from "./harness/child";
import { engineNames, findEngines } from "./harness/find-engines";
import { Memory } from "./harness/memory";
import { renderCounts, renderJson, renderTable, totalOf } from "./harness/report";
import { runEngines } from "./harness/run";
import { CACHE } from "./harness/workshop";

interface Options {
  readonly installMinutes: number;
  readonly checkMinutes: number;
  readonly totalMinutes: number;
  readonly report: string;
}

const command = new Command("test:engines")
  .description("Judges by the real Pulumi engine, other people's AWS endpoints, AWS's own forest, a real browser")
  .argument("[names...]", `engines to run, of ${engineNames().join(", ")} (default: all)`)
  .option("--install-minutes <minutes>", "time that each engine has to be installed", wholeNumber, 10)
  .option("--check-minutes <minutes>", "time that the checks of each engine have", wholeNumber, 20)
  .option("--total-minutes <minutes>", "time of the whole run", wholeNumber, 45)
  .option("--report <file>", "where the report goes", process.env["REPORT_FILE"] ?? join(CACHE, "engines.json"))
  .action(judge);

async function judge(names: string[], options: Options): Promise<void> {
  const engines = await findEngines(names);
  mkdirSync(CACHE, { recursive: true });
  const reports = await runEngines(engines, {
    limits: { install: options.installMinutes, checks: options.checkMinutes, total: options.totalMinutes },
    memory: new Memory(),
    tell: (line) => console.log(line),
  });
  mkdirSync(dirname(options.report), { recursive: true });
  writeFileSync(options.report, renderJson(reports));
  const total = totalOf(reports);
  console.log(`\n${renderTable(reports)}\n\n${renderCounts(total)}`);
  if (total.failed > 0) process.exitCode = EXIT.fault;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    endAll();
    process.exit(EXIT.fault);
  });
}

command.parseAsync().catch((error: unknown) => {
  endAll();
  console.error(error instanceof InputError ? error.message : error);
  process.exitCode = error instanceof InputError ? EXIT.input : EXIT.fault;
});
