/**
 * Reads a CloudFormation change set, nested ones included, from the pages that DescribeChangeSet answered. Whatever keeps
 * the change set from being executed as it stands is a doubt: another update came between, it is not finished, it failed.
 */
import { canonicalJson, digestOf, without } from "../canonical";
import type { Doubt, InspectedChange, ResourceChange } from "../change";
import { ChangeInputError, excerptOf, listOf } from "../change-input-error";
import { readResource } from "./resource";
import { type DescribedEntry, doubtFields, readPage } from "./shape";
import { doubtState, doubtUnseenStack } from "./state";
import { type ChangeSet, type ChangeSetTree, joinPages } from "./tree";

/**
 * @param pages all pages of the change set and of its nested change sets, in any order
 * @throws ChangeInputError when they are no pages, or not all of them, or of different change sets
 */
export function readChangeSet(pages: readonly unknown[]): InspectedChange {
  const plain = pages.map(plainJson);
  const digest = digestOf(digestPages(plain));
  const tree = joinPages(plain.map((page, index) => readPage(page, `page ${index + 1}`)));
  const reading: Reading = { tree, doubts: [], read: new Set() };
  const resources = readStack(tree.root, "", reading);
  const strange = [...tree.nested.keys()].filter((id) => !reading.read.has(id));
  if (strange.length > 0) {
    throw new ChangeInputError("change set", listOf(strange), "change sets of nested stacks that the root one names");
  }
  return {
    engine: "cloudformation",
    subject: tree.root.id === "" ? "a change set without a name" : tree.root.id,
    digest,
    resources,
    existing: undefined,
    doubts: reading.doubts,
    outputs: undefined,
    notes: [
      "a change set does not show outputs and exports, nor resources that stay as they are",
      ...(pages.length > 1 ? ["pages carry no number: that none in the middle is missing is the recorder's word"] : []),
    ],
  };
}

/** Values as they travel: dates as text, nothing that JSON does not know. */
function plainJson(page: unknown, index: number): unknown {
  try {
    return JSON.parse(JSON.stringify(page)) as unknown;
  } catch {
    throw new ChangeInputError(`page ${index + 1}`, "something else than JSON", "what DescribeChangeSet answers");
  }
}

/** The same for any order of pages, and for any cut of the changes into pages. */
function digestPages(pages: readonly unknown[]): string[] {
  const parts = pages.flatMap((page) => {
    if (typeof page !== "object" || page === null) return [canonicalJson(page)];
    const { Changes, ...fields } = page as Record<string, unknown>;
    const head = without(fields, "NextToken", "$metadata", "ResponseMetadata");
    const set = canonicalJson(head["ChangeSetId"] ?? head["ChangeSetName"]);
    const changes = Array.isArray(Changes) ? Changes.map((change) => `${set} ${canonicalJson(change)}`) : [];
    return [`${set} ${canonicalJson(head)}`, ...changes];
  });
  return [...new Set(parts)].sort();
}

interface Reading {
  readonly tree: ChangeSetTree;
  readonly doubts: Doubt[];
  /** Change sets that were come to. */
  readonly read: Set<string>;
}

/** @param prefix logical ids of the stacks around it, `Orders/`, empty for the root stack */
function readStack(set: ChangeSet, prefix: string, reading: Reading): ResourceChange[] {
  if (reading.read.has(set.id)) {
    throw new ChangeInputError(`change set ${set.id}`, "a change set that is named twice", "one nested stack each");
  }
  reading.read.add(set.id);
  const { doubts } = reading;
  doubts.push(...doubtState(set, prefix).map((doubt) => inStack(doubt, prefix)));
  return set.entries.flatMap((entry) => {
    doubts.push(...doubtEntry(entry).map((doubt) => inStack(doubt, prefix)));
    return readEntry(entry, set, prefix, reading);
  });
}

function readEntry(
  { ResourceChange: described }: DescribedEntry,
  { head }: ChangeSet,
  prefix: string,
  reading: Reading,
): ResourceChange[] {
  if (!described) return [];
  const resource = readResource(described, prefix, head.DeploymentMode === "REVERT_DRIFT");
  if (resource.nature !== "nested-stack") return [resource];
  const stack = described.PolicyAction ? resource : settleStack(resource);
  const child = described.ChangeSetId ? reading.tree.nested.get(described.ChangeSetId) : undefined;
  if (child !== undefined) return [stack, ...readStack(child, `${stack.id}/`, reading)];
  return [{ ...stack, doubts: [...stack.doubts, ...doubtUnseenStack(described, stack)] }];
}

/** No property of a nested stack replaces it: "Conditional" only says that something inside may change. */
function settleStack(stack: ResourceChange): ResourceChange {
  if (stack.operation !== "replace" || stack.replacement?.certain === true) return stack;
  return { ...stack, operation: "update" };
}

function doubtEntry(entry: DescribedEntry): Doubt[] {
  const doubts = doubtFields("change", entry);
  if ((entry.Type ?? "Resource") === "Resource" && entry.ResourceChange) return doubts;
  const what = `a change of type ${excerptOf(entry.Type ?? undefined)} that is not about a resource`;
  return [...doubts, { what, fix: "look at the change set by hand" }];
}

function inStack(doubt: Doubt, prefix: string): Doubt {
  return prefix === "" ? doubt : { ...doubt, what: `in ${prefix.slice(0, -1)}: ${doubt.what}` };
}
