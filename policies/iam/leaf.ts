/**
 * The leaves of a document: text, or a value that exists only after deployment. An unknown leaf stands in a document
 * wherever a string may stand; it is judged by the pattern that was declared for it, never skipped.
 */

export class Unknown {
  /** @param declared the pattern that the value will match, e.g. `arn:aws:s3:::raw-*`; undefined when nobody said */
  constructor(readonly declared?: string) {}
}

/** Text as written, or a value that is not known yet. */
export type Leaf = string | Unknown;

/** The text a leaf is judged by; undefined when nothing is known of it. */
export function textOf(leaf: Leaf): string | undefined {
  return typeof leaf === "string" ? leaf : leaf.declared;
}

/** How messages call a leaf. */
export function nameOf(leaf: Leaf): string {
  if (typeof leaf === "string") return leaf;
  return leaf.declared === undefined ? "(unknown)" : `(unknown, declared as ${leaf.declared})`;
}
