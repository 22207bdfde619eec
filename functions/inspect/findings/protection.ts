/** Shields that are lowered now, so that something can be destroyed now or later. */
import type { ProtectionChange, ResourceChange } from "../change";
import { HIDDEN, type Sight } from "../sight";
import type { Draft, Scene } from "./finding";

export function findDroppedProtections(scene: Scene): Draft[] {
  return scene.change.resources.flatMap((resource) => {
    if (resource.operation === "delete" || resource.nature === "component") return [];
    return resource.protections.flatMap((protection) => judge(scene, resource, protection));
  });
}

function judge(scene: Scene, resource: ResourceChange, { name, before, after }: ProtectionChange): Draft[] {
  const [was, is] = [strengthOf(resource, name, before), strengthOf(resource, name, after)];
  if (was === undefined || is === undefined) {
    const why = [before, after].find(({ kind }) => kind === "unseen");
    const reason = `its ${name} changes, and ${why?.kind === "unseen" ? HIDDEN[why.why] : "the guard does not know its values"}`;
    return [scene.draft(resource, "unknown", reason, "describe the change set with --include-property-values", name)];
  }
  if (is >= was) return [];
  return [
    scene.draft(
      resource,
      "protection-dropped",
      `${name} goes from ${shown(before)} to ${shown(after)}: it can be destroyed from now on`,
      `keep ${name}; take it off only in the change that is meant to destroy the resource`,
      name,
    ),
  ];
}

/** How much of the resource outlives its removal: 2 all, 1 a snapshot, 0 nothing. */
const STRENGTHS: Readonly<Record<string, number>> = { Retain: 2, RetainExceptOnCreate: 2, Snapshot: 1, Delete: 0 };

/** Databases that CloudFormation keeps a snapshot of unless told otherwise. */
const SNAPSHOT_BY_DEFAULT = ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster"];

function strengthOf(resource: ResourceChange, name: ProtectionChange["name"], sight: Sight): number | undefined {
  if (sight.kind === "unseen") return undefined;
  if (name === "protect" || name === "retainOnDelete") return sight.kind === "known" && sight.value === true ? 2 : 0;
  if (sight.kind === "absent") return name === "DeletionPolicy" && SNAPSHOT_BY_DEFAULT.includes(resource.type) ? 1 : 0;
  return typeof sight.value === "string" ? STRENGTHS[sight.value] : undefined;
}

function shown(sight: Sight): string {
  return sight.kind === "known" ? String(sight.value) : "its default";
}
