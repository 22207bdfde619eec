/** Doubts that settle to nothing: what follows something that stays the same stays the same. */
import type { Reference, ResourceChange } from "../change";
import { overlaps, type PropertyPath } from "../sight";
import type { Scene } from "./finding";

/**
 * A name, id or ARN of something that is only updated in place does not change.
 * @param above ids on the way here, so that a circle settles nothing
 */
export function isSettled(scene: Scene, by: Reference | undefined, above: ReadonlySet<string>): boolean {
  if (by === undefined || by.takes !== "identity" || above.has(by.id)) return false;
  const source = scene.find(by.id);
  // What a custom resource calls its id is its own affair.
  if (source === undefined || source.doubts.length > 0 || isCustom(source.type)) return false;
  if (source.operation === "update" || source.operation === "none") return true;
  if (source.operation !== "replace" || source.replacement === undefined || source.replacement.certain) return false;
  const { causes } = source.replacement;
  return causes.length > 0 && causes.every((cause) => isSettled(scene, cause.by, new Set([...above, by.id])));
}

/** Resources that a function of the user's manages. */
export function isCustom(type: string): boolean {
  return type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource";
}

/**
 * Whether a property changes by the engine's account: it `changes`, it only `follows` what stays the same, or nothing is
 * said of it.
 */
export function touchOf(scene: Scene, resource: ResourceChange, path: PropertyPath): "changes" | "follows" | "nothing" {
  const touches = resource.touched.filter((touch) => overlaps(touch.path, path));
  if (touches.length === 0) return "nothing";
  return touches.every(({ by }) => isSettled(scene, by, new Set([resource.id]))) ? "follows" : "changes";
}
