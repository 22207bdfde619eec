/**
 * A run of all tests: ledgers are gathered from whichever process runs tests, and once the last test is over, least
 * privilege is judged on their union. A run in which a test failed is not judged: what it left out would look unused.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepRun } from "../../bin/permissions/recorded";
import { FOLDER, grantsOf, type GatheredGrant, type GatheredLedger } from "./gather";
import { parseUnproven, renderUnproven } from "./unproven";
import { judgeLedgers, type Verdict } from "./verdict";

const LIST = join(__dirname, "../../stacks/unproven-grants.txt");
/** Faults that a report repeats: they stand in the output one by one. */
const MOST_REPORTED = 5;
const TITLE = "Least privilege over the whole run";

/** Names the folder to every process that this one starts. */
export function beginRun(): void {
  process.env[FOLDER] = mkdtempSync(join(tmpdir(), "ledgers-"));
}

/** @throws Error that lists what is wrong: the run fails by it */
export async function judgeRun({ failures = 0 }: { readonly failures?: number } = {}): Promise<void> {
  const folder = process.env[FOLDER] ?? "";
  try {
    if (failures > 0 || isPartial(process.argv)) return say("not judged, because not every test ran and passed");
    const ledgers = readLedgers(folder);
    const { faults, granted, used } = await judge(ledgers);
    // As npx clickstream permissions shows it.
    await keepRun({
      version: 2,
      by: "npm test",
      roles: [...new Set(granted.map(roleOf))],
      used: [...used],
      denied: ledgers.flatMap(unexpected),
    });
    if (faults.length > 0) throw failure(faults);
    say(`no call denied; of ${granted.length} grants ${used.length} used, the others listed with a reason`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readLedgers(folder: string): GatheredLedger[] {
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as GatheredLedger);
}

async function judge(ledgers: readonly GatheredLedger[]): Promise<Verdict> {
  // Not before the tests are over: the process that only hands them out needs no Pulumi until then.
  const { STAGES, stageGraph } = await import("../policy-pack/stages");
  const declared: GatheredGrant[] = [];
  // One after the other: the runtime of Pulumi evaluates one program at a time.
  for (const stage of STAGES) declared.push(...grantsOf(await stageGraph(stage)));
  if (process.env["UPDATE_GOLDEN"] === "1") {
    writeFileSync(LIST, renderUnproven(judgeLedgers(ledgers, declared, []).unproven));
  }
  return judgeLedgers(ledgers, declared, parseUnproven(readFileSync(LIST, "utf8")));
}

/** The key of a grant begins with it. */
function roleOf(key: string): string {
  return key.split(" ")[0] ?? "";
}

function unexpected({ deniedCallsExpected, denied }: GatheredLedger): GatheredLedger["denied"] {
  return deniedCallsExpected === undefined ? denied : [];
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
  const message = [`${faults.length} faults`, ...faults.slice(0, MOST_REPORTED)].join("; ");
  report.failures.push({ fullTitle: TITLE, err: { message } });
  writeFileSync(file, JSON.stringify(report));
}

function say(line: string): void {
  process.stdout.write(`${TITLE}: ${line}\n`);
}
