/**
 * Patterns of Java's DateTimeFormatter, as far as they are numbers: `yyyy/MM/dd/HH`, in UTC. Text (names of months and
 * days) depends on a locale and is refused.
 */
import { StageError } from "../../diagnostics";

export type WriteTime = (time: Date) => string;

/** What a letter stands for; a number is padded to as many digits as the letter stands there. */
const FIELDS: Readonly<Record<string, (time: Date, count: number) => string>> = {
  y: year,
  u: year,
  M: (time, count) => padded(time.getUTCMonth() + 1, count),
  d: (time, count) => padded(time.getUTCDate(), count),
  D: (time, count) => padded(dayOfYear(time), count),
  H: (time, count) => padded(time.getUTCHours(), count),
  m: (time, count) => padded(time.getUTCMinutes(), count),
  s: (time, count) => padded(time.getUTCSeconds(), count),
  S: (time, count) => padded(time.getUTCMilliseconds(), 3).padEnd(count, "0").slice(0, count),
};

/** How often a letter may stand: more often means text, or is an error in Java too. */
const MOST: Readonly<Record<string, number>> = { y: 4, u: 4, M: 2, d: 2, D: 3, H: 2, m: 2, s: 2, S: 9 };

/** A run of one letter, quoted text, or anything that stands for itself. */
const TOKEN = /([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z'{}[\]#]/gy;

/** @throws StageError for a pattern that is not understood */
export function compileDatePattern(pattern: string): WriteTime {
  const parts: WriteTime[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < pattern.length) {
    const [text, letter, quoted] = TOKEN.exec(pattern) ?? [];
    if (text === undefined) throw notUnderstood(pattern);
    parts.push(letter === undefined ? literal(quoted ?? text) : field(letter, text.length, pattern));
  }
  return (time) => parts.map((part) => part(time)).join("");
}

function field(letter: string, count: number, pattern: string): WriteTime {
  const write = FIELDS[letter];
  if (write === undefined || count > (MOST[letter] ?? 0)) throw notUnderstood(pattern);
  return (time) => write(time, count);
}

/** Two quotation marks stand for one, inside quoted text and alone. */
function literal(text: string): WriteTime {
  const meant = text === "" ? "'" : text.replaceAll("''", "'");
  return () => meant;
}

function year(time: Date, count: number): string {
  const full = time.getUTCFullYear();
  return count === 2 ? padded(full % 100, 2) : padded(full, count);
}

function dayOfYear(time: Date): number {
  const start = Date.UTC(time.getUTCFullYear(), 0, 1);
  const day = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate());
  return (day - start) / 86_400_000 + 1;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

function notUnderstood(pattern: string): StageError {
  return new StageError(
    `the date pattern "${pattern}" is not understood: the local stage writes numbers by y, u, M, d, D, H, m, s and S, and text in single quotation marks`,
  );
}
