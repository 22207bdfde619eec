/** Property values as rules see them: plain data, in which what exists only after deployment is marked and never guessed. */
import { Secret } from "@pulumi/policy";

/** A value that is not known before deployment. */
export const UNKNOWN: unique symbol = Symbol("unknown");

export type Value =
  null | boolean | number | string | typeof UNKNOWN | readonly Value[] | { readonly [key: string]: Value };

export type Properties = { readonly [key: string]: Value };

/**
 * What stands for an unknown value of each kind on the wire. `@pulumi/policy` keeps them to itself; a test holds both
 * lists equal.
 */
export const UNKNOWN_MARKS: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/**
 * The raw properties behind the SDK's proxy, which would end a rule at the first unknown value it touches and turn its
 * verdict into a mere note: here an unknown leaf is a value like any other.
 */
export function readProperties(proxied: Readonly<Record<string, unknown>>): Properties {
  const read = readValue(proxied);
  return isRecord(read) ? read : {};
}

/** What stands behind the SDK's proxies; secrets and unknown values stay as they came. */
export function behindProxies(proxied: unknown): unknown {
  let value = proxied;
  while (
    typeof value === "object" &&
    value !== null &&
    (value as Record<string, unknown>)["__isSpecialProxy"] === true
  ) {
    value = (value as Record<string, unknown>)["__getSpecialProxyTarget"];
  }
  return value;
}

function readValue(proxied: unknown): Value {
  const raw = behindProxies(proxied);
  if (raw instanceof Secret) return readValue(raw.value);
  if (UNKNOWN_MARKS.has(raw)) return UNKNOWN;
  if (raw === null || typeof raw === "boolean" || typeof raw === "number" || typeof raw === "string") return raw;
  if (Array.isArray(raw)) return raw.map(readValue);
  if (typeof raw !== "object") return null;
  // Files and archives come as objects of the SDK; no rule looks into them.
  if (Object.getPrototypeOf(raw) !== Object.prototype) return "(asset)";
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, readValue(value)]));
}

export function isRecord(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `settings.logging[0].level`: nothing when it is not there, unknown when it or anything around it is. */
export function valueAt(properties: Properties, path: string): Value | undefined {
  let value: Value | undefined = properties;
  for (const step of path.match(/[^.[\]]+/g) ?? []) {
    if (value === UNKNOWN) return UNKNOWN;
    if (Array.isArray(value)) value = (value as readonly Value[])[Number(step)];
    else value = isRecord(value) ? value[step] : undefined;
  }
  return value ?? undefined;
}

/** How messages show a value. */
export function show(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  if (value === UNKNOWN) return "a value not known before deployment";
  const text = JSON.stringify(value, (_, each: unknown) => (each === UNKNOWN ? "(unknown)" : each));
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
