/**
 * How a record ends: in exactly one of these, never only in a log line.
 *
 * - accepted: it counts.
 * - rejected: it never will; it is stored with the code, so that it can be replayed when the code is wrong.
 * - ignored: it is fine and means nothing here.
 * - retry: not now; the same record comes again.
 */
export type Outcome<Value, Rejection extends string, Ignored extends string = never> =
  | { readonly kind: "accepted"; readonly value: Value }
  | { readonly kind: "rejected"; readonly code: Rejection; readonly detail: string }
  | { readonly kind: "ignored"; readonly code: Ignored };

export function accepted<Value>(value: Value): { readonly kind: "accepted"; readonly value: Value } {
  return { kind: "accepted", value };
}

export function rejected<Code extends string>(
  code: Code,
  detail: string,
): { readonly kind: "rejected"; readonly code: Code; readonly detail: string } {
  return { kind: "rejected", code, detail };
}

export function ignored<Code extends string>(code: Code): { readonly kind: "ignored"; readonly code: Code } {
  return { kind: "ignored", code };
}
