/** What is done to one resource, in two halves: it begins, and after its time it is done or has failed. */
import { AwsError } from "../../service";
import { refusalOf } from "../actor";
import type { Faults } from "../faults";
import { identify, nameResource } from "../naming";
import type { ResourceRecord, WorkItem } from "../record";
import { NESTED_STACK, recreationOf } from "../resource-type";
import { scopeOf } from "../scope";
import { forbids, type PolicyQuestion } from "../stack-policy";
import type { StackStore } from "../stack-store";
import { isObject, stable, type JsonObject } from "../template/json";
import { resolve } from "../template/resolve";
import { readTemplate, type TemplateResource } from "../template/read-template";
import type { StackDraft } from "./draft";
import type { EngineContext } from "./engine";
import type { NestedStacks } from "./nested-stacks";

export type Outcome =
  | { readonly kind: "begun"; readonly item: WorkItem }
  | { readonly kind: "waiting" }
  | { readonly kind: "done"; readonly undo?: WorkItem; readonly cleanup?: WorkItem }
  | { readonly kind: "failed"; readonly reason: string };

const DONE: Outcome = { kind: "done" };

export class ResourceWork {
  constructor(
    private readonly context: EngineContext,
    private readonly store: StackStore,
    private readonly faults: Faults,
    private readonly nested: NestedStacks,
  ) {}

  async begin(draft: StackDraft, item: WorkItem): Promise<Outcome> {
    try {
      switch (item.do) {
        case "create":
        case "import":
        case "update":
          return await this.#beginMaking(draft, item);
        case "delete":
          return await this.#beginDeleting(draft, item);
        case "restore":
          return await this.#beginRestoring(draft, item);
      }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return this.#fail(draft, item, error.message);
    }
  }

  async finish(draft: StackDraft, item: WorkItem): Promise<Outcome> {
    const record = item.do === "delete" ? item.record : draft.stack.resources[item.logicalId];
    if (record === undefined) return DONE;
    if (record.type === NESTED_STACK) {
      const state = this.nested.stateOf(record.physicalId, item.do === "delete");
      if (state === "pending") return { kind: "waiting" };
      if (state !== "done") return this.#fail(draft, item, state.failed);
    }
    const reason = this.#refusal(draft, item, record);
    if (reason !== undefined) return this.#fail(draft, item, reason);
    switch (item.do) {
      case "delete":
        return finishDeleting(draft, record);
      case "restore":
        draft.setResource(record, "UPDATE_COMPLETE");
        return DONE;
      default:
        return finishMaking(draft, item, record);
    }
  }

  async #beginMaking(draft: StackDraft, item: WorkItem): Promise<Outcome> {
    const { stack, operation } = draft;
    const { logicalId } = item;
    const definition = readTemplate(stack.blueprint.template).Resources[logicalId] as TemplateResource;
    const before = stack.resources[logicalId];
    const properties = this.#properties(draft, definition);
    if (before === undefined) return this.#beginCreating(draft, item, definition, properties);
    const changed = changedProperties(before, properties);
    const isNested = before.type === NESTED_STACK;
    if (changed.length === 0 && !isNested) {
      draft.stack.resources = { ...stack.resources, [logicalId]: { ...before, definition } };
      return DONE;
    }
    const isReplacement = changed.some((name) => recreationOf(before.type, name) === "Always");
    this.#askPolicy(draft, before, isReplacement ? "Update:Replace" : "Update:Modify");
    const made = isReplacement ? this.#name(draft, logicalId, definition, properties) : before;
    const next: ResourceRecord = { ...made, definition, properties };
    const note = "Requested update requires the creation of a new physical resource; hence creating one.";
    draft.setResource({ ...before, properties }, "UPDATE_IN_PROGRESS", isReplacement ? note : undefined);
    draft.stack.resources = { ...draft.stack.resources, [logicalId]: { ...next, status: "UPDATE_IN_PROGRESS" } };
    if (isNested) await this.nested.update(stack, next, operation);
    return { kind: "begun", item: { ...item, do: "update", isBegun: true, record: before, isReplacement } };
  }

  async #beginCreating(
    draft: StackDraft,
    item: WorkItem,
    definition: TemplateResource,
    properties: JsonObject,
  ): Promise<Outcome> {
    const { logicalId } = item;
    const imported = draft.operation.imports?.[logicalId];
    const made = this.#name(draft, logicalId, definition, properties);
    const verb = imported === undefined ? "CREATE" : "IMPORT";
    const record = imported === undefined ? made : { ...made, physicalId: imported, name: imported };
    draft.setResource(record, `${verb}_IN_PROGRESS`);
    if (definition.Type === NESTED_STACK) await this.nested.create(draft.stack, record, draft.operation);
    return { kind: "begun", item: { ...item, isBegun: true, do: imported === undefined ? "create" : "import" } };
  }

  async #beginDeleting(draft: StackDraft, item: WorkItem): Promise<Outcome> {
    const { record, logicalId, isReplacement = false } = item;
    if (record === undefined) return DONE;
    const { kind, stage } = draft.operation;
    const policy = isReplacement ? record.definition.UpdateReplacePolicy : record.definition.DeletionPolicy;
    const isOfCreation = kind === "CREATE" && stage !== "forward";
    if (policy === "Retain" || (policy === "RetainExceptOnCreate" && !isOfCreation)) {
      draft.tell(record, "DELETE_SKIPPED");
      if (!isReplacement) draft.dropResource(logicalId);
      return DONE;
    }
    if (kind === "UPDATE" && stage === "cleanup" && !isReplacement) this.#askPolicy(draft, record, "Update:Delete");
    if (draft.stack.resources[logicalId]?.physicalId === record.physicalId) {
      draft.setResource(record, "DELETE_IN_PROGRESS");
    } else draft.tell(record, "DELETE_IN_PROGRESS");
    if (record.type === NESTED_STACK) await this.nested.remove(record, draft.operation);
    return { kind: "begun", item: { ...item, isBegun: true } };
  }

  async #beginRestoring(draft: StackDraft, item: WorkItem): Promise<Outcome> {
    const { record, logicalId } = item;
    if (record === undefined) return DONE;
    const current = draft.stack.resources[logicalId];
    draft.setResource(record, "UPDATE_IN_PROGRESS");
    if (record.type === NESTED_STACK) await this.nested.restore(record, draft.operation);
    const isReplaced = current !== undefined && current.physicalId !== record.physicalId;
    if (isReplaced && current.status === "UPDATE_COMPLETE") {
      const { cleanup } = draft.operation;
      draft.operation = {
        ...draft.operation,
        cleanup: [...cleanup, { do: "delete", logicalId, record: current, isReplacement: true }],
      };
    }
    return { kind: "begun", item: { ...item, isBegun: true } };
  }

  #properties(draft: StackDraft, definition: TemplateResource): JsonObject {
    const { stack } = draft;
    const { facts } = this.context;
    const scope = scopeOf({
      facts,
      store: this.store,
      stack,
      blueprint: stack.blueprint,
      resource: (logicalId) => stack.resources[logicalId],
    });
    const resolved = resolve(definition.Properties ?? {}, scope);
    return isObject(resolved) ? resolved : {};
  }

  #name(draft: StackDraft, logicalId: string, definition: TemplateResource, properties: JsonObject): ResourceRecord {
    const { stack } = draft;
    stack.made += 1;
    const of = { stackName: stack.name, stackId: stack.id, logicalId, made: stack.made };
    const name = nameResource(definition.Type, properties, of);
    const { facts, clock } = this.context;
    const isNested = definition.Type === NESTED_STACK;
    return {
      logicalId,
      type: definition.Type,
      name,
      physicalId: isNested ? this.nested.idOf(name) : identify(definition.Type, { name, facts, properties }),
      properties,
      definition,
      status: "",
      updated: clock.now(),
    };
  }

  /** @throws AwsError when the stack's policy forbids it */
  #askPolicy({ stack }: StackDraft, { logicalId, type }: ResourceRecord, action: PolicyQuestion["action"]): void {
    if (stack.policy === undefined) return;
    const denied = forbids(stack.policy, { action, logicalId, type });
    if (denied !== undefined) throw new AwsError("ValidationError", denied);
  }

  #refusal(draft: StackDraft, item: WorkItem, record: ResourceRecord): string | undefined {
    const verb =
      item.do === "delete" ? "delete" : item.do === "create" || item.isReplacement === true ? "create" : "update";
    const on = item.do === "restore" ? "update" : item.do === "import" ? "create" : item.do;
    const fault = this.faults.strike(draft.stack.name, item.logicalId, on);
    if (fault !== undefined) return fault;
    const { name, type, properties } = record;
    if (type === NESTED_STACK || item.do === "import") return undefined;
    return refusalOf(draft.operation.actor, verb, type, { name, properties, facts: this.context.facts }, this.context);
  }

  #fail(draft: StackDraft, item: WorkItem, reason: string): Outcome {
    const definition = readTemplate(draft.stack.blueprint.template).Resources[item.logicalId];
    const current = draft.stack.resources[item.logicalId] ?? item.record;
    const status = `${VERBS[item.do]}_FAILED`;
    if (item.do === "delete" && item.record !== undefined) {
      if (draft.stack.resources[item.logicalId]?.physicalId === item.record.physicalId)
        draft.setResource(item.record, status, reason);
      else draft.tell(item.record, status, reason);
    } else if (current !== undefined) draft.setResource(item.record ?? current, status, reason);
    else if (definition !== undefined) {
      const blank = { logicalId: item.logicalId, type: definition.Type, physicalId: "", name: "", properties: {} };
      draft.setResource({ ...blank, definition, status, updated: this.context.clock.now() }, status, reason);
    }
    return { kind: "failed", reason };
  }
}

const VERBS = { create: "CREATE", update: "UPDATE", delete: "DELETE", restore: "UPDATE", import: "IMPORT" } as const;

function changedProperties(before: ResourceRecord, after: JsonObject): string[] {
  const names = new Set([...Object.keys(before.properties), ...Object.keys(after)]);
  return [...names].filter((name) => stable(before.properties[name]) !== stable(after[name]));
}

function finishMaking(draft: StackDraft, item: WorkItem, record: ResourceRecord): Outcome {
  const { logicalId, record: before, isReplacement = false } = item;
  draft.setResource(record, `${VERBS[item.do]}_COMPLETE`);
  if (before === undefined) {
    return item.do === "import" ? DONE : { kind: "done", undo: { do: "delete", logicalId, record } };
  }
  return {
    kind: "done",
    undo: { do: "restore", logicalId, record: before },
    ...(isReplacement ? { cleanup: { do: "delete", logicalId, record: before, isReplacement } as const } : {}),
  };
}

function finishDeleting(draft: StackDraft, record: ResourceRecord): Outcome {
  draft.tell(record, "DELETE_COMPLETE");
  if (draft.stack.resources[record.logicalId]?.physicalId === record.physicalId) draft.dropResource(record.logicalId);
  return DONE;
}
