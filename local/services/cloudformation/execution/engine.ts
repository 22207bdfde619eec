/**
 * Carries out what is under way in stacks, one resource at a time, in the clock's time. Every step is on disk before the
 * next begins: an execution that a crash cut short goes on where it was.
 */
import type { Timer } from "../../../clock";
import type { ServiceContext } from "../../context";
import type { ActingContext } from "../actor";
import type { Faults } from "../faults";
import type { ChangeSetRecord, ResourceRecord, StackOperation, StackRecord, WorkItem } from "../record";
import { NESTED_STACK } from "../resource-type";
import type { StackStore, StoredChange } from "../stack-store";
import { StackDraft } from "./draft";
import { NestedStacks } from "./nested-stacks";
import { outputsOf } from "./outputs";
import { ResourceWork, type Outcome } from "./resource-work";
import { BEGUN, CLEANING_UP, DONE, FAILED, ROLLING_BACK } from "./stage-of-operation";

export type EngineContext = Pick<ServiceContext, "clock" | "dispatch" | "say"> & ActingContext;

/** Milliseconds that each resource takes. */
export const RESOURCE_MS = 1_000;

export class StackEngine {
  readonly #timers = new Map<string, Timer>();
  readonly #steps = new Set<Promise<void>>();
  readonly #work: ResourceWork;
  #isClosing = false;

  constructor(
    private readonly context: EngineContext,
    private readonly store: StackStore,
    faults: Faults,
  ) {
    const nested = new NestedStacks(context, store, (stack, operation) => this.begin(stack, operation));
    this.#work = new ResourceWork(context, store, faults, nested);
  }

  /** Begins an operation. @param more what becomes true with it, in the same record */
  async begin(stack: StackRecord, operation: StackOperation, more: StoredChange = {}): Promise<StackRecord> {
    const draft = this.#draft({ ...stack, operation });
    draft.setStatus(BEGUN[operation.kind], stack.parentId === undefined ? "User Initiated" : undefined);
    await this.store.put({ ...more, stacks: [...(more.stacks ?? []), draft.stack], events: draft.events });
    this.#schedule(stack.id, 0);
    return draft.stack;
  }

  /** Goes on with what was under way when the stage went down. */
  resume(): void {
    for (const { id, operation } of this.store.stacks) if (operation !== undefined) this.#schedule(id, 0);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#timers.forEach((timer) => timer.cancel());
    await Promise.all(this.#steps);
  }

  #draft(stack: StackRecord): StackDraft {
    return new StackDraft(stack, this.context.clock.now(), this.store.eventsOf(stack.id).length);
  }

  #schedule(stackId: string, delay: number): void {
    if (this.#isClosing) return;
    const timer = this.context.clock.after(delay, () => {
      this.#timers.delete(stackId);
      const step = this.#step(stackId).finally(() => this.#steps.delete(step));
      this.#steps.add(step);
      return step;
    });
    this.#timers.set(stackId, timer);
  }

  async #step(stackId: string): Promise<void> {
    const stack = this.store.stack(stackId);
    if (stack?.operation === undefined) return;
    const { changeSetId } = stack.operation;
    const draft = this.#draft(stack);
    const delay = await this.#advance(draft);
    const isOver = draft.stack.operation === undefined;
    const changeSet = isOver && changeSetId !== undefined ? this.store.changeSet(changeSetId) : undefined;
    const executed = changeSet === undefined ? [] : [executedAs(changeSet, draft.stack.status)];
    await this.store.put({ stacks: [draft.stack], events: draft.events, changeSets: executed });
    if (!isOver) this.#schedule(stackId, delay);
  }

  /** Does one thing, and says how long it takes until the next. */
  async #advance(draft: StackDraft): Promise<number> {
    const { work } = draft.operation;
    const [item, ...rest] = work;
    if (item === undefined) {
      this.#turn(draft);
      return 0;
    }
    const outcome = item.isBegun === true ? await this.#work.finish(draft, item) : await this.#work.begin(draft, item);
    return this.#take(draft, item, rest, outcome);
  }

  #take(draft: StackDraft, item: WorkItem, rest: readonly WorkItem[], outcome: Outcome): number {
    switch (outcome.kind) {
      case "begun":
        draft.operation = { ...draft.operation, work: [outcome.item, ...rest] };
        return RESOURCE_MS;
      case "waiting":
        return RESOURCE_MS;
      case "done": {
        const { undo, cleanup } = draft.operation;
        draft.operation = {
          ...draft.operation,
          work: rest,
          undo: [...(outcome.undo === undefined ? [] : [outcome.undo]), ...undo],
          cleanup: [...cleanup, ...(outcome.cleanup === undefined ? [] : [outcome.cleanup])],
        };
        return 0;
      }
      case "failed":
        this.#fail(draft, item, rest);
        return 0;
    }
  }

  /** All is done that this stage had to do. */
  #turn(draft: StackDraft): void {
    const { kind, stage, cleanup, reason } = draft.operation;
    switch (stage) {
      case "forward": {
        if (kind === "DELETE") {
          if (reason === undefined) draft.stack.deleted = this.context.clock.now();
          return this.#end(draft, reason === undefined ? DONE.DELETE : FAILED.DELETE, reason);
        }
        const outputs = outputsOf(draft.stack, this.context.facts, this.store);
        if (typeof outputs === "string") return this.#rollBack(draft, [], outputs);
        draft.stack.outputs = outputs;
        const next = CLEANING_UP[kind];
        if (next === undefined) return this.#end(draft, DONE[kind]);
        draft.setStatus(next);
        draft.operation = { ...draft.operation, stage: "cleanup", work: cleanup };
        return;
      }
      case "cleanup":
        return this.#end(draft, DONE[kind]);
      case "rollback": {
        const undoing = ROLLING_BACK[kind as "CREATE"];
        if (undoing.cleaningUp === undefined) return this.#end(draft, undoing.done);
        draft.setStatus(undoing.cleaningUp);
        draft.operation = { ...draft.operation, stage: "rollback-cleanup", work: cleanup };
        return;
      }
      case "rollback-cleanup":
        return this.#end(draft, ROLLING_BACK[kind as "CREATE"].done);
    }
  }

  #fail(draft: StackDraft, item: WorkItem, rest: readonly WorkItem[]): void {
    const { kind, stage, onFailure, reason: known } = draft.operation;
    const isDeleting = kind === "DELETE" && stage === "forward";
    if (isDeleting || stage === "cleanup" || stage === "rollback-cleanup") {
      // What could not be deleted stays; the rest goes all the same.
      const failed = `The following resource(s) failed to delete: [${item.logicalId}]. `;
      draft.operation = { ...draft.operation, work: rest, ...(isDeleting ? { reason: (known ?? "") + failed } : {}) };
      return;
    }
    const failed = `The following resource(s) failed to ${verbOf(item)}: [${item.logicalId}]. `;
    if (stage === "rollback") return this.#end(draft, ROLLING_BACK[kind as "CREATE"].failed, failed);
    if (onFailure === "DO_NOTHING") return this.#end(draft, FAILED[kind], failed);
    if (onFailure === "DELETE") return this.#delete(draft, failed);
    return this.#rollBack(draft, this.#undoOf(draft, item), failed);
  }

  /** What a resource that failed half-way left behind. */
  #undoOf(draft: StackDraft, { do: what, logicalId, record }: WorkItem): WorkItem[] {
    const current = draft.stack.resources[logicalId];
    const before = record ?? (what === "update" ? current : undefined);
    if (before !== undefined) return [{ do: "restore", logicalId, record: before }];
    if (current === undefined) return [];
    if (current.type === NESTED_STACK) return [{ do: "delete", logicalId, record: current }];
    draft.dropResource(logicalId);
    return [];
  }

  #rollBack(draft: StackDraft, first: readonly WorkItem[], why: string): void {
    const { kind, undo, previous } = draft.operation;
    const all = [...first, ...undo];
    draft.setStatus(ROLLING_BACK[kind as "CREATE"].begun, why);
    if (previous !== undefined) draft.stack.blueprint = previous;
    const restoring = kind === "CREATE" ? all : all.filter((each) => each.do === "restore");
    const cleanup = kind === "CREATE" ? [] : all.filter((each) => each.do === "delete");
    draft.operation = { ...draft.operation, stage: "rollback", work: restoring, undo: [], cleanup };
  }

  #delete(draft: StackDraft, why: string): void {
    draft.setStatus(BEGUN.DELETE, why);
    const records = Object.values(draft.stack.resources).reverse();
    draft.operation = {
      ...draft.operation,
      kind: "DELETE",
      stage: "forward",
      work: records.map((record) => ({ do: "delete", logicalId: record.logicalId, record })),
    };
  }

  #end(draft: StackDraft, status: string, reason?: string): void {
    draft.setStatus(status, reason);
    draft.operation = undefined;
  }
}

function verbOf({ do: what }: WorkItem): string {
  return what === "restore" ? "update" : what;
}

function executedAs(changeSet: ChangeSetRecord, status: string): ChangeSetRecord {
  const isDone = Object.values(DONE).includes(status);
  return { ...changeSet, executionStatus: isDone ? "EXECUTE_COMPLETE" : "EXECUTE_FAILED" };
}

/** Resources in the order in which they can be deleted: what was made last goes first. */
export function deletionOrder(stack: StackRecord, order: readonly string[]): ResourceRecord[] {
  const place = (record: ResourceRecord): number => order.indexOf(record.logicalId);
  return Object.values(stack.resources).sort((a, b) => place(b) - place(a));
}
