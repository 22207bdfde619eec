/** Where an engine is put together: a folder of the cache that stays, and commands that end when the time is up. */
import { mkdirSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { STATE_FOLDER } from "../../bin/folders";
import { runToEnd, type Ended } from "./child";
import { Unavailable } from "./contract";

/** Git-ignored: engines, what they report, and what is known of earlier runs. */
export const CACHE = join(STATE_FOLDER, "engines");

export interface CommandPlace {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export class Workshop {
  /** The engine's own folder; what is in it stays from one run to the next. */
  readonly folder: string;

  /** @param deadline milliseconds since the epoch, by which the engine must stand */
  constructor(
    name: string,
    private readonly deadline: number,
    readonly tell: (line: string) => void,
  ) {
    this.folder = join(CACHE, name);
    mkdirSync(this.folder, { recursive: true });
  }

  /**
   * Runs one step of an installation and answers what it printed.
   * @throws Unavailable when the command is not here, fails, or does not end in time
   */
  async run(command: string, given: readonly string[], place: CommandPlace = {}): Promise<string> {
    const left = this.deadline - Date.now();
    if (left <= 0) throw new Unavailable(`the time to install was up before ${command} (${busyness()})`);
    const ended = await runToEnd(command, given, { ...place, milliseconds: left });
    if (ended.how === "done") return ended.stdout;
    throw new Unavailable(describe(`${command} ${given.slice(0, 2).join(" ")}`.trim(), ended));
  }

  /** The first of these commands that answers, with its answer; nothing when none does. */
  async find(candidates: readonly string[], probe: readonly string[]): Promise<Found | undefined> {
    for (const command of candidates) {
      const ended = await runToEnd(command, probe, { milliseconds: 60_000 });
      if (ended.how === "done") return { command, answer: `${ended.stdout}${ended.stderr}`.trim() };
    }
    return undefined;
  }
}

export interface Found {
  readonly command: string;
  readonly answer: string;
}

function describe(step: string, ended: Exclude<Ended, { how: "done" }>): string {
  switch (ended.how) {
    case "absent":
      return `${step}: not on this machine`;
    case "late":
      return `${step}: did not end in time (${busyness()})`;
    case "failed":
      return `${step}: ended with ${ended.status}: ${lastLines(`${ended.stdout}\n${ended.stderr}`)}`;
  }
}

/** `load 5.2 on 2 processors`: why something may have taken long. */
function busyness(): string {
  return `load ${(loadavg()[0] ?? 0).toFixed(1)} on ${cpus().length} processors`;
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join(" | ").slice(-400);
}
