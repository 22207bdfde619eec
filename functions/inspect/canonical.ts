/** One spelling for equal JSON values, and the digest over it that approvals are bound to. */
import { createHash } from "node:crypto";
import { ChangeInputError } from "./change-input-error";

/** Deeper than any policy or template nests; a document beyond it is refused before anything walks it. */
const DEEPEST = 200;

/**
 * Canonical JSON: keys in code-unit order, no white space, keys without value left out.
 * @throws ChangeInputError when the value nests deeper than any real change does
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > DEEPEST) {
    throw new ChangeInputError("the change", `a document nested ${DEEPEST} levels deep`, `${DEEPEST} levels at most`);
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(",")}]`;
  const fields = value as Record<string, unknown>;
  let text = "";
  for (const key of Object.keys(fields).sort()) {
    if (fields[key] === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(fields[key], depth + 1)}`;
  }
  return `{${text}}`;
}

export function sameJson(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

/** The same fields but for some. */
export function without(fields: object, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** Digest over parts that are canonical already, one per line: `sha256:` and 64 hexadecimal digits. */
export function digestOf(parts: Iterable<string>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\n");
  return `sha256:${hash.digest("hex")}`;
}
