/**
 * Listing keys in pages: keys that share what stands between prefix and delimiter come as one common prefix. A page ends
 * after so many items; the next one goes on behind its last.
 */
import type { KeyList } from "./store/key-order";
import type { Version } from "./store/version";

export interface Selection {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
}

/** A key, or all keys that begin with a prefix. */
export type Item = { readonly key: string } | { readonly prefix: string };

export interface Page {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** The page's last item, where others follow. */
  readonly last: Item | undefined;
}

/** At most so many keys and common prefixes, behind `after`. */
export function listKeys(
  keys: KeyList,
  selection: Selection & { readonly after: Item | undefined; readonly most: number },
  isVisible: (key: string) => boolean,
): Page {
  const { after, most } = selection;
  const start = after === undefined ? 0 : "key" in after ? keys.after(after.key) : keys.afterPrefix(after.prefix);
  const items: Item[] = [];
  for (const item of walk(keys, selection, start, isVisible)) {
    if (items.length === most) return { ...divide(items), last: items.at(-1) };
    items.push(item);
  }
  return { ...divide(items), last: undefined };
}

/** One version of a key, and whether it is the newest. */
export interface ListedVersion {
  readonly key: string;
  readonly version: Version;
  readonly isLatest: boolean;
}

/** The last item of a page of versions; a version stands beside its key. */
export interface VersionPlace {
  readonly key: string;
  readonly version?: string | undefined;
}

export interface VersionPage {
  readonly versions: readonly ListedVersion[];
  readonly commonPrefixes: readonly string[];
  readonly last: VersionPlace | undefined;
}

/** At most so many versions and common prefixes, behind `after`. */
export function listVersions(
  keys: KeyList,
  selection: Selection & { readonly after: VersionPlace | undefined; readonly most: number },
  versionsOf: (key: string) => readonly Version[],
): VersionPage {
  const { after, most } = selection;
  const versions: ListedVersion[] = [];
  const commonPrefixes: string[] = [];
  let last: VersionPlace | undefined;
  const isFull = (): boolean => versions.length + commonPrefixes.length === most;
  for (const item of walk(keys, selection, startBehind(keys, after, selection), () => true)) {
    if ("prefix" in item) {
      if (isFull()) return { versions, commonPrefixes, last };
      commonPrefixes.push(item.prefix);
      last = { key: item.prefix };
      continue;
    }
    const all = versionsOf(item.key);
    const seen = item.key === after?.key ? all.findIndex(({ id }) => id === after.version) : -1;
    for (const [age, version] of all.entries()) {
      if (age <= seen) continue;
      if (isFull()) return { versions, commonPrefixes, last };
      versions.push({ key: item.key, version, isLatest: age === 0 });
      last = { key: item.key, version: version.id };
    }
  }
  return { versions, commonPrefixes, last: undefined };
}

/** A place without a version is a common prefix where it could be one, else a key whose versions are all done. */
function startBehind(keys: KeyList, after: VersionPlace | undefined, { prefix, delimiter }: Selection): number {
  if (after === undefined) return 0;
  if (after.version !== undefined) return keys.from(after.key);
  const isCommon = delimiter !== "" && after.key.endsWith(delimiter) && after.key.length > prefix.length;
  return isCommon ? keys.afterPrefix(after.key) : keys.after(after.key);
}

function* walk(
  keys: KeyList,
  { prefix, delimiter }: Selection,
  start: number,
  isVisible: (key: string) => boolean,
): Iterable<Item> {
  let index = Math.max(start, keys.from(prefix));
  for (let key = keys.at(index); key?.startsWith(prefix); key = keys.at(index)) {
    index++;
    if (!isVisible(key)) continue;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      yield { key };
    } else {
      const common = key.slice(0, cut + delimiter.length);
      yield { prefix: common };
      index = keys.afterPrefix(common);
    }
  }
}

function divide(items: readonly Item[]): Pick<Page, "keys" | "commonPrefixes"> {
  return {
    keys: items.flatMap((item) => ("key" in item ? [item.key] : [])),
    commonPrefixes: items.flatMap((item) => ("prefix" in item ? [item.prefix] : [])),
  };
}

/** A place in a listing as an opaque text. */
export function writeToken(place: Item): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** Nothing when the text is no place. */
export function readToken(token: string): Item | undefined {
  try {
    const place = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as unknown;
    if (typeof place !== "object" || place === null) return undefined;
    if ("key" in place && typeof place.key === "string") return { key: place.key };
    if ("prefix" in place && typeof place.prefix === "string") return { prefix: place.prefix };
  } catch {
    // Not one of ours: the caller is told.
  }
  return undefined;
}
