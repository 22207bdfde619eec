/**
 * What went wrong with durable data, in one line for the person who has to act: the file, what was found, what was
 * expected, and what to do. The line is the message; the system's own error, if there is one, is the cause.
 */
export class DurableError extends Error {
  override readonly name: string = "DurableError";
}

/** The data folder as a whole cannot be used: another process holds it, it is not ours, or it cannot be written. */
export class DataFolderError extends DurableError {
  override readonly name = "DataFolderError";
}

const PLAIN_WORDS = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EIO: "the disk reports an input/output error",
  EACCES: "permission denied",
  EPERM: "the operation is not permitted",
  ENOTDIR: "a part of the path is a file, not a folder",
  ENOENT: "a part of the path does not exist and cannot be created",
  EEXIST: "a file of that name is in the way",
  EMFILE: "too many files are open",
} as const;

/** The system's code of an error (`"ENOSPC"`), or `undefined` when it is not a system error. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** A failure in one line: whole where it was written for a person, in plain words where the system gave it. */
export function explainFailure(error: unknown): string {
  if (error instanceof DurableError) return error.message;
  return codeOf(error) === undefined ? String(error) : explainCause(error);
}

/** An error's cause in plain words: `the disk is full (ENOSPC)`. */
export function explainCause(error: unknown): string {
  const code = codeOf(error);
  if (code !== undefined && code in PLAIN_WORDS) return `${PLAIN_WORDS[code as keyof typeof PLAIN_WORDS]} (${code})`;
  return error instanceof Error ? error.message : String(error);
}
