/** Outputs of a stack that has been made, and who uses what it exports. */
import { AwsError } from "../../service";
import type { AccountFacts } from "../../model";
import type { OutputRecord, StackRecord } from "../record";
import { scopeOf } from "../scope";
import type { StackStore } from "../stack-store";
import { isObject, type Json, textOf } from "../template/json";
import { holds, resolve, type Scope } from "../template/resolve";

/** @returns the outputs, or why there can be none */
export function outputsOf(stack: StackRecord, facts: AccountFacts, store: StackStore): OutputRecord[] | string {
  try {
    const scope = scopeFor(stack, facts, store);
    const outputs = Object.entries(scope.template.Outputs)
      .filter(([, { Condition }]) => holds(Condition, scope))
      .map(([OutputKey, { Value, Description, Export }]) => ({
        OutputKey,
        OutputValue: textOf(resolve(Value, scope)),
        ...(Description === undefined ? {} : { Description }),
        ...(Export === undefined ? {} : { ExportName: textOf(resolve(Export.Name, scope)) }),
      }));
    return refuseExports(stack, outputs, facts, store) ?? outputs;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}

/** Names of stacks that import what this one exports. */
export function importersOf(exportName: string, facts: AccountFacts, store: StackStore): string[] {
  return store.stacks
    .filter(({ status }) => status !== "DELETE_COMPLETE" && status !== "REVIEW_IN_PROGRESS")
    .filter((stack) => importsIn(stack, facts, store).includes(exportName))
    .map(({ name }) => name);
}

function refuseExports(
  stack: StackRecord,
  outputs: readonly OutputRecord[],
  facts: AccountFacts,
  store: StackStore,
): string | undefined {
  for (const { ExportName } of outputs) {
    const other = ExportName === undefined ? undefined : store.exported(ExportName)?.stack;
    if (other !== undefined && other.id !== stack.id) {
      return `Export with name ${ExportName} is already exported by stack ${other.name}. Rolling back.`;
    }
  }
  const kept = new Map(outputs.map(({ ExportName, OutputValue }) => [ExportName, OutputValue]));
  for (const { ExportName, OutputValue } of stack.outputs) {
    if (ExportName === undefined || kept.get(ExportName) === OutputValue) continue;
    const users = importersOf(ExportName, facts, store);
    const verb = kept.has(ExportName) ? "updated" : "deleted";
    if (users.length > 0) return `Export ${ExportName} cannot be ${verb} as it is in use by ${users.join(", ")}`;
  }
  return undefined;
}

function importsIn(stack: StackRecord, facts: AccountFacts, store: StackStore): string[] {
  const scope = scopeFor(stack, facts, store);
  const find = (value: Json): string[] => {
    if (Array.isArray(value)) return value.flatMap(find);
    if (!isObject(value)) return [];
    return Object.entries(value).flatMap(([key, item]) =>
      key === "Fn::ImportValue" ? [textOf(resolve(item, scope))] : find(item),
    );
  };
  return Object.values(scope.template.Resources).flatMap(({ Properties }) => find(Properties ?? {}));
}

function scopeFor(stack: StackRecord, facts: AccountFacts, store: StackStore): Scope {
  return scopeOf({
    facts,
    store,
    stack,
    blueprint: stack.blueprint,
    resource: (logicalId) => stack.resources[logicalId],
  });
}
