/** Patterns in which a star stands for any text and a question mark for one character, as in IAM. */

export function matchesPattern(text: string, pattern: string): boolean {
  const form = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${form}$`, "s").test(text);
}

/**
 * Whether everything that a pattern can match is matched by another. A star of the narrower one is only ever taken up by a
 * star of the wider one, so the comparison errs on the strict side alone.
 */
export function isWithin(narrower: string, wider: string): boolean {
  return matchesPattern(narrower, wider);
}
