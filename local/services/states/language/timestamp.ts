/** Times as states write them: RFC 3339 with a capital T, and Z or an offset. */

export const TIMESTAMP = "a time like 2026-01-05T10:00:00Z";

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch; nothing for what is no time. */
export function readTimestamp(value: unknown): number | undefined {
  if (typeof value !== "string" || !FORM.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
