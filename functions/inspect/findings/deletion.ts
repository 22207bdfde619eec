/** Resources that go, and resources that stay behind without an owner. */
import type { ResourceChange } from "../change";
import type { Draft, Scene } from "./finding";
import { matchRenames, renameFinding } from "./rename";

export function findDeletions(scene: Scene): Draft[] {
  const renames = matchRenames(scene);
  return scene.change.resources.flatMap((resource) => {
    if (resource.lostOutside) return findLoss(scene, resource);
    if (resource.operation !== "delete" || isHarmless(scene, resource)) return [];
    if (resource.remains !== "nothing") return [orphan(scene, resource)];
    const successor = renames.get(resource);
    return [successor === undefined ? deletion(scene, resource) : renameFinding(scene, resource, successor)];
  });
}

/** What holds nothing of its own, and a revision whose users move on to the next one. */
function isHarmless(scene: Scene, resource: ResourceChange): boolean {
  if (resource.nature !== "resource" && resource.nature !== "nested-stack") return true;
  return (
    scene.classOf(resource).kind === "revision" &&
    scene.change.resources.some(({ operation, type }) => operation === "create" && type === resource.type)
  );
}

function deletion(scene: Scene, resource: ResourceChange): Draft {
  const { kind, holds } = scene.classOf(resource);
  const shielded = resource.protections.some(({ name }) => name === "protect") ? ", although it is protected" : "";
  const taken = kind === "data" || kind === "address" ? `, and with it ${holds}` : "";
  return scene.draft(
    resource,
    "delete",
    `it is deleted${taken}${shielded}`,
    kind === "plain" || kind === "revision"
      ? "keep it in the program, or approve the deletion by its digest"
      : `keep it in the program; to let go of it and keep it, ${keepIt(scene)} first, in a change of its own`,
  );
}

function keepIt(scene: Scene): string {
  return scene.change.engine === "pulumi" ? "set retainOnDelete: true" : "set DeletionPolicy: Retain";
}

function orphan(scene: Scene, resource: ResourceChange): Draft {
  const kept = resource.remains === "snapshot" ? "only a snapshot of it stays" : "it stays in the account";
  return scene.draft(
    resource,
    "orphan",
    `it leaves the stack; ${kept}, where nobody manages it and its name is taken`,
    "say in the approval who owns it from now on, or keep it in the program; to take it back, import it",
  );
}

/** Deleted by someone else already: the change makes it anew, without what it held. */
function findLoss(scene: Scene, resource: ResourceChange): Draft[] {
  const { kind, holds } = scene.classOf(resource);
  if (kind !== "data" || resource.nature !== "resource") return [];
  return [
    scene.draft(
      resource,
      "replace",
      `it was deleted outside ${scene.change.engine}, and is made anew without ${holds}`,
      "restore it from a backup and import it, or approve that it begins empty",
    ),
  ];
}
