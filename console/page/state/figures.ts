/** How figures and times are written. */
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en");

export function count(value: number): string {
  return value < 10_000 ? whole.format(value) : compact.format(value);
}

export function rate(perSecond: number): string {
  if (perSecond === 0) return "0/s";
  return perSecond < 10 ? `${perSecond.toFixed(1)}/s` : `${count(Math.round(perSecond))}/s`;
}

export function percent(value: number): string {
  return `${value.toFixed(1)} %`;
}

export function bytes(value: number): string {
  if (value < 1_024) return `${value} B`;
  return value < 1_048_576 ? `${(value / 1_024).toFixed(1)} KiB` : `${(value / 1_048_576).toFixed(1)} MiB`;
}

/** `14:03:20`, in the reader's time. */
export function clock(time: number): string {
  return new Date(time).toLocaleTimeString("en-GB");
}

/** With the day, where it is another. */
export function moment(time: number): string {
  const date = new Date(time);
  const sameDay = date.toDateString() === new Date().toDateString();
  return sameDay
    ? clock(time)
    : `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${clock(time)}`;
}

export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}
