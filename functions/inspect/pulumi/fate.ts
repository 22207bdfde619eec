/** What a step does to its resource: operations, and why and how surely a resource is replaced. */
import { sameJson } from "../canonical";
import type { Cause, Doubt, Operation, Replacement } from "../change";
import type { PlannedStep } from "./planned-step";
import type { ResourceState } from "./shape";
import { look, readPropertyPath } from "../sight";

/** The operations of the engine (pulumi/pulumi, pkg/resource/deploy); what is not listed is not understood. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  same: "none",
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
  "read-replacement": "replace",
  import: "adopt",
  read: "none",
  discard: "none",
  "discard-replaced": "none",
  refresh: "none",
  "remove-pending-replace": "none",
};

/** What they stop managing was only ever read. */
const OF_EXTERNAL = ["read", "discard", "discard-replaced", "read-replacement"];

export interface Fate {
  readonly operation: Operation;
  readonly replacement?: Replacement;
  readonly doubts: readonly Doubt[];
}

export function isReplacing({ op, before }: PlannedStep): boolean {
  return operationOf(op) === "replace" && !(OF_EXTERNAL.includes(op) && before?.external === true);
}

function operationOf(op: string): Operation {
  return Object.hasOwn(OPERATIONS, op) ? (OPERATIONS[op] ?? "unclear") : "unclear";
}

/** @param steps the steps of one replacement, or one step of another kind */
export function readFate(
  steps: readonly [PlannedStep, ...PlannedStep[]],
  before: ResourceState | undefined,
  after: ResourceState | undefined,
): Fate {
  const [{ op }] = steps;
  const operation = operationOf(op);
  if (operation === "unclear") return unclear(`the guard does not know what the operation ${JSON.stringify(op)} does`);
  if (OF_EXTERNAL.includes(op) && op !== "read-replacement") {
    const managed = before !== undefined && before.external !== true;
    return managed ? unclear(`the operation ${op} gives up a resource that Pulumi manages`) : { operation, doubts: [] };
  }
  if (operation === "update" && steps.some(asksReplacement)) {
    return { operation: "replace", replacement: readReplacement(steps, before, after, false), doubts: [] };
  }
  if (operation !== "replace") return { operation, doubts: [] };
  if (!steps.some(isReplacing)) return { operation: "none", doubts: [] };
  // A successor made by an earlier run: only the old one is left to go.
  if (steps.every((step) => step.op === "delete-replaced")) return { operation: "delete", doubts: [] };
  return { operation, replacement: readReplacement(steps, before, after, true), doubts: [] };
}

function unclear(what: string): Fate {
  return {
    operation: "unclear",
    doubts: [{ what, fix: "look at the step by hand, and teach the guard the operation" }],
  };
}

function asksReplacement({ differences, replaceReasons }: PlannedStep): boolean {
  return replaceReasons.length > 0 || differences.some(({ kind }) => kind.endsWith("-replace"));
}

/**
 * Previews are pessimistic where inputs are unknown (pulumi/pulumi#3190): a replacement is certain only where a property
 * whose new value is seen asks for it, or where nothing says why.
 * @param decided whether the operation itself is a replacement, not only a difference
 */
function readReplacement(
  steps: readonly PlannedStep[],
  before: ResourceState | undefined,
  after: ResourceState | undefined,
  decided: boolean,
): Replacement {
  const asked = steps.flatMap(({ replaceReasons, differences }) => [
    ...replaceReasons,
    ...differences.filter(({ kind }) => kind.endsWith("-replace")).map(({ path }) => path),
  ]);
  const properties = [...new Set(asked.map((path) => readPropertyPath(path)[0] ?? path))];
  const causes = properties
    .filter((property) => !Object.hasOwn(FORCES, property))
    .map((each) => readCause(each, after));
  const order = steps.map(({ op }) => op);
  const [deleted, created] = [order.indexOf("delete-replaced"), order.indexOf("create-replacement")];
  const deletesFirst = deleted >= 0 && created >= 0 && deleted < created;
  const force = properties.find((property) => Object.hasOwn(FORCES, property));
  const forcedBy = force === undefined ? forceOf(before, after) : FORCES[force];
  return {
    certain: decided && (deletesFirst || causes.length === 0 || causes.some(({ seen }) => seen)),
    deletesFirst,
    causes,
    ...(forcedBy === undefined ? {} : { forcedBy }),
  };
}

function readCause(property: string, after: ResourceState | undefined): Cause {
  const sight = look(after?.inputs, [property]);
  const sources = look(after?.propertyDependencies, [property]);
  const by: unknown = sources.kind === "known" && Array.isArray(sources.value) ? sources.value[0] : undefined;
  return {
    property,
    seen: !(sight.kind === "unseen" && sight.why === "after-apply"),
    ...(typeof by === "string" ? { by: { id: by, takes: "attribute" } } : {}),
  };
}

export const PROVIDER_CHANGES = "its provider changes";

/** Reasons that name no property of the program (pulumi/pulumi, pkg/resource/deploy/step_generator.go). */
const FORCES: Readonly<Record<string, string>> = {
  id: "its replacement was asked for (--replace)",
  provider: PROVIDER_CHANGES,
  "#initerror": "an earlier run left it half made",
};

/** What replaces a resource without any property asking for it. */
function forceOf(before: ResourceState | undefined, after: ResourceState | undefined): string | undefined {
  if (before?.taint === true) return "it is tainted";
  if (before?.pendingReplacement === true) return "an earlier run left its replacement half done";
  if (providerName(before?.provider) !== providerName(after?.provider)) return PROVIDER_CHANGES;
  if (!sameJson(before?.["replacementTrigger"], after?.["replacementTrigger"]))
    return "its replacement trigger changes";
  const companions = after?.["replaceWith"];
  if (Array.isArray(companions) && companions.length > 0) return "it is replaced along with another resource";
  return undefined;
}

/** A provider reference without the id of the provider's instance: the URN alone. */
export function providerName(reference: string | null | undefined): string | undefined {
  return reference ? reference.slice(0, Math.max(0, reference.lastIndexOf("::"))) : undefined;
}
