/** Which engines have passed on this machine before: a skip of one of them is a loss, and shown as such. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CACHE } from "./workshop";

export interface EarlierPass {
  readonly version: string;
  readonly passed: number;
  /** `2026-11-27`. */
  readonly on: string;
}

type Passes = Readonly<Record<string, EarlierPass>>;

export class Memory {
  constructor(private readonly file = join(CACHE, "passed.json")) {}

  earlierPass(engine: string): EarlierPass | undefined {
    return this.#read()[engine];
  }

  remember(engine: string, pass: EarlierPass): void {
    writeFileSync(this.file, `${JSON.stringify({ ...this.#read(), [engine]: pass }, undefined, 2)}\n`);
  }

  #read(): Passes {
    return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, "utf8")) as Passes) : {};
  }
}
