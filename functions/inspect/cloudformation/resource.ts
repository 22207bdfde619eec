/**
 * One resource of a change set in terms of the model. Where fields disagree, the more destructive one counts; where they
 * leave a question open, the resource carries a doubt.
 */
import type {
  Cause,
  Doubt,
  Operation,
  ProtectionChange,
  Reference,
  Remains,
  Replacement,
  ResourceChange,
  Touch,
} from "../change";
import { doubtResource } from "./doubt";
import type { DescribedChange, DescribedDetail } from "./shape";
import { look, type PropertyPath, sightOf, type Sight, type View } from "../sight";

const NESTED_STACK = "AWS::CloudFormation::Stack";
const NOT_DESCRIBED: Sight = { kind: "unseen", why: "not-described" };

/** @param prefix logical ids of the stacks around it, `Orders/`, empty in the root stack */
export function readResource(described: DescribedChange, prefix: string, reverting: boolean): ResourceChange {
  const details = described.Details ?? [];
  const fate = readFate(described, details, reverting);
  const causes = details.filter(recreates).map((detail) => readCause(detail, prefix));
  return {
    id: `${prefix}${described.LogicalResourceId}`,
    name: described.LogicalResourceId,
    type: described.ResourceType,
    nature: described.ResourceType === NESTED_STACK ? "nested-stack" : "resource",
    operation: fate.operation,
    remains: readRemains(described.PolicyAction),
    ...(fate.replacement === undefined ? {} : { replacement: { ...fate.replacement, causes } }),
    views: readViews(described, details),
    touched: readTouched(described, details, prefix),
    protections: readProtections(described, details),
    lostOutside: described.ResourceDriftStatus === "DELETED",
    ...(described.PhysicalResourceId ? { physicalId: described.PhysicalResourceId } : {}),
    dependsOn: details.flatMap(({ CausingEntity }) =>
      CausingEntity ? [`${prefix}${entityOf(CausingEntity).name}`] : [],
    ),
    doubts: [...doubtResource(described), ...fate.doubts],
  };
}

interface Fate {
  readonly operation: Operation;
  readonly replacement?: Omit<Replacement, "causes">;
  readonly doubts: readonly Doubt[];
}

function readFate(described: DescribedChange, details: readonly DescribedDetail[], reverting: boolean): Fate {
  const policy = described.PolicyAction ?? undefined;
  switch (described.Action) {
    case "Add":
    case "Import": {
      const operation = described.Action === "Add" ? "create" : "adopt";
      if (policy === undefined) return { operation, doubts: [] };
      return unclear(`Action ${described.Action} does not go with PolicyAction ${policy}`);
    }
    case "Remove":
      return { operation: "delete", doubts: [] };
    case "Modify":
      return readModification(described, details, policy);
    case "SyncWithActual":
      // Nothing is done to the resource itself; the word belongs to change sets that revert drift, and to nothing else.
      if (reverting && policy === undefined && details.every(isSynchronised)) return { operation: "none", doubts: [] };
      return unclear("Action SyncWithActual stands in a change set that does not revert drift, or beside changes");
    case "Dynamic":
      return unclear("Action is Dynamic: CloudFormation decides what it does only while it executes the change set");
    default:
      return unclear(`Action is ${described.Action ?? "missing"}`);
  }
}

function unclear(what: string): Fate {
  return {
    operation: "unclear",
    doubts: [
      { what, fix: "look at the resource by hand; change it in a change set of its own, without dynamic parts" },
    ],
  };
}

function isSynchronised({ Target, ChangeSource }: DescribedDetail): boolean {
  return Target?.AttributeChangeType === "SyncWithActual" || ChangeSource === "NoModification";
}

/** PolicyAction, Replacement and the details each say whether it is replaced: the union counts (aws/aws-cdk-cli#1971). */
function readModification(
  described: DescribedChange,
  details: readonly DescribedDetail[],
  policy: string | undefined,
): Fate {
  if (policy === "Delete" || policy === "Retain" || policy === "Snapshot") return { operation: "delete", doubts: [] };
  const says = described.Replacement ?? undefined;
  const recreating = details.filter(recreates);
  const surely = recreating.some(({ Target, Evaluation }) => {
    return Target?.RequiresRecreation === "Always" && Evaluation !== "Dynamic";
  });
  const replaced = (certain: boolean): Fate => {
    return { operation: "replace", replacement: { deletesFirst: false, certain }, doubts: [] };
  };
  if (says === "True" || surely || (policy !== undefined && says !== "Conditional")) return replaced(true);
  if (says === "Conditional" || (says === "False" && recreating.length > 0)) return replaced(false);
  if (says === "False") return { operation: "update", doubts: [] };
  return unclear(`Action is Modify, and Replacement is ${says ?? "missing"}`);
}

function recreates(detail: DescribedDetail): boolean {
  const recreation = detail.Target?.RequiresRecreation ?? "Never";
  return recreation !== "Never" && !isSynchronised(detail);
}

function readCause(detail: DescribedDetail, prefix: string): Cause {
  const { Target } = detail;
  const by = readReference(detail, prefix);
  return {
    property: Target?.Name ?? Target?.Attribute ?? "a property",
    seen: sightOf(Target?.AfterValue).kind === "known",
    ...(by === undefined ? {} : { by }),
  };
}

function readReference({ CausingEntity, ChangeSource }: DescribedDetail, prefix: string): Reference | undefined {
  if (!CausingEntity || (ChangeSource !== "ResourceReference" && ChangeSource !== "ResourceAttribute"))
    return undefined;
  const { name, attribute } = entityOf(CausingEntity);
  const takes = ChangeSource === "ResourceReference" || attribute === "Arn" ? "identity" : "attribute";
  return { id: `${prefix}${name}`, takes };
}

/** `Table` or `Table.StreamArn`. */
function entityOf(entity: string): { name: string; attribute: string | undefined } {
  const dot = entity.indexOf(".");
  return dot < 0
    ? { name: entity, attribute: undefined }
    : { name: entity.slice(0, dot), attribute: entity.slice(dot + 1) };
}

function readRemains(policy: string | null | undefined): Remains {
  if (policy === "Retain" || policy === "ReplaceAndRetain") return "retained";
  return policy === "Snapshot" || policy === "ReplaceAndSnapshot" ? "snapshot" : "nothing";
}

function readViews(described: DescribedChange, details: readonly DescribedDetail[]): View[] {
  const views: View[] = [];
  const { BeforeContext: before, AfterContext: after } = described;
  if (before || after) views.push({ at: [], before: propertiesOf(before), after: propertiesOf(after) });
  for (const { Target } of details) {
    if (Target?.Attribute !== "Properties" || (!Target.BeforeValue && !Target.AfterValue)) continue;
    const at = readTarget(Target);
    views.push({ at, before: sightOf(Target.BeforeValue), after: sightOf(Target.AfterValue) });
    // What the resource really is counts as much as what the last deployment made of it.
    if (Target.Drift?.ActualValue) {
      views.push({ at, before: sightOf(Target.Drift.ActualValue), after: sightOf(Target.AfterValue) });
    }
  }
  return views;
}

function propertiesOf(context: DescribedChange["BeforeContext"]): Sight {
  return context ? look(context, ["Properties"]) : NOT_DESCRIBED;
}

/** What changes by CloudFormation's own account; everything, where it gives none. */
function readTouched(described: DescribedChange, details: readonly DescribedDetail[], prefix: string): Touch[] {
  const scope = described.Scope ?? [];
  const silent = details.length === 0 && !described.BeforeContext && !described.AfterContext;
  if (silent && (scope.length === 0 || scope.includes("Properties"))) return [{ path: [] }];
  return details.flatMap((detail) => {
    const { Target } = detail;
    if (Target?.Attribute !== "Properties" || isSynchronised(detail)) return [];
    const by = readReference(detail, prefix);
    return [{ path: readTarget(Target), ...(by === undefined ? {} : { by }) }];
  });
}

/** `/Properties/VersioningConfiguration/Status`, or the name alone in a description without values. */
function readTarget(target: NonNullable<DescribedDetail["Target"]>): PropertyPath {
  const path = (target.Path ?? "").split("/").filter((name) => name !== "");
  if (path[0] === "Properties" && path.length > 1) return path.slice(1);
  return target.Name ? [target.Name] : [];
}

const POLICIES = ["DeletionPolicy", "UpdateReplacePolicy"] as const;

function readProtections(described: DescribedChange, details: readonly DescribedDetail[]): ProtectionChange[] {
  const { BeforeContext: before, AfterContext: after, Scope: scope } = described;
  if (described.Action !== "Modify") return [];
  return POLICIES.flatMap((name) => {
    const changes: ProtectionChange[] = [];
    if (before && after) changes.push({ name, before: look(before, [name]), after: look(after, [name]) });
    const named = details.filter(({ Target }) => Target?.Attribute === name);
    for (const { Target } of named) {
      if (!Target?.BeforeValue && !Target?.AfterValue) continue;
      changes.push({ name, before: sightOf(Target.BeforeValue), after: sightOf(Target.AfterValue) });
    }
    const hidden = changes.length === 0 && (named.length > 0 || (scope ?? []).includes(name));
    return hidden ? [{ name, before: NOT_DESCRIBED, after: NOT_DESCRIBED }] : changes;
  });
}
