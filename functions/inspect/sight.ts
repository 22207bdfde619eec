/**
 * Property values as far as an input shows them. Both engines hide some: what is decided only while the change is applied,
 * secrets, long texts that were cut, and everything that was not asked for.
 */

export type Sight =
  | { readonly kind: "known"; readonly value: unknown }
  | { readonly kind: "absent" }
  | { readonly kind: "unseen"; readonly why: Hidden };

export type Hidden = keyof typeof HIDDEN;

/** Why a value is not seen, as a finding says it. */
export const HIDDEN = {
  "after-apply": "its value is known only once the change is applied",
  secret: "its value is a secret that the input blanks out",
  "cut-off": "its value is cut off in the input",
  "not-described": "the input does not say its values",
} as const;

export const ABSENT: Sight = { kind: "absent" };

/** Names of properties from the outside in; list items by index. */
export type PropertyPath = readonly string[];

/** A property, or all of them, before and after, as one part of the input shows it. */
export interface View {
  /** What the view shows; empty for all properties. */
  readonly at: PropertyPath;
  readonly before: Sight;
  readonly after: Sight;
}

/** Written by CloudFormation in a change set, and by Pulumi in a preview, for a value not yet known. */
const AFTER_APPLY = ["{{changeSet:KNOWN_AFTER_APPLY}}", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"];
const SECRET_TEXT = "[secret]";
/** Pulumi's marker of special objects, and its value for secrets (sdk/go/common/resource/sig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

export function sightOf(value: unknown): Sight {
  if (value === undefined || value === null) return ABSENT;
  if (typeof value === "string") {
    if (value === SECRET_TEXT) return { kind: "unseen", why: "secret" };
    const later = AFTER_APPLY.some((marker) => value.includes(marker));
    // In JSON text only what carries the marker is not known yet.
    return later && typeof readText(value) !== "object"
      ? { kind: "unseen", why: "after-apply" }
      : { kind: "known", value };
  }
  if (typeof value === "object" && (value as Record<string, unknown>)[SIGNATURE] === SECRET_SIGNATURE) {
    return { kind: "unseen", why: "secret" };
  }
  return { kind: "known", value };
}

/** Looks a property up in a value; JSON text is read as what it stands for. */
export function look(value: unknown, path: PropertyPath): Sight {
  let sight = sightOf(value);
  for (const name of path) {
    if (sight.kind !== "known") return sight;
    sight = step(sight.value, name);
  }
  return sight;
}

function step(value: unknown, name: string): Sight {
  const inner = typeof value === "string" ? readText(value) : value;
  if (inner === CUT_OFF) return { kind: "unseen", why: "cut-off" };
  if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, name)) return ABSENT;
  return sightOf((inner as Record<string, unknown>)[name]);
}

const CUT_OFF = Symbol("cut off");

/** Reads JSON text; other text stands for itself. Text that begins like JSON and is none was cut off. */
export function readText(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return CUT_OFF;
  }
}

export function isCutOff(value: unknown): boolean {
  return value === CUT_OFF;
}

/** What the view shows of a property: nothing when it is about something else. */
export function lookAt(view: View, path: PropertyPath): { before: Sight; after: Sight } | undefined {
  if (!startsWith(path, view.at)) return undefined;
  const rest = path.slice(view.at.length);
  return { before: within(view.before, rest), after: within(view.after, rest) };
}

function within(sight: Sight, path: PropertyPath): Sight {
  return sight.kind === "known" ? look(sight.value, path) : sight;
}

/**
 * Why a change of a property is not seen, where it matters: the engine says that it changes; or one side is seen and the
 * other is not, although it was described.
 */
export function hiddenBy(before: Sight, after: Sight, touch: "changes" | "follows" | "nothing"): Hidden | undefined {
  const unseen = after.kind === "unseen" ? after : before.kind === "unseen" ? before : undefined;
  if (unseen === undefined || touch === "follows") return undefined;
  const differs = before.kind !== after.kind && unseen.why !== "not-described";
  return touch === "changes" || differs ? unseen.why : undefined;
}

export function startsWith(path: PropertyPath, start: PropertyPath): boolean {
  return start.length <= path.length && start.every((name, index) => name === path[index]);
}

/** Whether one of two paths lies inside the other. */
export function overlaps(a: PropertyPath, b: PropertyPath): boolean {
  return startsWith(a, b) || startsWith(b, a);
}

/** Reads `rules[0].expiration["days"]`, as Pulumi writes paths. */
export function readPropertyPath(text: string): PropertyPath {
  const path: string[] = [];
  for (const [, quoted, index, name] of text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)) {
    path.push(quoted?.replaceAll(/\\(.)/g, "$1") ?? index ?? name ?? "");
  }
  return path;
}
