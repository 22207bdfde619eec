/** The executions of every machine in memory, as the journal keeps them on disk. */
import type { Journal, Subject } from "../../durable/journal";
import {
  hasBranches,
  type ExecutionEnd,
  type ExecutionRecord,
  type ExecutionStart,
  type HistoryEvent,
  type TaskAnswer,
} from "./execution-record";
import type { Branch, Ended, Position } from "./interpreter/host";

export type Change =
  | { readonly kind: "started"; readonly execution: ExecutionStart }
  | {
      readonly kind: "happened";
      readonly arn: string;
      readonly branch: Branch;
      readonly events: readonly HistoryEvent[];
      readonly moved?: Position | Ended;
      readonly end?: ExecutionEnd;
    }
  | { readonly kind: "answered"; readonly arn: string; readonly branch: Branch; readonly answer: TaskAnswer }
  | { readonly kind: "forgotten"; readonly arns: readonly string[]; readonly namesBefore: number };

/** What takes changes: applies them at once, and resolves when they are on disk. */
export type Recorder = Pick<Journal<Snapshot, Change>, "record">;

export interface Snapshot {
  readonly executions: readonly (Omit<ExecutionRecord, "branches"> & {
    readonly branches: readonly [Branch, NonNullable<ReturnType<ExecutionRecord["branches"]["get"]>>][];
  })[];
  readonly names: readonly [string, number][];
}

export class ExecutionStore implements Subject<Snapshot, Change> {
  readonly #executions = new Map<string, ExecutionRecord>();
  /** When executions ended that are forgotten themselves: their names are not free yet. */
  readonly #names = new Map<string, number>();

  /** In the order of their starts. */
  get all(): readonly ExecutionRecord[] {
    return [...this.#executions.values()];
  }

  find(arn: string): ExecutionRecord | undefined {
    return this.#executions.get(arn);
  }

  /** Whether an execution had this ARN, and its name may not be given again. */
  isTaken(arn: string): boolean {
    return this.#executions.has(arn) || this.#names.has(arn);
  }

  /** Whether a name is kept that is free again. */
  hasNameBefore(time: number): boolean {
    return [...this.#names.values()].some((ended) => ended < time);
  }

  restore(snapshot: Snapshot = { executions: [], names: [] }): void {
    for (const { branches, ...execution } of snapshot.executions) {
      this.#executions.set(execution.arn, { ...execution, branches: new Map(branches) });
    }
    snapshot.names.forEach(([arn, ended]) => this.#names.set(arn, ended));
  }

  snapshot(): Snapshot {
    const executions = this.all.map(({ branches, ...execution }) => ({ ...execution, branches: [...branches] }));
    return { executions, names: [...this.#names] };
  }

  apply(change: Change): void {
    switch (change.kind) {
      case "started":
        this.#executions.set(change.execution.arn, {
          ...change.execution,
          end: undefined,
          events: [],
          branches: new Map(),
        });
        return;
      case "happened":
        return this.#happen(change);
      case "answered": {
        const branches = this.#executions.get(change.arn)?.branches;
        const branch = branches?.get(change.branch);
        if (branch !== undefined) branches?.set(change.branch, { ...branch, answer: change.answer });
        return;
      }
      case "forgotten":
        return this.#forget(change.arns, change.namesBefore);
    }
  }

  #happen({ arn, branch, events, moved, end }: Extract<Change, { kind: "happened" }>): void {
    const execution = this.#executions.get(arn);
    if (execution === undefined) return;
    execution.events.push(...events);
    const { branches } = execution;
    const known = branches.get(branch);
    const lastEvent = events.at(-1)?.id ?? known?.lastEvent ?? 0;
    if (moved === undefined) branches.set(branch, { ...known, lastEvent });
    else {
      // Where a branch moves on, what stood below it and the answer to its task are things of the past.
      const isGoingOn = "work" in moved || ("task" in moved && moved.task?.submitted !== undefined);
      const { answer } = known ?? {};
      branches.set(branch, { at: moved, lastEvent, ...(isGoingOn && answer !== undefined ? { answer } : {}) });
      if (known !== undefined && hasBranches(known) && !("work" in moved)) this.#prune(branches, branch);
    }
    if (end === undefined) return;
    execution.end = end;
    branches.clear();
  }

  #prune(branches: ExecutionRecord["branches"], branch: Branch): void {
    for (const each of branches.keys()) if (each.startsWith(`${branch}/`)) branches.delete(each);
  }

  #forget(arns: readonly string[], namesBefore: number): void {
    for (const arn of arns) {
      const end = this.#executions.get(arn)?.end;
      this.#executions.delete(arn);
      if (end !== undefined) this.#names.set(arn, end.stopped);
    }
    for (const [arn, ended] of this.#names) if (ended < namesBefore) this.#names.delete(arn);
  }
}
