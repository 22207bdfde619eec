/** Makes change sets: pending at first, and after a while complete, or failed with the reason. */
import type { Timer } from "../../../clock";
import { AwsError } from "../../service";
import { principalOf } from "../actor";
import type { EngineContext } from "../execution/engine";
import { textsOf } from "../execution/nested-stacks";
import { arnOfChangeSet, uuidOf } from "../naming";
import type { ChangeSetRecord, ResourceChange, ResourceRecord, StackRecord } from "../record";
import type { StackStore } from "../stack-store";
import { type Json, type JsonObject, stable, textOf } from "../template/json";
import { fillParameters } from "../template/parameters";
import { readTemplate } from "../template/read-template";
import { fetchTemplate } from "../template-source";
import { compareStack, type NestedChangeSet } from "./compare";

/** Milliseconds that CloudFormation takes to begin with a change set, and to make it. */
export const PENDING_MS = 500;
export const MAKING_MS = 2_000;

export const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export class ChangeSetMaker {
  readonly #timers = new Map<string, Timer>();
  readonly #steps = new Set<Promise<void>>();
  #isClosing = false;

  constructor(
    private readonly context: EngineContext,
    private readonly store: StackStore,
  ) {}

  /** Goes on with a change set that is stored as pending. */
  begin(id: string): void {
    this.#later(id, PENDING_MS);
  }

  /** Goes on with what was pending when the stage went down. */
  resume(): void {
    for (const { id, status } of this.store.changeSets) {
      if (status === "CREATE_PENDING" || status === "CREATE_IN_PROGRESS") this.begin(id);
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#timers.forEach((timer) => timer.cancel());
    await Promise.all(this.#steps);
  }

  #later(id: string, delay: number): void {
    if (this.#isClosing) return;
    const timer = this.context.clock.after(delay, () => {
      this.#timers.delete(id);
      const step = this.#step(id).finally(() => this.#steps.delete(step));
      this.#steps.add(step);
      return step;
    });
    this.#timers.set(id, timer);
  }

  async #step(id: string): Promise<void> {
    const changeSet = this.store.changeSet(id);
    if (changeSet?.status === "CREATE_PENDING") {
      await this.store.put({ changeSets: [{ ...changeSet, status: "CREATE_IN_PROGRESS" }] });
      this.#later(id, MAKING_MS);
    } else if (changeSet?.status === "CREATE_IN_PROGRESS") {
      const made = await this.#make(changeSet);
      // Somebody may have deleted it meanwhile.
      if (this.store.changeSet(id) !== undefined) await this.store.put({ changeSets: made });
    }
  }

  /** The change set as it turns out, with those of its nested stacks. */
  async #make(changeSet: ChangeSetRecord): Promise<ChangeSetRecord[]> {
    const stack = this.store.stack(changeSet.stackId);
    if (stack === undefined) return [failed(changeSet, "The stack does not exist any more")];
    const nested: ChangeSetRecord[] = [];
    try {
      const changes = await this.#compare(changeSet, stack, nested);
      if (changes.length === 0 && !changesBesides(changeSet, stack)) return [failed(changeSet, NO_CHANGES)];
      return [{ ...changeSet, status: "CREATE_COMPLETE", executionStatus: "AVAILABLE", changes }, ...nested];
    } catch (error) {
      if (error instanceof AwsError) return [failed(changeSet, error.message)];
      throw error;
    }
  }

  async #compare(changeSet: ChangeSetRecord, stack: StackRecord, nested: ChangeSetRecord[]): Promise<ResourceChange[]> {
    const { blueprint, imports, includeNested } = changeSet;
    const look = (record: ResourceRecord, properties: JsonObject): Promise<NestedChangeSet> =>
      this.#makeNested(changeSet, record, properties, nested);
    return compareStack({
      facts: this.context.facts,
      store: this.store,
      stack,
      blueprint,
      imports,
      nested: includeNested ? look : undefined,
    });
  }

  async #makeNested(
    parent: ChangeSetRecord,
    record: ResourceRecord,
    properties: JsonObject,
    all: ChangeSetRecord[],
  ): Promise<NestedChangeSet> {
    const stack = this.store.stack(record.physicalId);
    if (stack === undefined) throw new AwsError("ValidationError", `Stack [${record.physicalId}] does not exist`);
    const caller = principalOf(parent.actor, this.context);
    const template = await fetchTemplate(textOf(properties["TemplateURL"]), caller, this.context.dispatch);
    const given = Object.entries(textsOf(properties["Parameters"]));
    const parameters = fillParameters(
      readTemplate(template),
      given.map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    );
    const name = `${parent.name}-${record.logicalId}`;
    const child: ChangeSetRecord = {
      ...parent,
      id: arnOfChangeSet(this.context.facts, name, uuidOf(`${parent.id}/${record.logicalId}`)),
      name,
      stackId: stack.id,
      stackName: stack.name,
      blueprint: { ...parent.blueprint, template, parameters },
      imports: {},
      parentId: parent.id,
      rootId: parent.rootId ?? parent.id,
    };
    const changes = await this.#compare(child, stack, all);
    const isEmpty = changes.length === 0 && !changesBesides(child, stack);
    if (!isEmpty) all.push({ ...child, status: "CREATE_COMPLETE", executionStatus: "AVAILABLE", changes });
    return { id: child.id, isEmpty };
  }
}

function failed(changeSet: ChangeSetRecord, reason: string): ChangeSetRecord {
  return { ...changeSet, status: "FAILED", executionStatus: "UNAVAILABLE", reason };
}

/** Whether outputs or tags change: they are in no list of changes. */
function changesBesides({ blueprint }: ChangeSetRecord, stack: StackRecord): boolean {
  if (stack.status === "REVIEW_IN_PROGRESS") return true;
  if (stable(blueprint.tags as unknown as Json) !== stable(stack.blueprint.tags as unknown as Json)) return true;
  const [was, is] = [readTemplate(stack.blueprint.template), readTemplate(blueprint.template)];
  if (stable(was.Outputs as unknown as Json) !== stable(is.Outputs as unknown as Json)) return true;
  return false;
}
