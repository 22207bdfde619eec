/** What PutLogEvents takes in one batch. Source: CloudWatch Logs API reference, PutLogEvents. */
import { AwsError } from "../service";

export interface InputEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Events of a batch that are not taken, by their place; the names are those of the API. */
export interface RejectedEvents {
  readonly tooNewLogEventStartIndex?: number;
  readonly tooOldLogEventEndIndex?: number;
  readonly expiredLogEventEndIndex?: number;
}

export interface SortedBatch {
  readonly taken: readonly InputEvent[];
  /** Absent when all are taken. */
  readonly rejected?: RejectedEvents;
}

export const MOST_EVENTS_PUT = 10_000;
const LARGEST_BATCH = 2 ** 20;
const BYTES_PER_EVENT = 26;
const HOUR_MS = 3_600_000;

/**
 * Parts a batch into what is taken and what is too new, too old or beyond retention.
 * @param expiry time before which the group keeps nothing
 * @throws AwsError when the batch as a whole breaks a rule
 */
export function sortBatch(events: readonly InputEvent[], now: number, expiry: number): SortedBatch {
  const bytes = events.reduce((total, { message }) => total + Buffer.byteLength(message) + BYTES_PER_EVENT, 0);
  if (bytes > LARGEST_BATCH) refuse(`Upload too large: ${bytes} bytes exceeds limit of ${LARGEST_BATCH}`);
  if (events.some(({ timestamp }, place) => timestamp < (events[place - 1]?.timestamp ?? timestamp))) {
    refuse("Log events in a single PutLogEvents request must be in chronological order.");
  }
  const [first, last] = [events[0]?.timestamp ?? 0, events.at(-1)?.timestamp ?? 0];
  if (last - first > 24 * HOUR_MS) {
    refuse("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
  const before = (time: number): number => countUntil(events, ({ timestamp }) => timestamp >= time);
  const tooOld = before(now - 14 * 24 * HOUR_MS);
  const expired = before(expiry);
  const tooNew = countUntil(events, ({ timestamp }) => timestamp > now + 2 * HOUR_MS);
  const taken = events.slice(Math.max(tooOld, expired), tooNew);
  if (taken.length === events.length) return { taken };
  return {
    taken,
    rejected: {
      ...(tooNew < events.length ? { tooNewLogEventStartIndex: tooNew } : {}),
      ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
      ...(expired > 0 ? { expiredLogEventEndIndex: expired } : {}),
    },
  };
}

/** How many events stand before the first that satisfies the test. */
function countUntil(events: readonly InputEvent[], test: (event: InputEvent) => boolean): number {
  const place = events.findIndex(test);
  return place < 0 ? events.length : place;
}

function refuse(message: string): never {
  throw new AwsError("InvalidParameterException", message);
}
