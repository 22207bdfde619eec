/** So much at once is seldom meant: the wrong stack, an empty program, a configuration that was not found. */
import type { ResourceChange } from "../change";
import type { Draft, Scene } from "./finding";

export function findMassChange(scene: Scene): Draft[] {
  const { change, policy } = scene;
  const hit = change.resources.filter((resource) => isHit(scene, resource)).length;
  const { resources, share, from } = policy.massChange;
  const { existing } = change;
  const many = hit > resources;
  const most = existing !== undefined && existing > 0 && hit >= from && hit / existing > share;
  if (!many && !most) return [];
  const whole = existing === undefined ? "" : ` of ${existing}`;
  const everything = existing !== undefined && hit >= existing ? "; nothing of the stack is left as it is" : "";
  return [
    scene.draftOfAll(
      "mass-change",
      `${hit}${whole} resources are deleted or replaced (bounds: ${resources} resources, ${share * 100} % from ${from} on)${everything}`,
      "make sure of stack, program and configuration; split the change",
    ),
  ];
}

function isHit(scene: Scene, resource: ResourceChange): boolean {
  if (resource.nature !== "resource" && resource.nature !== "nested-stack") return false;
  if (resource.operation !== "delete" && resource.operation !== "replace") return false;
  return scene.classOf(resource).kind !== "revision";
}
