/** Whatever was not understood, or cannot be known from the input, refuses the change. */
import type { Draft, Scene } from "./finding";

export function findDoubts(scene: Scene): Draft[] {
  return [
    ...scene.change.doubts
      .filter(({ about }) => about !== "hidden-sames" || scene.policy.hiddenSames === "refuse")
      .map(({ what, fix }) => scene.draftOfAll("unknown", what, fix)),
    ...scene.change.resources.flatMap((resource) =>
      resource.doubts.map(({ what, fix }) => scene.draft(resource, "unknown", what, fix)),
    ),
  ];
}
