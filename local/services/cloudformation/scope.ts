/** Where the references of a stack's template lead, while it stands and while it is changed. */
import type { AccountFacts } from "../model";
import { invalid } from "./refusal";
import type { Blueprint, ResourceRecord } from "./record";
import { NESTED_STACK, typeOf } from "./resource-type";
import type { StackStore } from "./stack-store";
import type { Json } from "./template/json";
import { readTemplate, type Template } from "./template/read-template";
import type { Scope } from "./template/resolve";

export interface ScopeOf {
  readonly facts: AccountFacts;
  readonly store: StackStore;
  readonly stack: { readonly name: string; readonly id: string };
  readonly blueprint: Blueprint;
  /** The resource as it stands; nothing while it does not. */
  readonly resource: (logicalId: string) => ResourceRecord | undefined;
  /** Takes the place of what cannot be known yet. */
  readonly unknown?: (logicalId: string, attribute: string | undefined) => Json | undefined;
}

export function scopeOf({ facts, store, stack, blueprint, resource, unknown }: ScopeOf): Scope {
  const template = readTemplate(blueprint.template);
  const standing = (logicalId: string): ResourceRecord => {
    const record = resource(logicalId);
    if (record === undefined) throw invalid(`Unresolved resource dependency: ${logicalId} has not been created`);
    return record;
  };
  return {
    template,
    parameters: blueprint.parameters,
    facts,
    stackName: stack.name,
    stackId: stack.id,
    refOf: (logicalId) => unknown?.(logicalId, undefined) ?? standing(logicalId).physicalId,
    attributeOf: (logicalId, attribute) => {
      checkAttribute(template, logicalId, attribute);
      return unknown?.(logicalId, attribute) ?? attributeOf(standing(logicalId), attribute, facts, store);
    },
    importOf: (name) => {
      const found = store.exported(name);
      if (found === undefined) throw invalid(`No export named ${name} found.`);
      return found.value;
    },
  };
}

function checkAttribute(template: Template, logicalId: string, attribute: string): void {
  const type = template.Resources[logicalId]?.Type;
  if (type === undefined) {
    throw invalid(`Template error: instance of Fn::GetAtt references undefined resource ${logicalId}`);
  }
  if (type === NESTED_STACK ? attribute.startsWith("Outputs.") : Object.hasOwn(typeOf(type).attributes, attribute))
    return;
  throw invalid(`Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`);
}

function attributeOf(record: ResourceRecord, attribute: string, facts: AccountFacts, store: StackStore): string {
  if (record.type !== NESTED_STACK) {
    const { name, properties } = record;
    return typeOf(record.type).attributes[attribute]?.({ name, properties, facts }) ?? "";
  }
  const key = attribute.slice("Outputs.".length);
  const output = store.stack(record.physicalId)?.outputs.find(({ OutputKey }) => OutputKey === key);
  if (output !== undefined) return output.OutputValue;
  throw invalid(`Output '${key}' not found in stack '${record.physicalId}'`);
}
