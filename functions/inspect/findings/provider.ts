/** The same resources under another provider, region or account: to AWS they are others. */
import { canonicalJson } from "../canonical";
import type { ResourceChange } from "../change";
import { PROVIDER_CHANGES, providerName } from "../pulumi/fate";
import { lookAt, overlaps, type Sight } from "../sight";
import type { Draft, Scene } from "./finding";
import { isCustom } from "./settlement";

export function findProviderChanges(scene: Scene): Draft[] {
  return scene.change.resources.flatMap((resource) => {
    if (resource.nature === "provider") return findConfiguration(scene, resource);
    if (resource.nature !== "resource" || resource.operation === "create" || resource.operation === "delete") return [];
    return [...findProviderSwap(scene, resource), ...findRegion(scene, resource), ...findServiceToken(scene, resource)];
  });
}

/** Settings of a provider that leave its resources where they are. */
const HARMLESS = ["version", "pluginDownloadURL", "defaultTags", "ignoreTags", "maxRetries", "retryMode", "__internal"];

function configurationOf(sight: Sight | undefined): string | undefined {
  if (sight?.kind !== "known" || typeof sight.value !== "object" || sight.value === null) return undefined;
  return canonicalJson(Object.fromEntries(Object.entries(sight.value).filter(([name]) => !HARMLESS.includes(name))));
}

function findConfiguration(scene: Scene, provider: ResourceChange): Draft[] {
  if (provider.operation !== "update" && provider.operation !== "replace") return [];
  const [view] = provider.views;
  const [before, after] = [configurationOf(view?.before), configurationOf(view?.after)];
  if (before !== undefined && before === after) return [];
  return [
    scene.draft(
      provider,
      "provider-or-region-change",
      "its configuration changes: region, account or credentials may be others, and every resource of it with them",
      "make a second provider, and move resources one by one",
    ),
  ];
}

/**
 * Another version of a default provider has another name, and its steps are not shown; the engine compares both
 * configurations, and replaces what they put elsewhere, for the reason `provider`. Providers of the program's own are
 * compared here.
 */
function findProviderSwap(scene: Scene, resource: ResourceChange): Draft[] {
  const [from, to] = [providerName(resource.provider?.before), providerName(resource.provider?.after)];
  if (from === undefined || to === undefined) return [];
  const elsewhere = resource.replacement?.forcedBy === PROVIDER_CHANGES;
  if (!elsewhere && (from === to || (isDefault(from) && isDefault(to)))) return [];
  const before = configurationOf(scene.find(from)?.views[0]?.before);
  const after = configurationOf(scene.find(to)?.views[0]?.after);
  if (!elsewhere && before !== undefined && before === after) return [];
  const shown = before !== undefined && after !== undefined;
  const how = from === to ? `${nameOf(from)} is configured otherwise` : `${nameOf(from)} gives it to ${nameOf(to)}`;
  return [
    scene.draft(
      resource,
      "provider-or-region-change",
      `its provider changes: ${how}${shown || elsewhere ? "" : ", and the preview does not show both configurations"}`,
      "keep the provider; to move to another place, make a second resource there",
      "provider",
    ),
  ];
}

function isDefault(urn: string): boolean {
  return /^default(_|$)/.test(nameOf(urn));
}

function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** Since version 7 of Pulumi's AWS package each resource has a region of its own. */
function findRegion(scene: Scene, resource: ResourceChange): Draft[] {
  if (!resource.type.startsWith("aws:")) return [];
  return findSetting(scene, resource, "region", "its region changes", "make a second resource in the other region");
}

/** What implements a custom resource is its provider. */
function findServiceToken(scene: Scene, resource: ResourceChange): Draft[] {
  if (!isCustom(resource.type)) return [];
  return findSetting(scene, resource, "ServiceToken", "another function is to manage it", "keep its ServiceToken");
}

function findSetting(scene: Scene, resource: ResourceChange, property: string, reason: string, fix: string): Draft[] {
  const path = [property];
  const touched = resource.touched.some((touch) => touch.path.length > 0 && overlaps(touch.path, path));
  const moved = resource.views.some((view) => {
    const seen = lookAt(view, path);
    if (seen === undefined || (seen.before.kind === "absent" && !touched)) return false;
    return seen.after.kind !== "absent" && !isSame(seen.before, seen.after, touched);
  });
  const unsaid = touched && resource.views.every((view) => lookAt(view, path) === undefined);
  return moved || unsaid ? [scene.draft(resource, "provider-or-region-change", reason, fix, property)] : [];
}

function isSame(before: Sight, after: Sight, touched: boolean): boolean {
  if (before.kind === "unseen" && after.kind === "unseen") return !touched;
  if (before.kind !== after.kind) return false;
  return (
    before.kind !== "known" || after.kind !== "known" || canonicalJson(before.value) === canonicalJson(after.value)
  );
}
