/**
 * Joins the pages of change sets, and nested change sets to their parents. Pages come in any order; one that is missing,
 * foreign or given twice is an input error.
 */
import { ChangeInputError, listOf } from "../change-input-error";
import type { ChangeSetPage, DescribedChange, DescribedDetail, DescribedEntry } from "./shape";

/** One change set with all its pages. */
export interface ChangeSet {
  /** Its ARN, or name where a recording has no ARN; empty where it has neither. */
  readonly id: string;
  /** Says everything but the changes: status, stack, nesting. */
  readonly head: ChangeSetPage;
  readonly entries: readonly DescribedEntry[];
  readonly pages: readonly ChangeSetPage[];
  /** CloudFormation's own word that this description leaves changes out. */
  readonly incomplete: string | undefined;
}

/** A change set and those of its nested stacks, by the ARN their parents give. */
export interface ChangeSetTree {
  readonly root: ChangeSet;
  readonly nested: ReadonlyMap<string, ChangeSet>;
}

/** What StatusReason says of a description with property values from which something was dropped (aws/aws-cdk-cli#1780). */
export const DROPS_CHANGES = "[WARN] --include-property-values option can return incomplete ChangeSet data";

/** @throws ChangeInputError when pages are missing, given twice or belong to change sets of different roots */
export function joinPages(pages: readonly ChangeSetPage[]): ChangeSetTree {
  if (pages.length === 0) throw new ChangeInputError("change set", "no page", "all pages of one change set");
  const byId = new Map<string, ChangeSetPage[]>();
  for (const page of pages) {
    const id = page.ChangeSetId ?? page.ChangeSetName ?? "";
    if (id === "" && pages.length > 1) {
      throw new ChangeInputError("change set", "a page without ChangeSetId", "pages as DescribeChangeSet answers them");
    }
    byId.set(id, [...(byId.get(id) ?? []), page]);
  }
  const sets = [...byId].map(([id, own]) => joinDescriptions(id, own));
  const roots = sets.filter(({ head }) => !isNamed(head.ParentChangeSetId));
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    throw new ChangeInputError(
      "change set",
      root === undefined ? "nested change sets without their root" : `change sets ${listOf(roots.map(({ id }) => id))}`,
      "one root change set with those of its nested stacks",
      "judge each change set by itself",
    );
  }
  const nested = new Map(sets.filter((set) => set !== root).map((set) => [set.id, set]));
  for (const { id, head } of nested.values()) {
    const parent = head.ParentChangeSetId ?? "";
    if (parent !== root.id && !nested.has(parent)) {
      throw new ChangeInputError(`change set ${id}`, `the parent ${parent}`, "a parent that is given too");
    }
  }
  return { root, nested };
}

function isNamed(id: string | null | undefined): id is string {
  return id !== null && id !== undefined && id !== "";
}

/**
 * A change set may be described twice, with property values and without: the first leaves out what it cannot render, the
 * second leaves out the values.
 */
function joinDescriptions(id: string, pages: readonly ChangeSetPage[]): ChangeSet {
  const valued = pages.filter(hasValues);
  const plain = pages.filter((page) => !hasValues(page));
  // Pages whose changes have no values to show look plain; only a second last page tells two descriptions.
  const twice = [valued, plain].every((description) => description.filter(isLast).length === 1);
  const descriptions = twice ? [valued, plain] : [pages];
  for (const description of descriptions) expectWhole(id, description);
  const head = (twice ? plain : pages).find(isLast) as ChangeSetPage;
  for (const page of pages) expectSameSet(id, head, page);
  const warning = pages.map(({ StatusReason }) => StatusReason ?? "").find((reason) => reason.includes(DROPS_CHANGES));
  return {
    id,
    head,
    pages,
    entries: twice ? mergeDescriptions(joinEntries(id, valued), joinEntries(id, plain)) : joinEntries(id, pages),
    incomplete: twice ? undefined : warning,
  };
}

function isLast(page: ChangeSetPage): boolean {
  return !isNamed(page.NextToken);
}

function joinEntries(id: string, pages: readonly ChangeSetPage[]): DescribedEntry[] {
  const entries = pages.flatMap(({ Changes }) => Changes ?? []);
  const seen = new Set<string>();
  for (const { ResourceChange: change } of entries) {
    if (!change) continue;
    if (seen.has(change.LogicalResourceId)) {
      throw new ChangeInputError(`change set ${id}`, `${change.LogicalResourceId} twice`, "each resource once");
    }
    seen.add(change.LogicalResourceId);
  }
  return entries;
}

function hasValues(page: ChangeSetPage): boolean {
  return (
    (page.StatusReason ?? "").includes(DROPS_CHANGES) ||
    (page.Changes ?? []).some(
      ({ ResourceChange: change }) =>
        isGiven(change?.BeforeContext) ||
        isGiven(change?.AfterContext) ||
        (change?.Details ?? []).some(({ Target }) => isGiven(Target?.BeforeValue) || isGiven(Target?.AfterValue)),
    )
  );
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function expectWhole(id: string, pages: readonly ChangeSetPage[]): void {
  const last = pages.filter(isLast).length;
  const tokens = pages.flatMap(({ NextToken }) => (isNamed(NextToken) ? [NextToken] : []));
  const allowed = "each page once, the last of them without NextToken";
  if (last === 0) {
    throw new ChangeInputError(
      `change set ${id}`,
      `${pages.length} pages, all with NextToken`,
      allowed,
      "add the rest",
    );
  }
  if (last > 1 || new Set(tokens).size < tokens.length) {
    throw new ChangeInputError(`change set ${id}`, "the same page twice, or pages of two recordings", allowed);
  }
}

/** Pages of one change set agree on everything but their changes. */
function expectSameSet(id: string, head: ChangeSetPage, page: ChangeSetPage): void {
  for (const field of ["StackId", "StackName", "Status", "ExecutionStatus", "ParentChangeSetId"] as const) {
    if ((head[field] ?? null) === (page[field] ?? null)) continue;
    throw new ChangeInputError(
      `change set ${id}`,
      `pages whose ${field} differ`,
      "pages of one recording",
      "describe the change set again, all pages at once",
    );
  }
}

/** The description with values, and from the other one what it dropped: whole changes, and single details. */
function mergeDescriptions(valued: readonly DescribedEntry[], plain: readonly DescribedEntry[]): DescribedEntry[] {
  const twins = new Map(plain.map((entry) => [entry.ResourceChange?.LogicalResourceId, entry.ResourceChange]));
  const merged = valued.map((entry) => {
    const change = entry.ResourceChange;
    const twin = change ? twins.get(change.LogicalResourceId) : undefined;
    return change && twin ? { ...entry, ResourceChange: mergeChanges(change, twin) } : entry;
  });
  const named = new Set(valued.map((entry) => entry.ResourceChange?.LogicalResourceId));
  return [...merged, ...plain.filter((entry) => !named.has(entry.ResourceChange?.LogicalResourceId))];
}

function mergeChanges(valued: DescribedChange, plain: DescribedChange): DescribedChange {
  const known = new Set((valued.Details ?? []).map(nameOfDetail));
  const dropped = (plain.Details ?? []).filter((detail) => !known.has(nameOfDetail(detail)));
  const either = valued.PolicyAction ?? plain.PolicyAction;
  return {
    ...valued,
    Action: agreed(valued.Action, plain.Action),
    Replacement: valued.Action === "Add" ? valued.Replacement : agreed(valued.Replacement, plain.Replacement),
    PolicyAction: valued.PolicyAction && plain.PolicyAction ? agreed(valued.PolicyAction, plain.PolicyAction) : either,
    Details: [...(valued.Details ?? []), ...dropped],
  };
}

/** Where the two disagree, both words stay: no such word exists, and the resource is doubted. */
function agreed(a: string | null | undefined, b: string | null | undefined): string | null | undefined {
  return (a ?? null) === (b ?? null) ? a : `${a ?? "nothing"} and ${b ?? "nothing"}`;
}

function nameOfDetail({ Target, ChangeSource, CausingEntity }: DescribedDetail): string {
  return JSON.stringify([Target?.Attribute, Target?.Name, ChangeSource, CausingEntity]);
}
