/**
 * Pages of a group's events, forward from a place or backward to it, in the order of arrival. A call looks at a bounded
 * number of records, so a page may be empty although there is more: the next token goes on, as AWS documents it.
 */
import { AwsError } from "../service";
import type { LogGroup, StoredEvent } from "./log-group";

export interface PageRequest {
  readonly limit: number;
  readonly accept: (event: StoredEvent) => boolean;
}

export interface LogPage {
  readonly events: readonly StoredEvent[];
  /** Where the page behind this one goes on. */
  readonly end: number;
  /** Where the page before this one ends. */
  readonly start: number;
}

/** Events of one answer at most, and their size. Source: CloudWatch Logs API reference, GetLogEvents. */
export const MOST_EVENTS = 10_000;
const MOST_BYTES = 2 ** 20;

/** Records that one call looks at. */
const MOST_SCANNED = 100_000;
const BACKWARD_STEP = 2_000;

export function pageAfter(group: LogGroup, from: number, { limit, accept }: PageRequest): LogPage {
  const start = Math.max(from, group.oldest);
  const stop = Math.min(group.tip, start + MOST_SCANNED);
  const events: StoredEvent[] = [];
  let bytes = 0;
  for (const event of group.read(start, stop)) {
    if (!accept(event)) continue;
    bytes += Buffer.byteLength(event.message);
    if (events.length === limit || (bytes > MOST_BYTES && events.length > 0))
      return { events, start, end: event.index };
    events.push(event);
  }
  return { events, start, end: Math.max(start, stop) };
}

export function pageBefore(group: LogGroup, to: number, { limit, accept }: PageRequest): LogPage {
  const end = Math.min(to, group.tip);
  const stop = Math.max(group.oldest, end - MOST_SCANNED);
  const newestFirst: StoredEvent[] = [];
  let bytes = 0;
  for (let upper = end; upper > stop; upper -= BACKWARD_STEP) {
    const step = [...group.read(Math.max(stop, upper - BACKWARD_STEP), upper)].filter(accept);
    for (const event of step.reverse()) {
      bytes += Buffer.byteLength(event.message);
      if (newestFirst.length === limit || (bytes > MOST_BYTES && newestFirst.length > 0)) {
        return { events: newestFirst.reverse(), start: event.index + 1, end };
      }
      newestFirst.push(event);
    }
  }
  return { events: newestFirst.reverse(), start: Math.min(stop, end), end };
}

/** A place in a group and the direction in which a reader goes on from it. */
export interface LogPlace {
  readonly direction: "f" | "b";
  readonly index: number;
}

/** `f/000000000000000000000000000000000000000000000000000000042/s`: as long as the tokens of AWS. */
export function writeToken({ direction, index }: LogPlace): string {
  return `${direction}/${String(index).padStart(56, "0")}/s`;
}

/** @throws AwsError when the text is no token */
export function readToken(token: string): LogPlace {
  const [, direction, digits = ""] = /^([fb])\/(\d{56})\/s$/.exec(token) ?? [];
  const index = Number(digits);
  if ((direction === "f" || direction === "b") && Number.isSafeInteger(index)) return { direction, index };
  throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
}
