/**
 * Property values as state keeps them: JSON in which code is named by its hash, and a secret is sealed, so that a change
 * of either is seen and neither can be read. The marks are those of Pulumi's own state.
 */
import { createHash, createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { StageError } from "../diagnostics";
import { Asset, isRecord, unknown, type Properties, type PropertyPath, type Value } from "../graph/value";
import { SIGNATURES } from "../monitor/wire";

export type Recorded = null | boolean | number | string | readonly Recorded[] | { readonly [key: string]: Recorded };
export type RecordedProperties = Readonly<Record<string, Recorded>>;

/** A value nobody knows before the update has run, as Pulumi writes it. */
export const KNOWN_AFTER_UPDATE: Recorded = SIGNATURES.unknown;

/** Stands for a secret: the same for the same value under the same key. */
export type Seal = (value: string) => string;

/** @param key hexadecimal; kept with the state, so that seals can be compared from one run to the next */
export function sealWith(key: string): Seal {
  return (value) => createHmac("sha256", Buffer.from(key, "hex")).update(value).digest("hex");
}

/** @param secrets paths in the properties whose values are sealed */
export function record(properties: Properties, secrets: readonly PropertyPath[], seal: Seal): RecordedProperties {
  const sealed = new Set(secrets);
  const read = (value: Value, path: PropertyPath): Recorded => {
    if (sealed.has(path)) return { [SIGNATURES.key]: SIGNATURES.secret, ciphertext: seal(stableJson(plain(value))) };
    if (Array.isArray(value)) return value.map((item: Value, index) => read(item, `${path}[${index}]`));
    if (!isRecord(value)) return plain(value);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, read(item, path === "" ? key : `${path}.${key}`)]),
    );
  };
  return read(properties, "") as RecordedProperties;
}

/** Whether a recorded value is a secret or code, of which only a seal or a hash is known. */
export function isOpaque(value: Recorded | undefined): boolean {
  return typeof value === "object" && value !== null && SIGNATURES.key in value;
}

/** One spelling for equal values: keys in code-unit order. */
export function stableJson(value: Recorded): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stableJson).join(",")}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${stableJson(item)}`).join(",")}}`;
}

function plain(value: Value): Recorded {
  if (value === unknown) return KNOWN_AFTER_UPDATE;
  if (value instanceof Asset) {
    const mark = value.kind === "archive" ? SIGNATURES.archive : SIGNATURES.asset;
    return { [SIGNATURES.key]: mark, hash: hashOf(value) };
  }
  if (Array.isArray(value)) return value.map((item: Value) => plain(item));
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value as Recorded;
}

/** @throws StageError when a file of the program's cannot be read */
function hashOf({ kind, content, entries }: Asset): string {
  const hash = createHash("sha256").update(`${kind}\n`);
  if (kind === "text") return hash.update(content).digest("hex");
  try {
    if (kind === "file") hash.update(readFileSync(content));
    else if (content !== "") hashTree(resolve(content), (part) => hash.update(part));
  } catch (error) {
    throw new StageError(`${content}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  for (const name of Object.keys(entries).sort()) hash.update(`${name}\n${hashOf(entries[name] as Asset)}\n`);
  return hash.digest("hex");
}

function hashTree(folder: string, add: (part: string | Buffer) => void, below = ""): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) hashTree(join(folder, entry.name), add, path);
    else {
      add(`${path}\n`);
      add(readFileSync(join(folder, entry.name)));
    }
  }
}
