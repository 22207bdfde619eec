/** Executions, closed transitions and the newest revision of each pipeline, on disk. */
import { Journal, type JournalOptions, type Subject } from "../../durable/journal";
import type { ClosedTransition, ExecutionRecord, Revision } from "./record";

export interface StoredChange {
  readonly executions?: readonly ExecutionRecord[];
  readonly revision?: { readonly pipeline: string; readonly revision: Revision };
  readonly closed?: ClosedTransition;
  readonly opened?: { readonly pipeline: string; readonly stage: string };
}

interface Snapshot {
  readonly executions: readonly ExecutionRecord[];
  readonly revisions: readonly (readonly [string, Revision])[];
  readonly closed: readonly ClosedTransition[];
}

export class PipelineStore implements Subject<Snapshot, StoredChange> {
  readonly #executions = new Map<string, ExecutionRecord>();
  readonly #revisions = new Map<string, Revision>();
  readonly #closed = new Map<string, ClosedTransition>();
  #journal: Journal<Snapshot, StoredChange> | undefined;

  static async open(folder: string, options: JournalOptions<Snapshot, StoredChange>): Promise<PipelineStore> {
    const store = new PipelineStore();
    store.#journal = await Journal.open(folder, store, options);
    return store;
  }

  get(id: string): ExecutionRecord | undefined {
    return this.#executions.get(id);
  }

  /** The oldest first. */
  of(pipeline: string): ExecutionRecord[] {
    return [...this.#executions.values()].filter((each) => each.pipeline === pipeline);
  }

  get all(): ExecutionRecord[] {
    return [...this.#executions.values()];
  }

  revision(pipeline: string): Revision | undefined {
    return this.#revisions.get(pipeline);
  }

  closed(pipeline: string, stage: string): ClosedTransition | undefined {
    return this.#closed.get(`${pipeline}/${stage}`);
  }

  async put(change: StoredChange): Promise<void> {
    await this.#journal?.record(change);
  }

  async settled(): Promise<void> {
    await this.#journal?.settled();
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  restore(snapshot: Snapshot | undefined): void {
    if (snapshot === undefined) return;
    this.apply({ executions: snapshot.executions });
    for (const [pipeline, revision] of snapshot.revisions) this.#revisions.set(pipeline, revision);
    for (const closed of snapshot.closed) this.apply({ closed });
  }

  apply({ executions = [], revision, closed, opened }: StoredChange): void {
    for (const execution of executions) this.#executions.set(execution.id, execution);
    if (revision !== undefined) this.#revisions.set(revision.pipeline, revision.revision);
    if (closed !== undefined) this.#closed.set(`${closed.pipeline}/${closed.stage}`, closed);
    if (opened !== undefined) this.#closed.delete(`${opened.pipeline}/${opened.stage}`);
  }

  snapshot(): Snapshot {
    return { executions: this.all, revisions: [...this.#revisions], closed: [...this.#closed.values()] };
  }
}
