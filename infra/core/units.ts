/** Durations and sizes as people write them, so that no bare number has to be guessed at. */

const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;
const BYTES = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

type TimeUnit = keyof typeof SECONDS;
type SizeUnit = keyof typeof BYTES;

/** `"10 seconds"`, `"1 minute"`, `"7 days"`. */
export type Duration = `${number} ${TimeUnit | `${TimeUnit}s`}`;

/** `"2 MiB"`. */
export type Size = `${number} ${SizeUnit}`;

/** Seconds in a duration. @throws RangeError on text that is none */
export function seconds(duration: Duration): number {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new RangeError(`a duration reads "10 seconds" or "7 days", got "${duration}"`);
  return parsed;
}

export function milliseconds(duration: Duration): number {
  return seconds(duration) * 1000;
}

/** @throws RangeError when the duration is not a whole number of hours */
export function hours(duration: Duration): number {
  return whole(seconds(duration) / SECONDS.hour, duration, "hours");
}

/** @throws RangeError when the duration is not a whole number of days */
export function days(duration: Duration): number {
  return whole(seconds(duration) / SECONDS.day, duration, "days");
}

/** @throws RangeError when the size is not a whole number of mebibytes */
export function mebibytes(size: Size): number {
  return whole(bytes(size) / BYTES.MiB, size, "MiB");
}

/** Bytes in a size. @throws RangeError on text that is none */
export function bytes(size: Size): number {
  const match = /^(\d+(?:\.\d+)?) (KiB|MiB|GiB)$/.exec(size);
  if (match === null) throw new RangeError(`a size reads "50 MiB", got "${size}"`);
  return Number(match[1]) * BYTES[match[2] as SizeUnit];
}

/** Seconds in a text, or nothing when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) (second|minute|hour|day)s?$/.exec(text);
  return match === null ? undefined : Number(match[1]) * SECONDS[match[2] as TimeUnit];
}

function whole(value: number, text: string, unit: string): number {
  if (!Number.isInteger(value)) throw new RangeError(`"${text}" is not a whole number of ${unit}`);
  return value;
}
