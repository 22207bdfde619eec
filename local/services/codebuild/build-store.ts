/** Builds on disk, the newest of each project first. */
import { Journal, type JournalOptions, type Subject } from "../../durable/journal";
import type { BuildRecord } from "./build";

export class BuildStore implements Subject<readonly BuildRecord[], BuildRecord> {
  readonly #builds = new Map<string, BuildRecord>();
  #journal: Journal<readonly BuildRecord[], BuildRecord> | undefined;

  static async open(folder: string, options: JournalOptions<readonly BuildRecord[], BuildRecord>): Promise<BuildStore> {
    const store = new BuildStore();
    store.#journal = await Journal.open(folder, store, options);
    return store;
  }

  get all(): readonly BuildRecord[] {
    return [...this.#builds.values()];
  }

  get(id: string): BuildRecord | undefined {
    return this.#builds.get(id);
  }

  of(project: string): BuildRecord[] {
    return this.all.filter((build) => build.project === project).reverse();
  }

  async put(build: BuildRecord): Promise<void> {
    await this.#journal?.record(build);
  }

  async settled(): Promise<void> {
    await this.#journal?.settled();
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  restore(builds: readonly BuildRecord[] | undefined): void {
    builds?.forEach((build) => this.apply(build));
  }

  apply(build: BuildRecord): void {
    this.#builds.set(build.id, build);
  }

  snapshot(): readonly BuildRecord[] {
    return this.all;
  }
}
