/** Finds the engines: every folder beside this one that has an `engine.ts`. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError } from "../../bin/exit";
import type { Engine } from "./contract";

const FOLDER = resolve(__dirname, "..");

export function engineNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => existsSync(join(FOLDER, name, "engine.ts")))
    .sort();
}

/**
 * @param wanted names; all when there are none
 * @throws InputError when a name is none of an engine's
 */
export async function findEngines(wanted: readonly string[]): Promise<Engine[]> {
  const known = engineNames();
  const strangers = wanted.filter((name) => !known.includes(name));
  if (strangers.length > 0) {
    throw new InputError(`test:engines: got ${strangers.join(", ")}, allowed ${known.join(", ")}, or no name for all`);
  }
  const names = wanted.length === 0 ? known : wanted;
  return Promise.all(
    names.map(async (name) => ((await import(join(FOLDER, name, "engine.ts"))) as { engine: Engine }).engine),
  );
}
