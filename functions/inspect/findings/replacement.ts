/** Resources that are made anew, surely or perhaps. What a replacement costs depends on what the resource is. */
import type { Cause, Replacement, ResourceChange } from "../change";
import type { ResourceClass } from "../resource-class";
import type { Draft, Scene } from "./finding";
import { isSettled } from "./settlement";

export function findReplacements(scene: Scene): Draft[] {
  return scene.change.resources.flatMap((resource) => {
    const { replacement } = resource;
    if (resource.operation !== "replace" || replacement === undefined) return [];
    if (resource.nature !== "resource" && resource.nature !== "nested-stack") return [];
    const own = scene.classOf(resource);
    if (!replacement.certain) return judgePossible(scene, resource, replacement, own);
    // Revisions are made to be replaced, as long as the next one is there before the last one goes.
    if (own.kind === "revision" && !replacement.deletesFirst) return [];
    if (resource.remains !== "nothing") return [leftBehind(scene, resource, own)];
    const upstream = hasOwnReason(replacement) ? undefined : replacedNeighbour(scene, resource);
    return [
      upstream === undefined ? certain(scene, resource, replacement, own) : cascade(scene, resource, upstream, own),
    ];
  });
}

/** Only what holds data or is known by its address needs certainty; everything else may be made anew. */
function judgePossible(scene: Scene, resource: ResourceChange, { causes }: Replacement, own: ResourceClass): Draft[] {
  if (own.kind === "plain" || own.kind === "revision") return [];
  const open = causes.filter((cause) => !isSettled(scene, cause.by, new Set([resource.id])));
  if (causes.length > 0 && open.length === 0) return [];
  const why =
    open.length === 0
      ? "the input does not say on what it hangs"
      : open.map((cause) => chainOf(scene, cause)).join("; ");
  const upstream = open.map(({ by }) => by && scene.find(by.id)).find((each) => each?.replacement?.certain);
  return [
    scene.draft(
      resource,
      upstream === undefined ? "conditional-replace" : "dependents-cascade",
      `it may be replaced, and lose ${own.holds}: ${why}`,
      upstream === undefined
        ? "make the value known before the change (deploy what it comes from first), or approve the risk"
        : `keep ${upstream.name} in place, and this stays too`,
    ),
  ];
}

/** From the property up to where the doubt begins. */
function chainOf(scene: Scene, cause: Cause): string {
  const links: string[] = [];
  const seen = new Set<string>();
  let next: Cause | undefined = cause;
  while (next?.by !== undefined && !seen.has(next.by.id)) {
    seen.add(next.by.id);
    const source = scene.find(next.by.id);
    const what = source === undefined ? "not in the input" : fateOf(source);
    links.push(`${source?.name ?? next.by.id} (${what})`);
    next = source?.replacement?.causes.find(({ by }) => by !== undefined);
  }
  if (links.length > 0) return `${cause.property} comes from ${links.join(", which comes from ")}`;
  return cause.seen ? `${cause.property} changes` : `the new value of ${cause.property} is not known yet`;
}

function fateOf({ operation, replacement }: ResourceChange): string {
  if (operation !== "replace") return operation === "update" ? "updated in place" : operation;
  return replacement?.certain === true ? "replaced" : "perhaps replaced";
}

function certain(scene: Scene, resource: ResourceChange, replacement: Replacement, own: ResourceClass): Draft {
  const { causes, forcedBy, deletesFirst } = replacement;
  const named = causes.map(({ property }) => property);
  const why = named.length > 0 ? `because ${named.join(", ")} changes` : (forcedBy ?? "the engine does not say why");
  const lost = own.kind === "plain" || own.kind === "revision" ? "" : `, and loses ${own.holds}`;
  const gap = deletesFirst ? "; the old one goes before the new one is there" : "";
  return scene.draft(
    resource,
    "replace",
    `it is replaced${named.length > 0 ? ` ${why}` : `: ${why}`}${lost}${gap}`,
    named.length > 0
      ? `leave ${named.join(", ")} as it is; or make a second one, move over, and delete this one in a change of its own`
      : "find out why before anything else",
    named.length === 1 ? named[0] : undefined,
  );
}

function leftBehind(scene: Scene, resource: ResourceChange, { holds }: ResourceClass): Draft {
  const kept = resource.remains === "snapshot" ? "as a snapshot" : "in the account, unmanaged";
  return scene.draft(
    resource,
    "orphan",
    `it is replaced; the old one stays ${kept} with ${holds}, and the stack goes on with an empty one`,
    "plan how what it holds gets into the new one, and say so in the approval",
  );
}

function hasOwnReason({ causes, forcedBy }: Replacement): boolean {
  return forcedBy !== undefined || causes.some(({ seen }) => seen);
}

/** What is replaced without reasons of its own, after something it needs. */
function replacedNeighbour(
  scene: Scene,
  { dependsOn, diesWith, replacement }: ResourceChange,
): ResourceChange | undefined {
  const sources = (replacement?.causes ?? []).flatMap(({ by }) => (by === undefined ? [] : [by.id]));
  return [...(diesWith === undefined ? [] : [diesWith]), ...sources, ...dependsOn]
    .map((id) => scene.find(id))
    .find((each) => each?.operation === "delete" || each?.replacement?.certain === true);
}

function cascade(scene: Scene, resource: ResourceChange, upstream: ResourceChange, { holds }: ResourceClass): Draft {
  return scene.draft(
    resource,
    "dependents-cascade",
    `it is replaced, and loses ${holds}, only because ${upstream.name}, which it depends on, goes first`,
    `keep ${upstream.name} in place; where it must be replaced, let the new one come first (no deleteBeforeReplace)`,
  );
}
