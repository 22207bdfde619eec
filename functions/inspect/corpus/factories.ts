/** Records for tests, in the shapes of the engines: what a test says nothing of is as in a harmless change. */
import type { InspectedChange } from "../change";
import { type GuardPolicy } from "../guard-policy";
import { judge } from "../judge";
import { readChangeSet } from "../cloudformation/read-change-set";
import { readPreview } from "../pulumi/read-preview";
import { changeSetPage, type Fields, previewOf } from "./corpus";

export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function added(name: string, type: string, fields: Fields = {}): Fields {
  return { Action: "Add", LogicalResourceId: name, ResourceType: type, ...fields };
}

export function removed(name: string, type: string, fields: Fields = {}): Fields {
  return { Action: "Remove", LogicalResourceId: name, ResourceType: type, PhysicalResourceId: `${name}-1`, ...fields };
}

/** A resource that is updated in place; `before` and `after` are its properties. */
export function modified(name: string, type: string, before: Fields, after: Fields, fields: Fields = {}): Fields {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return {
    Action: "Modify",
    LogicalResourceId: name,
    ResourceType: type,
    Replacement: "False",
    Scope: ["Properties"],
    Details: names.filter((each) => before[each] !== after[each]).map((each) => detail(each)),
    BeforeContext: JSON.stringify({ Properties: before }),
    AfterContext: JSON.stringify({ Properties: after }),
    ...fields,
  };
}

/** Why a property changes: a detail as a description without values has it. */
export function detail(property: string, target: Fields = {}, fields: Fields = {}): Fields {
  const named = { Attribute: "Properties", Name: property, RequiresRecreation: "Never", ...target };
  return { Target: named, Evaluation: "Static", ChangeSource: "DirectModification", ...fields };
}

export const urnOf = (type: string, name: string): string => `urn:pulumi:prod::clickstream::${type}::${name}`;

export function state(type: string, name: string, inputs: Fields = {}, fields: Fields = {}): Fields {
  return { urn: urnOf(type, name), type, custom: true, id: `${name}-1`, inputs, outputs: inputs, ...fields };
}

export function step(op: string, before: Fields | undefined, after: Fields | undefined, fields: Fields = {}): Fields {
  const urn = (after ?? before)?.["urn"];
  return {
    op,
    urn,
    ...(before === undefined ? {} : { oldState: before }),
    ...(after === undefined ? {} : { newState: after }),
    detailedDiff: null,
    ...fields,
  };
}

/** What Pulumi shows of a replacement; `order` is that of its steps. */
export function replacement(before: Fields, after: Fields, reasons: readonly string[], order = CREATE_FIRST): Fields[] {
  return order.map((op) =>
    op === "delete-replaced" ? step(op, before, undefined) : step(op, before, after, { replaceReasons: reasons }),
  );
}

export const CREATE_FIRST: readonly string[] = ["create-replacement", "replace", "delete-replaced"];
export const DELETE_FIRST: readonly string[] = ["delete-replaced", "replace", "create-replacement"];

export function inspectSet(changes: readonly Fields[], head: Fields = {}): InspectedChange {
  return readChangeSet([changeSetPage(changes, head)]);
}

export function inspectPreview(steps: readonly Fields[], document: Fields = {}): InspectedChange {
  return readPreview(JSON.stringify(previewOf(steps, document)));
}

/** `<finding> <resource>`, in the order of the verdict; empty when it is safe. */
export function findingsOf(change: InspectedChange, policy?: GuardPolicy): string[] {
  return judge(change, policy).findings.map(({ change: kind, name }) => `${kind} ${name}`);
}

/** What the verdict says of the only finding. */
export function reasonOf(change: InspectedChange): { reason: string; fix: string } {
  const [finding, ...others] = judge(change).findings;
  if (finding === undefined || others.length > 0) throw new Error(`expected one finding, got ${others.length + 1}`);
  return { reason: finding.reason, fix: finding.fix };
}
