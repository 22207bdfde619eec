/** What an operation has to make or change, in the order of dependencies; what it removes comes when all else is done. */
import type { AccountFacts } from "../../model";
import type { Blueprint, StackRecord, WorkItem } from "../record";
import { scopeOf } from "../scope";
import type { StackStore } from "../stack-store";
import { creationOrder } from "../template/references";
import { presentResources } from "../template/resolve";

export function forwardWork(
  stack: Pick<StackRecord, "name" | "id" | "resources">,
  blueprint: Blueprint,
  facts: AccountFacts,
  store: StackStore,
): WorkItem[] {
  const present = presentIn(stack, blueprint, facts, store);
  const scope = scopeOf({ facts, store, stack, blueprint, resource: () => undefined });
  return creationOrder(scope.template)
    .filter((name) => present.has(name))
    .map((logicalId) => ({ do: stack.resources[logicalId] === undefined ? "create" : "update", logicalId }));
}

/** Resources of the stack that the blueprint has no more, what was made last first. */
export function removalWork(
  stack: Pick<StackRecord, "name" | "id" | "resources">,
  blueprint: Blueprint,
  facts: AccountFacts,
  store: StackStore,
): WorkItem[] {
  const present = presentIn(stack, blueprint, facts, store);
  return Object.values(stack.resources)
    .filter(({ logicalId }) => !present.has(logicalId))
    .reverse()
    .map((record) => ({ do: "delete", logicalId: record.logicalId, record }));
}

function presentIn(
  stack: Pick<StackRecord, "name" | "id">,
  blueprint: Blueprint,
  facts: AccountFacts,
  store: StackStore,
): ReadonlySet<string> {
  return new Set(presentResources(scopeOf({ facts, store, stack, blueprint, resource: () => undefined })));
}
