/** Settings that lose something while the resource itself stays. */
import type { ResourceChange } from "../change";
import { lossySettingsOf, type LossySetting } from "../lossy";
import { unversionedType } from "../resource-class";
import { HIDDEN, hiddenBy, type Hidden, lookAt, type Sight } from "../sight";
import type { Draft, Scene } from "./finding";
import { touchOf } from "./settlement";

export function findLossyUpdates(scene: Scene): Draft[] {
  return scene.change.resources.flatMap((resource) => {
    const settings = settingsOf(scene, resource);
    return settings.flatMap((setting) => judge(scene, resource, setting));
  });
}

/** In place, or perhaps in place; what is made new is judged only where it is a setting of something older. */
function settingsOf(scene: Scene, resource: ResourceChange): readonly LossySetting[] {
  const settings = lossySettingsOf(unversionedType(resource.type));
  if (resource.operation === "update") return settings;
  if (resource.operation === "replace") return resource.replacement?.certain === true ? [] : settings;
  if (resource.operation !== "create" || !isAttachment(scene, resource)) return [];
  return settings.filter(({ rule }) => rule.onCreate === true);
}

/** Whether it belongs to something that exists already. */
function isAttachment(scene: Scene, { dependsOn, type }: ResourceChange): boolean {
  if (type === "AWS::S3::Bucket" || unversionedType(type) === "aws:s3/bucket:Bucket") return false;
  return !dependsOn.some((id) => scene.find(id)?.operation === "create");
}

function judge(scene: Scene, resource: ResourceChange, { rule, path }: LossySetting): Draft[] {
  const property = path.join(".");
  const touch = touchOf(scene, resource, path);
  let shown = false;
  let hidden: Hidden | undefined;
  for (const view of resource.views) {
    const seen = lookAt(view, path);
    if (seen === undefined) continue;
    shown = true;
    const { before, after } = seen;
    hidden ??= hiddenBy(before, after, touch);
    if (before.kind === "unseen" || after.kind === "unseen") continue;
    const loss = rule.loses(valueOf(before), valueOf(after));
    if (loss !== undefined)
      return [scene.draft(resource, rule.change, `${property} ${asClause(loss)}: ${rule.says}`, rule.fix, property)];
  }
  if (!shown && touch === "changes") hidden = "not-described";
  return hidden === undefined ? [] : [unseen(scene, resource, { rule, path }, hidden)];
}

function valueOf(sight: Sight): unknown {
  return sight.kind === "known" ? sight.value : undefined;
}

function asClause(loss: string): string {
  return loss.startsWith("from ") || loss.startsWith("to ") ? `goes ${loss}` : loss;
}

/** What the input could have shown makes the change unknown; what nobody can see yet is a risk that can be approved. */
function unseen(scene: Scene, resource: ResourceChange, { rule, path }: LossySetting, why: Hidden): Draft {
  const property = path.join(".");
  if (why === "not-described" || why === "cut-off") {
    const reason = `${property} may change, and ${HIDDEN[why]}; perhaps ${rule.says}`;
    return scene.draft(resource, "unknown", reason, "describe the change set with --include-property-values", property);
  }
  return scene.draft(
    resource,
    rule.change,
    `${property} may change, and ${HIDDEN[why]}; perhaps ${rule.says}`,
    rule.fix,
    property,
  );
}
