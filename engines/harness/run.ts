/** Runs engines one after the other within the time there is; what cannot be had is skipped with its reason. */
import { runChecks, type Checked } from "./checks";
import { Unavailable, type Engine, type Installed } from "./contract";
import type { Memory } from "./memory";
import { childSeconds } from "./processor-time";
import type { EngineReport } from "./report";
import { Workshop } from "./workshop";

export interface TimeLimits {
  /** Minutes that each engine has to be installed. */
  readonly install: number;
  /** Minutes that the checks of each engine have. */
  readonly checks: number;
  /** Minutes of the whole run: no engine is begun after them, and none may outlast them. */
  readonly total: number;
}

export interface RunSettings {
  readonly limits: TimeLimits;
  readonly memory: Memory;
  readonly tell: (line: string) => void;
  /** How checks are run. @default the mocha files of the engine's folder */
  readonly check?: typeof runChecks;
}

const MINUTE = 60_000;

export async function runEngines(engines: readonly Engine[], settings: RunSettings): Promise<EngineReport[]> {
  const end = Date.now() + settings.limits.total * MINUTE;
  const reports: EngineReport[] = [];
  for (const engine of engines) reports.push(await runEngine(engine, end, settings));
  return reports;
}

async function runEngine(engine: Engine, end: number, settings: RunSettings): Promise<EngineReport> {
  const { limits, memory, tell, check = runChecks } = settings;
  const [started, cpu] = [Date.now(), childSeconds()];
  const spent = () => ({
    seconds: (Date.now() - started) / 1000,
    ...(cpu === undefined ? {} : { cpuSeconds: (childSeconds() ?? cpu) - cpu }),
  });
  const { name, judges } = engine;
  tell(`\n== ${name}: ${judges}`);
  const skip = (reason: string): EngineReport => {
    tell(`SKIPPED ${name}: ${reason}`);
    const earlier = memory.earlierPass(name);
    const before = earlier === undefined ? {} : { earlierPass: earlier };
    return { name, judges, passed: 0, failed: 0, skipped: 1, reason, ...before, failures: [], figures: [], ...spent() };
  };

  if (Date.now() >= end) return skip(`the ${limits.total} minutes of this run were used up`);
  let installed: Installed;
  try {
    installed = await engine.install(new Workshop(name, Math.min(end, Date.now() + limits.install * MINUTE), tell));
  } catch (error) {
    if (error instanceof Unavailable) return skip(error.message);
    throw error;
  }
  const { version } = installed;
  tell(`${name} ${version} is ready after ${spent().seconds.toFixed(0)} s`);
  const left = Math.max(MINUTE, Math.min(limits.checks * MINUTE, end - Date.now()));
  const { fault, ...counts }: Checked = await check(name, installed.settings, left);
  if (counts.failed === 0 && counts.passed > 0) {
    memory.remember(name, { version, passed: counts.passed, on: new Date().toISOString().slice(0, 10) });
  }
  return { name, judges, version, ...counts, ...(fault === undefined ? {} : { reason: fault }), ...spent() };
}
