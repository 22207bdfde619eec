/**
 * Hot reload: when the program's files change it is evaluated again, what the new graph changes is shown, and the running
 * stage goes on with it. Data stays. A program that does not evaluate, or a graph that cannot run, leaves the old one.
 */
import { watch, type FSWatcher } from "node:fs";
import { join } from "node:path";
import { isNoChange, type DeploymentPlan } from "../../local/deployment/plan";
import type { Graph } from "../../local/graph/graph";

/** Where the program is: folders, and the files of its configuration. */
const FOLDERS = ["functions", "infra", "stacks"] as const;
const SETTINGS = /^Pulumi(\.[\w-]+)?\.yaml$/;

/** Editors write a file in several steps, and a checkout writes many files. */
const SETTLED_MS = 250;

const SIGNS = { create: "+", import: "=", update: "~", replace: "±", delete: "-" } as const;

export interface WatchOptions {
  readonly root: string;
  readonly evaluate: () => Promise<Graph>;
  readonly apply: (graph: Graph) => Promise<DeploymentPlan>;
  readonly say: (line: string) => void;
}

export class ProgramWatch {
  readonly #watchers: readonly FSWatcher[];
  #timer: NodeJS.Timeout | undefined;
  #reloading: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(private readonly options: WatchOptions) {
    const { root } = options;
    this.#watchers = [
      ...FOLDERS.map((folder) =>
        watch(join(root, folder), { recursive: true }, (_, file) => {
          if (file?.endsWith(".ts") === true && !file.endsWith(".test.ts")) this.#changed();
        }),
      ),
      watch(root, (_, file) => {
        if (file !== null && SETTINGS.test(file)) this.#changed();
      }),
    ];
  }

  /** Resolves when no reload is under way any more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watchers.forEach((watcher) => watcher.close());
    await this.#reloading;
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#reloading = this.#reloading.then(() => this.#reload());
    }, SETTLED_MS);
  }

  async #reload(): Promise<void> {
    if (this.#closed) return;
    const { evaluate, apply, say } = this.options;
    try {
      const plan = await apply(await evaluate());
      describePlan(plan).forEach(say);
    } catch (error) {
      say(`the change is not taken over: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** One line per resource that changes, then what came of it. */
export function describePlan(plan: DeploymentPlan): string[] {
  if (isNoChange(plan)) return ["the program changed, its graph did not"];
  const lines = plan.changes.flatMap(({ kind, label, differences }) => {
    if (kind === "same") return [];
    const properties = [...differences.keys()].join(", ");
    return [`  ${SIGNS[kind]} ${kind.padEnd(8)}${label}${properties === "" ? "" : `: ${properties}`}`];
  });
  return [...lines, `${lines.length} changed; data stays, requests go on`];
}
