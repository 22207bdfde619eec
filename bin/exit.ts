/**
 * How the command ends. 0: done. 1: our fault. 2: what the user gave (the message says got, allowed, fix). 3: refused, or
 * something was found.
 */

export const EXIT = { done: 0, fault: 1, input: 2, refused: 3 } as const;

/** What the user gave is wrong: the message is all there is to say. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** The command did its work, and the answer is no. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}
