/** Runs the demonstration and says how it came out. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RefusedError } from "../exit";
import { keepRun, recordOf } from "../permissions/recorded";
import { showProgress } from "../progress";
import { PASSES } from "../traffic/click-generator";
import { reconcile, type Reconciliation } from "./reconcile";
import { runDemo } from "./run";

export interface DemoOptions {
  /** Folder to keep the run's data in. @default - none is kept */
  readonly data?: string;
  readonly json?: boolean;
}

/** @throws RefusedError when the run does not come out even */
export async function demo({ data, json = false }: DemoOptions): Promise<void> {
  const begun = performance.now();
  const folder = data ?? (await mkdtemp(join(tmpdir(), "clickstream-demo-")));
  const progress = showProgress("passes", PASSES);
  try {
    const run = await runDemo(folder, (line) => progress.say(line), progress.at);
    const reconciliation = reconcile(run);
    await keepRun({ by: "npx clickstream demo", ...recordOf(run.stage.graph, run.stage.authorizer.ledger) });
    await run.stage.close();
    progress.end();
    const seconds = Math.round((performance.now() - begun) / 10) / 100;
    console.log(json ? JSON.stringify({ ...reconciliation.result, seconds }) : renderTable(reconciliation, seconds));
    if (reconciliation.faults.length > 0) throw new RefusedError(reconciliation.faults.join("\n"));
  } finally {
    progress.end();
    if (data === undefined) await rm(folder, { recursive: true, force: true });
  }
}

function renderTable({ result, places }: Reconciliation, seconds: number): string {
  const columns = ["accepted", "stored", "duplicates", "corrupt", "filtered"] as const;
  const row = (name: string, values: readonly (string | number)[], mark: string): string =>
    `${name.padEnd(34)}${values.map((value) => String(value).padStart(12)).join("")}  ${mark}`;
  return [
    row("site, hour", columns, ""),
    ...places.map((place) =>
      row(
        place.place,
        columns.map((column) => place[column]),
        place.isEven ? "even" : "NOT EVEN",
      ),
    ),
    row(
      "all",
      columns.map((column) => result[column]),
      "",
    ),
    "",
    `${result.sent} sent, ${result.windows} windows, ${result.anomalies} anomalies, ${result.notifications} notifications`,
    `${result.reconciled ? "reconciled" : "NOT RECONCILED"} in ${seconds} s`,
  ].join("\n");
}
