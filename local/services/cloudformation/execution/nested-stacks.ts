/** Stacks inside stacks: a resource of the one around it, and a stack with operations of its own. */
import { principalOf } from "../actor";
import { arnOfStack, uuidOf } from "../naming";
import { invalid } from "../refusal";
import type { Blueprint, ResourceRecord, StackOperation, StackRecord } from "../record";
import type { StackStore } from "../stack-store";
import { isObject, type Json, textOf } from "../template/json";
import { fillParameters } from "../template/parameters";
import { readTemplate } from "../template/read-template";
import { creationOrder } from "../template/references";
import { fetchTemplate } from "../template-source";
import { deletionOrder, type EngineContext } from "./engine";
import { forwardWork, removalWork } from "./forward-work";
import { isAtRest } from "./stage-of-operation";

type Begin = (stack: StackRecord, operation: StackOperation) => Promise<StackRecord>;

const GOOD = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"];

export class NestedStacks {
  constructor(
    private readonly context: EngineContext,
    private readonly store: StackStore,
    private readonly begin: Begin,
  ) {}

  idOf(name: string): string {
    return arnOfStack(this.context.facts, name, uuidOf(`nested/${name}`));
  }

  /** How far the nested stack has come with what was begun in it. */
  stateOf(id: string, isDeletion: boolean): "pending" | "done" | { readonly failed: string } {
    const stack = this.store.stack(id);
    if (stack === undefined) return isDeletion ? "done" : { failed: `Embedded stack ${id} does not exist` };
    if (!isAtRest(stack.status) || stack.operation !== undefined) return "pending";
    if (isDeletion ? stack.status === "DELETE_COMPLETE" : GOOD.includes(stack.status)) return "done";
    const verb = isDeletion ? "deleted" : stack.status.startsWith("UPDATE") ? "updated" : "created";
    return { failed: `Embedded stack ${id} was not successfully ${verb}: ${this.#whyFailed(stack)}` };
  }

  #whyFailed({ id, status }: StackRecord): string {
    const failed = this.store.eventsOf(id).find(({ ResourceStatus }) => ResourceStatus.endsWith("_FAILED"));
    return failed?.ResourceStatusReason ?? `it is in state ${status}`;
  }

  async create(parent: StackRecord, record: ResourceRecord, operation: StackOperation): Promise<void> {
    if (this.store.stack(record.physicalId) !== undefined) return;
    const blueprint = await this.#blueprint(parent, record, operation);
    const stack: StackRecord = {
      id: record.physicalId,
      name: record.name,
      created: this.context.clock.now(),
      status: "",
      blueprint,
      disableRollback: false,
      isProtected: false,
      outputs: [],
      resources: {},
      parentId: parent.id,
      rootId: parent.rootId ?? parent.id,
      made: 0,
    };
    await this.begin(stack, {
      ...blank(operation),
      kind: "CREATE",
      work: forwardWork(stack, blueprint, this.context.facts, this.store),
    });
  }

  async update(parent: StackRecord, record: ResourceRecord, operation: StackOperation): Promise<void> {
    const stack = this.store.stack(record.physicalId);
    if (stack === undefined || stack.operation !== undefined) return;
    const blueprint = await this.#blueprint(parent, record, operation);
    await this.#change(stack, blueprint, operation);
  }

  /** Back to what it was made of before its last update. */
  async restore(record: ResourceRecord, operation: StackOperation): Promise<void> {
    const stack = this.store.stack(record.physicalId);
    if (stack === undefined || stack.operation !== undefined) return;
    const url = record.properties["TemplateURL"];
    const parameters = textsOf(record.properties["Parameters"]);
    const template = await fetchTemplate(
      textOf(url),
      principalOf(operation.actor, this.context),
      this.context.dispatch,
    );
    await this.#change(stack, { ...stack.blueprint, template, parameters: fill(template, parameters) }, operation);
  }

  async remove(record: ResourceRecord, operation: StackOperation): Promise<void> {
    const stack = this.store.stack(record.physicalId);
    if (stack === undefined || stack.status === "DELETE_COMPLETE" || stack.operation !== undefined) return;
    const order = creationOrder(readTemplate(stack.blueprint.template));
    const work = deletionOrder(stack, order).map((each) => ({
      do: "delete" as const,
      logicalId: each.logicalId,
      record: each,
    }));
    await this.begin(stack, { ...blank(operation), kind: "DELETE", work });
  }

  async #change(stack: StackRecord, blueprint: Blueprint, operation: StackOperation): Promise<void> {
    const { facts, clock } = this.context;
    const next = { ...stack, blueprint, updated: clock.now() };
    const work = forwardWork(next, blueprint, facts, this.store);
    const cleanup = removalWork(next, blueprint, facts, this.store);
    await this.begin(next, { ...blank(operation), kind: "UPDATE", previous: stack.blueprint, work, cleanup });
  }

  async #blueprint(parent: StackRecord, record: ResourceRecord, { actor }: StackOperation): Promise<Blueprint> {
    const { TemplateURL, Parameters } = record.properties;
    if (typeof TemplateURL !== "string") throw invalid("Property TemplateURL cannot be empty.");
    const { capabilities, tags } = parent.blueprint;
    const template = await fetchTemplate(TemplateURL, principalOf(actor, this.context), this.context.dispatch);
    return { template, parameters: fill(template, textsOf(Parameters)), capabilities, tags };
  }
}

function blank({ actor, token }: StackOperation): Omit<StackOperation, "kind" | "work"> {
  return {
    stage: "forward",
    actor,
    onFailure: "ROLLBACK",
    undo: [],
    cleanup: [],
    ...(token === undefined ? {} : { token }),
  };
}

function fill(template: string, parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const given = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  return fillParameters(readTemplate(template), given);
}

export function textsOf(value: Json | undefined): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textOf(item)]));
}
