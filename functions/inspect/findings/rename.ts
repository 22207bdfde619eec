/**
 * One resource goes while another of its type comes: most often the same one under a new name. The finding says what
 * would make it the same to the engine.
 */
import { canonicalJson, without } from "../canonical";
import type { ResourceChange } from "../change";
import type { Draft, Scene } from "./finding";

/** Deleted resources with those that were made from them. */
export function matchRenames(scene: Scene): ReadonlyMap<ResourceChange, ResourceChange> {
  const matches = new Map<ResourceChange, ResourceChange>();
  const resources = [...scene.change.resources].sort((a, b) => (a.id < b.id ? -1 : 1));
  const isLoose = (each: ResourceChange): boolean =>
    (each.nature === "resource" || each.nature === "nested-stack") && scene.classOf(each).kind !== "revision";
  const taken = new Set<ResourceChange>();
  const gone = resources.filter((each) => each.operation === "delete" && each.remains === "nothing" && isLoose(each));
  const made = groupByType(resources.filter((each) => each.operation === "create" && isLoose(each)));
  const goneOfType = groupByType(gone);
  for (const old of gone) {
    const candidates = (made.get(old.type) ?? []).filter((each) => !taken.has(each) && each.id !== old.id);
    const alone = candidates.length === 1 && goneOfType.get(old.type)?.length === 1;
    const match =
      candidates.find(({ name }) => name === old.name) ??
      candidates.find((each) => sameInputs(old, each)) ??
      (alone ? candidates[0] : undefined);
    if (match === undefined) continue;
    taken.add(match);
    matches.set(old, match);
  }
  return matches;
}

function groupByType(resources: readonly ResourceChange[]): Map<string, ResourceChange[]> {
  const groups = new Map<string, ResourceChange[]>();
  for (const resource of resources) groups.set(resource.type, [...(groups.get(resource.type) ?? []), resource]);
  return groups;
}

function sameInputs(old: ResourceChange, created: ResourceChange): boolean {
  const before = old.views[0]?.before;
  const after = created.views[0]?.after;
  return before?.kind === "known" && after?.kind === "known" && inputsText(before.value) === inputsText(after.value);
}

/** Without the names that engines make up. */
function inputsText(value: unknown): string {
  if (typeof value !== "object" || value === null) return canonicalJson(value);
  return canonicalJson(without(value, "__defaults", "name", "bucket"));
}

export function renameFinding(scene: Scene, old: ResourceChange, created: ResourceChange): Draft {
  const { holds } = scene.classOf(old);
  const moved = old.name === created.name ? "moved" : "renamed";
  return scene.draft(
    old,
    "rename-without-alias",
    `it looks ${moved} to ${created.id}; without more it is deleted, and with it ${holds}, and made anew`,
    scene.change.engine === "pulumi" ? aliasFor(scene, old, created) : importPath(old, created),
  );
}

/** An alias on the nearest thing that was renamed: children follow their component. */
function aliasFor(scene: Scene, old: ResourceChange, created: ResourceChange): string {
  const [from, to] = [old.parent?.before, created.parent?.after];
  const renamedParent = from !== to && from !== undefined && to !== undefined && isRenamed(scene, from, to);
  if (renamedParent) {
    return `give its component ${to} the alias, and its children follow: aliases: [${JSON.stringify(from)}]`;
  }
  return `give ${created.name} the alias of the old one: aliases: [${JSON.stringify(old.id)}]`;
}

/** Whether one component went and another of its type came. */
function isRenamed(scene: Scene, from: string, to: string): boolean {
  const [old, created] = [scene.find(from), scene.find(to)];
  return old?.nature === "component" && created?.operation === "create" && old.type === created.type;
}

function importPath(old: ResourceChange, created: ResourceChange): string {
  const known = old.physicalId === undefined ? "its physical id" : JSON.stringify(old.physicalId);
  return (
    `rename it by a stack refactor (aws cloudformation create-stack-refactor, from ${old.id} to ${created.id}); or set ` +
    `DeletionPolicy: Retain on ${old.name} and deploy, remove it and deploy, then add ${created.name} by a change set of ` +
    `type IMPORT with ResourcesToImport: [{ ResourceType: "${old.type}", LogicalResourceId: "${created.name}", ` +
    `ResourceIdentifier: ${known} }]`
  );
}
