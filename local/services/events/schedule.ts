/**
 * When a scheduled rule fires. A rate fires at whole multiples of its period since the epoch, so that `rate(5 minutes)`
 * comes at :00, :05, :10 whenever the stage was opened (AWS counts from the rule's creation). Source of cron
 * expressions: EventBridge user guide, "Setting a schedule pattern for scheduled rules"; times are UTC.
 */
import { StageError } from "../../diagnostics";

/** The first time after a time at which a schedule fires, in milliseconds since the epoch; nothing when it never will. */
export type Schedule = (after: number) => number | undefined;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };

/** @throws StageError that says what is wrong with the expression */
export function parseSchedule(expression: string): Schedule {
  const [, kind, content = ""] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return parseRate(expression, content);
  if (kind === "cron") return parseCron(expression, content);
  return refuse(expression, "rate(5 minutes) or cron(0 12 * * ? *)");
}

function parseRate(expression: string, content: string): Schedule {
  const [, digits = "", noun = "", plural] = /^([1-9]\d{0,5}) (minute|hour|day)(s?)$/.exec(content) ?? [];
  const count = Number(digits);
  const unit = UNITS[noun];
  if (unit === undefined || (count === 1) !== (plural === "")) {
    refuse(expression, "rate(1 minute), rate(5 minutes), and likewise hour and day: the singular for 1 only");
  }
  const period = count * unit;
  return (after) => (Math.floor(after / period) + 1) * period;
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names of the values, the first for `from`. */
  readonly names?: readonly string[];
}

const MINUTES: Field = { name: "minutes", from: 0, to: 59 };
const HOURS: Field = { name: "hours", from: 0, to: 23 };
const DAYS: Field = { name: "day-of-month", from: 1, to: 31 };
const MONTH_NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const MONTHS: Field = { name: "month", from: 1, to: 12, names: MONTH_NAMES };
const WEEKDAYS: Field = {
  name: "day-of-week",
  from: 1,
  to: 7,
  names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
};
const YEARS: Field = { name: "year", from: 1970, to: 2199 };

function parseCron(expression: string, content: string): Schedule {
  const fields = content.trim().split(/\s+/);
  const [minutes = "", hours = "", day = "", month = "", weekday = "", year = ""] = fields;
  if (fields.length !== 6) refuse(expression, "six fields: minutes hours day-of-month month day-of-week year");
  if ((day === "?") === (weekday === "?")) refuse(expression, "? for exactly one of day-of-month and day-of-week");
  const read = (text: string, field: Field): ReadonlySet<number> => parseField(expression, text, field);
  const dates = {
    years: read(year, YEARS),
    months: read(month, MONTHS),
    days: read(day === "?" ? "*" : day, DAYS),
    weekdays: read(weekday === "?" ? "*" : weekday, WEEKDAYS),
  };
  const times = [...read(hours, HOURS)]
    .flatMap((hour) => [...read(minutes, MINUTES)].map((minute) => hour * HOUR_MS + minute * MINUTE_MS))
    .sort((a, b) => a - b);
  return (after) => nextOf(dates, times, after);
}

interface Dates {
  readonly years: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
}

/** @param times milliseconds since midnight, in order */
function nextOf({ years, months, days, weekdays }: Dates, times: readonly number[], after: number): number | undefined {
  for (let midnight = Math.floor(after / DAY_MS) * DAY_MS; ; midnight += DAY_MS) {
    const date = new Date(midnight);
    if (date.getUTCFullYear() > YEARS.to) return undefined;
    const fits =
      years.has(date.getUTCFullYear()) &&
      months.has(date.getUTCMonth() + 1) &&
      days.has(date.getUTCDate()) &&
      weekdays.has(date.getUTCDay() + 1);
    const time = fits ? times.find((each) => midnight + each > after) : undefined;
    if (time !== undefined) return midnight + time;
  }
}

const ITEM = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

/** `*`, `5`, `MON-FRI`, `0/15` (from 0 every 15), and lists of them. */
function parseField(expression: string, text: string, field: Field): ReadonlySet<number> {
  const { name, from, to, names = [] } = field;
  const example = names.length > 0 ? `, or ${names[0]} to ${names.at(-1)}` : "";
  const allowed = `${name} as numbers ${from} to ${to}${example}, with , - * and /; L, W and # are not modelled here`;
  const number = (given: string): number => {
    const named = names.indexOf(given.toUpperCase());
    const value = named >= 0 ? from + named : /^\d+$/.test(given) ? Number(given) : NaN;
    return value >= from && value <= to ? value : refuse(expression, allowed);
  };
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const [whole, all, first = "", last, step] = ITEM.exec(item) ?? [];
    if (whole === undefined || step === "0") refuse(expression, allowed);
    const low = all === undefined ? number(first) : from;
    const isOpen = all !== undefined || (step !== undefined && last === undefined);
    const high = isOpen ? to : number(last ?? first);
    if (low > high) refuse(expression, allowed);
    for (let value = low; value <= high; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function refuse(expression: string, allowed: string): never {
  throw new StageError(`schedule ${expression} is not understood; allowed: ${allowed}`);
}
