/**
 * Makes a run of all tests one that is judged as a whole. `npm test` requires this file, a run of single files does not:
 * ledgers are gathered from whichever process runs tests, and once the last test is over, least privilege is judged on
 * their union. A run in which a test failed is not judged: what it left out would look unused.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Runner } from "mocha";
import { STAGES, stageGraph } from "../policy-pack/stages";
import { FOLDER, grantsOf, type GatheredGrant, type GatheredLedger } from "./gather";
import { parseUnproven, renderUnproven } from "./unproven";
import { judgeLedgers, type Verdict } from "./verdict";

const LIST = join(__dirname, "../../stacks/unproven-grants.txt");
const TITLE = "Least privilege over the whole run";

export function mochaGlobalSetup(): void {
  // Processes that run tests inherit it.
  process.env[FOLDER] = mkdtempSync(join(tmpdir(), "ledgers-"));
}

/** @throws Error that lists what is wrong: the run fails by it */
export async function mochaGlobalTeardown(this: Runner): Promise<void> {
  const folder = process.env[FOLDER] ?? "";
  try {
    const failed = this.stats?.failures ?? 0;
    if (failed > 0 || isPartial(process.argv)) return say("not judged, because not every test ran and passed");
    const { faults, granted, used } = await judgeFolder(folder);
    if (faults.length > 0) throw failure(faults);
    say(`no call denied; of ${granted} grants ${used} used, the others listed with a reason`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judgeFolder(folder: string): Promise<Verdict> {
  const ledgers = readdirSync(folder).map(
    (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as GatheredLedger,
  );
  const declared: GatheredGrant[] = [];
  // One after the other: the runtime of Pulumi evaluates one program at a time.
  for (const stage of STAGES) declared.push(...grantsOf(await stageGraph(stage)));
  if (process.env["UPDATE_GOLDEN"] === "1") {
    writeFileSync(LIST, renderUnproven(judgeLedgers(ledgers, declared, []).unproven));
  }
  return judgeLedgers(ledgers, declared, parseUnproven(readFileSync(LIST, "utf8")));
}

/** Options by which mocha leaves tests out. */
function isPartial(args: readonly string[]): boolean {
  return args.some((arg) => /^(-g|-f|--grep|--fgrep)\b/.test(arg));
}

function failure(faults: readonly string[]): Error {
  const text = [`${TITLE}: ${faults.length} faults`, ...faults.map((fault) => `  ${fault}`)].join("\n");
  addToReport(faults);
  return Object.assign(new Error(text), { stack: text });
}

/** The report of test/reporter.cjs is written when the last test is over. */
function addToReport(faults: readonly string[]): void {
  const file = process.env["REPORT_FILE"];
  if (file === undefined || !existsSync(file)) return;
  const report = JSON.parse(readFileSync(file, "utf8")) as { stats: { failures: number }; failures: object[] };
  report.stats.failures++;
  report.failures.push({ fullTitle: TITLE, err: { message: faults.join("; ") } });
  writeFileSync(file, JSON.stringify(report));
}

function say(line: string): void {
  process.stdout.write(`${TITLE}: ${line}\n`);
}
