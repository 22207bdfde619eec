/** Stacks, change sets and events on disk: each change of theirs is one record, so that none is ever half done. */
import { Journal, type JournalOptions, type Subject } from "../../durable/journal";
import type { ChangeSetRecord, EventRecord, StackRecord } from "./record";

/** Everything that one step changes. */
export interface StoredChange {
  readonly stacks?: readonly StackRecord[];
  readonly changeSets?: readonly ChangeSetRecord[];
  readonly droppedChangeSets?: readonly string[];
  readonly events?: readonly EventRecord[];
}

interface Snapshot {
  readonly stacks: readonly StackRecord[];
  readonly changeSets: readonly ChangeSetRecord[];
  readonly events: readonly EventRecord[];
}

export class StackStore implements Subject<Snapshot, StoredChange> {
  readonly #stacks = new Map<string, StackRecord>();
  readonly #changeSets = new Map<string, ChangeSetRecord>();
  /** By stack, the oldest first. */
  readonly #events = new Map<string, EventRecord[]>();
  #journal: Journal<Snapshot, StoredChange> | undefined;

  static async open(folder: string, options: JournalOptions<Snapshot, StoredChange>): Promise<StackStore> {
    const store = new StackStore();
    store.#journal = await Journal.open(folder, store, options);
    return store;
  }

  get stacks(): readonly StackRecord[] {
    return [...this.#stacks.values()];
  }

  get changeSets(): readonly ChangeSetRecord[] {
    return [...this.#changeSets.values()];
  }

  stack(id: string): StackRecord | undefined {
    return this.#stacks.get(id);
  }

  /** By id, also when it is deleted; by name only while it is not. */
  find(nameOrId: string): StackRecord | undefined {
    return (
      this.#stacks.get(nameOrId) ??
      this.stacks.find(({ name, status }) => name === nameOrId && status !== "DELETE_COMPLETE")
    );
  }

  changeSet(id: string): ChangeSetRecord | undefined {
    return this.#changeSets.get(id);
  }

  changeSetsOf(stackId: string): ChangeSetRecord[] {
    return this.changeSets.filter((each) => each.stackId === stackId);
  }

  /** The newest first. */
  eventsOf(stackId: string): readonly EventRecord[] {
    return (this.#events.get(stackId) ?? []).toReversed();
  }

  /** What other stacks may import: the export's value, and the stack it is of. */
  exported(name: string): { readonly value: string; readonly stack: StackRecord } | undefined {
    for (const stack of this.#stacks.values()) {
      if (stack.status === "DELETE_COMPLETE") continue;
      const output = stack.outputs.find(({ ExportName }) => ExportName === name);
      if (output !== undefined) return { value: output.OutputValue, stack };
    }
    return undefined;
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
    if (snapshot !== undefined) this.apply(snapshot);
  }

  apply({ stacks = [], changeSets = [], droppedChangeSets = [], events = [] }: StoredChange): void {
    for (const stack of stacks) this.#stacks.set(stack.id, stack);
    for (const changeSet of changeSets) this.#changeSets.set(changeSet.id, changeSet);
    for (const id of droppedChangeSets) this.#changeSets.delete(id);
    for (const event of events) {
      this.#events.set(event.StackId, [...(this.#events.get(event.StackId) ?? []), event]);
    }
  }

  snapshot(): Snapshot {
    return { stacks: this.stacks, changeSets: this.changeSets, events: [...this.#events.values()].flat() };
  }
}
