/** Dates in policies and requests: the W3C forms of ISO 8601, or seconds since 1970. */

const DAY = /^\d{4}-\d{2}(?:-\d{2})?/;
const REST = /^(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;

/**
 * Milliseconds since 1970, undefined when the text is no date that exists. A bare year is refused, as four digits could
 * be a year or seconds, and so is a time without a zone.
 */
export function readDate(text: string): number | undefined {
  if (/^\d{5,12}$/.test(text)) return Number(text) * 1000;
  const [day] = DAY.exec(text) ?? [];
  if (day === undefined || !exists(day)) return undefined;
  const rest = text.slice(day.length);
  return REST.test(rest) && (rest === "" || day.length === 10) ? Date.parse(text) : undefined;
}

/** A day like the 30th of February is read as one of March by some, as none by others: here it does not exist. */
function exists(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
