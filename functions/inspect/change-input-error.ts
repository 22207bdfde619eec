/** What was given is no change that can be judged. */

const LONGEST_EXCERPT = 80;

/** The message says where, what was got, what is allowed and what to do. */
export class ChangeInputError extends Error {
  override readonly name = "ChangeInputError";

  /** @param got in words; of a value, its excerpt */
  constructor(where: string, got: string, allowed: string, fix?: string) {
    super(`${where}: got ${got}, allowed ${allowed}${fix === undefined ? "" : `; ${fix}`}`);
  }
}

/** A value in few words, for messages. */
export function excerptOf(value: unknown): string {
  if (value === undefined) return "nothing";
  // Deep values are cut before they are written, so that no depth can break a message.
  const text =
    typeof value === "object" && value !== null
      ? Array.isArray(value)
        ? `a list of ${value.length}`
        : `an object with ${listOf(Object.keys(value))}`
      : JSON.stringify(value);
  return text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}…` : text;
}

/** Names as a sentence lists them. */
export function listOf(names: readonly string[]): string {
  if (names.length === 0) return "nothing";
  const shown = names.slice(0, 6);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
