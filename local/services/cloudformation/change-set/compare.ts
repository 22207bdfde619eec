/** What a change set would do to each resource: the API's own terms, from both templates and what stands now. */
import type { AccountFacts } from "../../model";
import type { Blueprint, ResourceChange, ResourceRecord, StackRecord } from "../record";
import { NESTED_STACK } from "../resource-type";
import { invalid } from "../refusal";
import { scopeOf } from "../scope";
import type { StackStore } from "../stack-store";
import { isObject, stable, type JsonObject } from "../template/json";
import { creationOrder } from "../template/references";
import type { TemplateResource } from "../template/read-template";
import { KNOWN_AFTER_APPLY, presentResources, resolve, type Scope } from "../template/resolve";
import { detailsOf, replacementOf, type Fate, type Side } from "./detail";

export interface Comparison {
  readonly facts: AccountFacts;
  readonly store: StackStore;
  readonly stack: StackRecord;
  readonly blueprint: Blueprint;
  /** Physical ids of resources that are taken over, by logical id. */
  readonly imports: Readonly<Record<string, string>>;
  /** Makes the change set of a nested stack; nothing where they are not looked into. */
  readonly nested: ((record: ResourceRecord, properties: JsonObject) => Promise<NestedChangeSet>) | undefined;
}

export interface NestedChangeSet {
  readonly id: string;
  readonly isEmpty: boolean;
}

/** @throws AwsError `ValidationError` for a template that cannot be worked out */
export async function compareStack(comparison: Comparison): Promise<ResourceChange[]> {
  const { facts, store, stack, blueprint } = comparison;
  const fates = new Map<string, Fate>();
  const scope = scopeOf({
    facts,
    store,
    stack,
    blueprint,
    resource: (logicalId) => stack.resources[logicalId],
    unknown: (logicalId, attribute) => {
      const fate = fates.get(logicalId);
      const isNew = stack.resources[logicalId] === undefined || fate === "replaced" || fate === "perhaps replaced";
      return isNew || (attribute !== undefined && fate === "modified") ? KNOWN_AFTER_APPLY : undefined;
    },
  });
  const present = new Set(presentResources(scope));
  refuseTypeChanges(stack, scope, present);
  const changes: ResourceChange[] = [];
  for (const logicalId of creationOrder(scope.template).filter((name) => present.has(name))) {
    const change = await compareResource(logicalId, scope, fates, comparison);
    if (change === undefined) continue;
    changes.push(change);
    fates.set(logicalId, fateOf(change));
  }
  const removed = Object.values(stack.resources).filter(({ logicalId }) => !present.has(logicalId));
  return [...changes, ...removed.map(removal)];
}

function refuseTypeChanges(stack: StackRecord, { template }: Scope, present: ReadonlySet<string>): void {
  const changed = Object.values(stack.resources).filter(
    ({ logicalId, type }) => present.has(logicalId) && template.Resources[logicalId]?.Type !== type,
  );
  if (changed.length === 0) return;
  const names = changed.map(({ logicalId }) => logicalId).join(", ");
  throw invalid(
    `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`,
  );
}

function fateOf({ Action, Replacement }: ResourceChange): Fate {
  if (Action === "Add" || Action === "Import") return "added";
  if (Replacement === "True") return "replaced";
  return Replacement === "Conditional" ? "perhaps replaced" : "modified";
}

async function compareResource(
  logicalId: string,
  scope: Scope,
  fates: ReadonlyMap<string, Fate>,
  comparison: Comparison,
): Promise<ResourceChange | undefined> {
  const definition = scope.template.Resources[logicalId] as TemplateResource;
  const resolved = resolve(definition.Properties ?? {}, scope);
  const after: Side = { definition, properties: isObject(resolved) ? resolved : {} };
  const record = comparison.stack.resources[logicalId];
  const identity = { LogicalResourceId: logicalId, ResourceType: definition.Type };
  if (record === undefined) {
    const imported = comparison.imports[logicalId];
    const context = contextOf(after);
    if (imported !== undefined)
      return { Action: "Import", ...identity, PhysicalResourceId: imported, AfterContext: context };
    return { Action: "Add", ...identity, AfterContext: context };
  }
  const isNested = definition.Type === NESTED_STACK;
  const nested = isNested ? await comparison.nested?.(record, after.properties) : undefined;
  if (isNested && isUntouched(record, after)) {
    return comparison.nested !== undefined && nested?.isEmpty !== false ? undefined : touchNested(record, nested);
  }
  const details = detailsOf(record, after, scope, fates, comparison.stack.blueprint.parameters);
  if (details.length === 0) return undefined;
  const Replacement = replacementOf(details);
  return {
    Action: "Modify",
    ...identity,
    PhysicalResourceId: record.physicalId,
    Replacement,
    Scope: [...new Set(details.map(({ Target }) => Target.Attribute))],
    Details: details,
    ...(Replacement === "False" ? {} : { PolicyAction: `ReplaceAnd${definition.UpdateReplacePolicy ?? "Delete"}` }),
    ...(nested === undefined ? {} : { ChangeSetId: nested.id }),
    BeforeContext: contextOf({ definition: record.definition, properties: record.properties }),
    AfterContext: contextOf(after),
  };
}

function isUntouched({ properties, definition }: ResourceRecord, after: Side): boolean {
  return (
    stable(properties) === stable(after.properties) && stable(definition as never) === stable(after.definition as never)
  );
}

/** A nested stack is a change each time, as long as nobody has looked into it. */
function touchNested(record: ResourceRecord, nested: NestedChangeSet | undefined): ResourceChange {
  return {
    Action: "Modify",
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: NESTED_STACK,
    Replacement: "False",
    Scope: ["Properties"],
    Details: [
      {
        Target: { Attribute: "Properties", RequiresRecreation: "Never" },
        Evaluation: "Dynamic",
        ChangeSource: "Automatic",
      },
    ],
    ...(nested === undefined ? {} : { ChangeSetId: nested.id }),
  };
}

function removal({ logicalId, physicalId, type, definition, properties }: ResourceRecord): ResourceChange {
  const policy = definition.DeletionPolicy ?? "Delete";
  return {
    PolicyAction: policy === "RetainExceptOnCreate" ? "Retain" : policy,
    Action: "Remove",
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    BeforeContext: contextOf({ definition, properties }),
  };
}

function contextOf({ definition, properties }: Side): string {
  const context: JsonObject = { Properties: properties };
  for (const name of ["DeletionPolicy", "UpdateReplacePolicy", "Metadata", "CreationPolicy", "UpdatePolicy"] as const) {
    const value = definition[name];
    if (value !== undefined) context[name] = value;
  }
  return JSON.stringify(context);
}
