/** Policies that let more in than before: whatever is not provably the same or narrower. */
import { canonicalJson, sameJson, without } from "../canonical";
import type { ResourceChange } from "../change";
import { listedOf } from "../lossy/comparison";
import { findBroadening, findOpenDoors } from "../policy/broadening";
import { policyPlacesOf, type PolicyPlace } from "../policy/place";
import { unversionedType } from "../resource-class";
import { HIDDEN, hiddenBy, lookAt, type Sight } from "../sight";
import type { Draft, Scene } from "./finding";
import { touchOf } from "./settlement";

export function findWeakenedPolicies(scene: Scene): Draft[] {
  return scene.change.resources.flatMap((resource) => {
    if (!["create", "update", "replace"].includes(resource.operation)) return [];
    return policyPlacesOf(unversionedType(resource.type)).flatMap((place) => judgePlace(scene, resource, place));
  });
}

function judgePlace(scene: Scene, resource: ResourceChange, place: PolicyPlace): Draft[] {
  const touch = touchOf(scene, resource, place.path);
  let shown = false;
  for (const view of resource.views) {
    const seen = lookAt(view, place.path);
    if (seen === undefined) continue;
    shown = true;
    const broader = judgeSights(resource, place, seen.before, seen.after, touch);
    if (broader.length > 0) return [weakened(scene, resource, place, broader)];
  }
  if (shown || touch !== "changes" || resource.operation === "create") return [];
  const reason = `${place.path.join(".")} may let more in, and ${HIDDEN["not-described"]}`;
  const fix = "describe the change set with --include-property-values";
  return [scene.draft(resource, "unknown", reason, fix, place.path.join("."))];
}

function weakened(scene: Scene, resource: ResourceChange, { path }: PolicyPlace, broader: readonly string[]): Draft {
  return scene.draft(
    resource,
    "policy-weakened",
    `${path.join(".")} is broader than before, or not provably narrower: ${broader.join("; ")}`,
    "grant only what is needed, and let whoever answers for access approve it",
    path.join("."),
  );
}

function judgeSights(
  resource: ResourceChange,
  place: PolicyPlace,
  before: Sight,
  after: Sight,
  touch: ReturnType<typeof touchOf>,
): readonly string[] {
  if (resource.operation === "create") {
    return place.shape === "document" && after.kind === "known" ? findOpenDoors(after.value) : [];
  }
  if (before.kind === "unseen" || after.kind === "unseen") {
    const hidden = hiddenBy(before, after, touch);
    return hidden === undefined ? [] : [HIDDEN[hidden]];
  }
  const [was, is] = [valueOf(before), valueOf(after)];
  if (sameJson(was, is)) return [];
  if (place.openWhenAbsent && after.kind === "absent") return ["without it, the default lets more in"];
  switch (place.shape) {
    case "document":
      return place.openWhenAbsent && before.kind === "absent" ? [] : findBroadening(was, is);
    case "named":
      return judgeNamed(was, is);
    case "names":
      return judgeNames(was, is);
    case "boundary":
      return before.kind === "absent" ? [] : ["what bounds it is another one or gone"];
  }
}

function valueOf(sight: Sight): unknown {
  return sight.kind === "known" ? sight.value : undefined;
}

/** Several policies work as one. */
function judgeNamed(before: unknown, after: unknown): readonly string[] {
  const [was, is] = [joinDocuments(before), joinDocuments(after)];
  return was === undefined || is === undefined ? ["the guard cannot read its policies"] : findBroadening(was, is);
}

function joinDocuments(policies: unknown): { Statement: unknown[] } | undefined {
  const listed = listedOf(policies);
  if (listed === undefined) return undefined;
  const statements: unknown[] = [];
  for (const policy of listed) {
    const fields = (typeof policy === "object" && policy !== null ? policy : {}) as Record<string, unknown>;
    const written = fields["PolicyDocument"] ?? fields["policy"];
    const document: unknown = typeof written === "string" ? parsed(written) : written;
    if (typeof document !== "object" || document === null) return undefined;
    const inner = (document as Record<string, unknown>)["Statement"];
    statements.push(...(Array.isArray(inner) ? (inner as unknown[]) : [inner]));
  }
  return { Statement: statements };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Every element gives something away: none may be new. */
function judgeNames(before: unknown, after: unknown): readonly string[] {
  const [was, is] = [listedOf(before), listedOf(after)];
  if (was === undefined || is === undefined) return ["the guard cannot read it as a list"];
  const known = new Set(was.map(meaningOf));
  const added = is.map(meaningOf).filter((each) => !known.has(each));
  return added.length === 0 ? [] : [`new: ${added.slice(0, 3).join(", ")}`];
}

/** Without what people write beside it. */
function meaningOf(element: unknown): string {
  if (typeof element !== "object" || element === null) return String(element);
  return canonicalJson(without(element, "description", "Description"));
}
