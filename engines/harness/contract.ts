/**
 * An engine: something that nobody here wrote and that judges what we wrote. Each has a folder of its own with an
 * `engine.ts` that exports `engine`, and checks beside it: mocha files named `*.test.ts`.
 */
import type { Workshop } from "./workshop";

export interface Engine {
  /** The folder's name, which is also what `npm run test:engines -- NAME` takes. */
  readonly name: string;
  /** What it holds our work against, for the table. */
  readonly judges: string;
  /**
   * Finds the engine on this machine, or puts it into the cache.
   * @throws Unavailable when it cannot be had here: the engine is skipped, with the reason
   */
  readonly install: (workshop: Workshop) => Promise<Installed>;
}

/** An engine that is ready to judge. */
export interface Installed {
  readonly version: string;
  /** What its checks need to find it; read by `engineSetting`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The engine cannot be had on this machine: the reason is all there is to say. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

/**
 * What the harness tells the checks of an engine.
 * @throws Error when the checks were started without the harness
 */
export function engineSetting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start these checks with npm run test:engines`);
  return value;
}
