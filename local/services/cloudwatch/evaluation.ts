/**
 * What an alarm's state is, by its latest datapoints. Source: CloudWatch user guide, "Configuring how CloudWatch alarms
 * treat missing data", whose two tables are the test of this file.
 */

export const ALARM_STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

export const COMPARISONS = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
} as const;
export type Comparison = keyof typeof COMPARISONS;

export const MISSING_DATA = ["missing", "ignore", "breaching", "notBreaching"] as const;
export type MissingData = (typeof MISSING_DATA)[number];

/** When an alarm goes off: `datapointsToAlarm` of the latest `evaluationPeriods` breach the threshold. */
export interface AlarmRule {
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missing: MissingData;
}

/** The value of one period. */
export interface Datapoint {
  /** When the period began; milliseconds since the epoch. */
  readonly start: number;
  readonly value: number;
}

export interface Verdict {
  readonly state: AlarmState;
  /** As CloudWatch words it. */
  readonly reason: string;
}

/**
 * Periods that CloudWatch looks at in case some of the latest have no data. It does not say how many for every length of
 * period; for those up to five minutes its tables show two more than are evaluated.
 */
export function evaluationRange({ evaluationPeriods }: Pick<AlarmRule, "evaluationPeriods">): number {
  return evaluationPeriods + 2;
}

/**
 * @param range the latest periods, oldest first, {@link evaluationRange} of them; nothing where there is no data
 * @returns nothing when the alarm keeps the state it has
 */
export function evaluateAlarm(rule: AlarmRule, range: readonly (Datapoint | undefined)[]): Verdict | undefined {
  const { evaluationPeriods: periods, datapointsToAlarm: enough, missing } = rule;
  const newestFirst = range.filter((point) => point !== undefined).reverse();
  const absent = periods - newestFirst.length;
  if (absent <= 0) return judge(rule, newestFirst.slice(0, periods), 0);
  if (missing === "breaching" || missing === "notBreaching") return judge(rule, newestFirst, absent);

  if (newestFirst.length === 0) {
    const reason = `Insufficient Data: ${periods} ${periods === 1 ? "datapoint was" : "datapoints were"} unknown.`;
    return missing === "missing" ? { state: "INSUFFICIENT_DATA", reason } : undefined;
  }
  const breaching = newestFirst.filter((point) => breaches(rule, point)).length;
  if (breaching >= enough || breaching < newestFirst.length) return judge(rule, newestFirst, 0);
  // All that is known breaches, but it is little. It is enough once it is as old as the datapoints that are needed.
  if (missing === "ignore") return undefined;
  const ageOfOldest = range.length - range.findIndex((point) => point !== undefined);
  return ageOfOldest >= enough ? alarm(rule, newestFirst, 0) : ok(rule, newestFirst, 0);
}

/** @param filled missing datapoints that count as the rule says */
function judge(rule: AlarmRule, newestFirst: readonly Datapoint[], filled: number): Verdict {
  const breaching = newestFirst.filter((point) => breaches(rule, point)).length;
  const counted = breaching + (rule.missing === "breaching" ? filled : 0);
  return counted >= rule.datapointsToAlarm ? alarm(rule, newestFirst, filled) : ok(rule, newestFirst, filled);
}

export function breaches({ comparison, threshold }: AlarmRule, { value }: Datapoint): boolean {
  switch (comparison) {
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "GreaterThanThreshold":
      return value > threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
  }
}

function alarm(rule: AlarmRule, evaluated: readonly Datapoint[], filled: number): Verdict {
  const named = evaluated.filter((point) => breaches(rule, point));
  return { state: "ALARM", reason: reasonOf(rule, { evaluated, named, filled, needed: rule.datapointsToAlarm }) };
}

function ok(rule: AlarmRule, evaluated: readonly Datapoint[], filled: number): Verdict {
  const named = evaluated.filter((point) => !breaches(rule, point));
  const needed = rule.evaluationPeriods - rule.datapointsToAlarm + 1;
  return { state: "OK", reason: reasonOf(rule, { evaluated, named, filled, needed, not: true }) };
}

interface Findings {
  readonly evaluated: readonly Datapoint[];
  /** Those that speak for the state. */
  readonly named: readonly Datapoint[];
  readonly filled: number;
  /** Datapoints that the state needs. */
  readonly needed: number;
  /** Whether they speak for it by not breaching. */
  readonly not?: true;
}

function reasonOf(rule: AlarmRule, { evaluated, named, filled, needed, not }: Findings): string {
  const taken = `${plural(filled, "missing datapoint")} treated as [${rule.missing === "breaching" ? "Breaching" : "NonBreaching"}]`;
  if (evaluated.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${filled} ${filled === 1 ? "period" : "periods"} and ${taken}.`;
  }
  const values = named.map(({ start, value }) => `${decimal(value)} (${dayAndTime(start)})`).join(", ");
  const was = `${named.length === 1 ? "was" : "were"}${not ? " not" : ""} ${COMPARISONS[rule.comparison]}`;
  const move = not ? "ALARM -> OK" : "OK -> ALARM";
  return (
    `Threshold Crossed: ${named.length} out of the last ${evaluated.length} datapoints [${values}] ${was} the threshold (${decimal(rule.threshold)}) ` +
    `(minimum ${needed} ${needed === 1 ? "datapoint" : "datapoints"} for ${move} transition)${filled > 0 ? ` and ${taken}` : ""}.`
  );
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} was` : `${count} ${noun}s were`;
}

/** `1.0`, `34.5`: as Java prints a double of everyday size. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `05/01/26 10:00:00`. */
function dayAndTime(time: number): string {
  const [, year, month, day, clock] = /^\d\d(\d\d)-(\d\d)-(\d\d)T(.{8})/.exec(new Date(time).toISOString()) ?? [];
  return `${day}/${month}/${year} ${clock}`;
}
