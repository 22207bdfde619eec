/** An alarm as the program declares it. Source of defaults and bounds: CloudWatch API reference, PutMetricAlarm. */
import { flagOf, numberOf, optionalText, textOf, type Resource } from "../../graph/graph";
import { isRecord } from "../../graph/value";
import { expectOnly, refuse, textsOf } from "./declared";
import {
  COMPARISONS,
  evaluationRange,
  MISSING_DATA,
  type AlarmRule,
  type AlarmState,
  type Comparison,
  type Datapoint,
} from "./evaluation";
import type { MetricStore } from "./metric-store";
import { MINUTE_MS } from "./minute-beat";
import { KEPT_MINUTES, STATISTICS, statisticOf, type MetricName, type Statistic } from "./series";

export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly metric: MetricName;
  readonly statistic: Statistic;
  readonly periodMinutes: number;
  readonly rule: AlarmRule;
  /** Topics that are told when the alarm comes into a state. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
  readonly actionsEnabled: boolean;
}

const PROPERTIES = [
  "name",
  "alarmDescription",
  "namespace",
  "metricName",
  "dimensions",
  "statistic",
  "period",
  "comparisonOperator",
  "threshold",
  "evaluationPeriods",
  "datapointsToAlarm",
  "treatMissingData",
  "actionsEnabled",
  "alarmActions",
  "okActions",
  "insufficientDataActions",
];

/** @throws StageError naming the alarm when it is declared in a way the stage does not follow */
export function readAlarm(resource: Resource): Alarm {
  expectOnly(resource, PROPERTIES);
  const { inputs, outputs } = resource;
  const namespace = textOf(inputs, "namespace");
  const periodSeconds = numberIn(resource, "period");
  if (!(periodSeconds >= 60 && periodSeconds % 60 === 0)) {
    refuse(resource, `the local stage evaluates periods of whole minutes, got ${periodSeconds} seconds`);
  }
  const evaluationPeriods = numberIn(resource, "evaluationPeriods");
  const datapointsToAlarm = numberOf(inputs, "datapointsToAlarm", evaluationPeriods);
  if (!(datapointsToAlarm >= 1 && datapointsToAlarm <= evaluationPeriods)) {
    refuse(
      resource,
      `datapointsToAlarm must be 1 to evaluationPeriods (${evaluationPeriods}), got ${datapointsToAlarm}`,
    );
  }
  const periodMinutes = periodSeconds / 60;
  const range = evaluationRange({ evaluationPeriods }) * periodMinutes;
  if (range > KEPT_MINUTES) {
    refuse(resource, `it looks back over ${range} minutes, and the local stage keeps metrics for ${KEPT_MINUTES}`);
  }
  return {
    name: textOf(outputs, "name"),
    arn: textOf(outputs, "arn"),
    description: optionalText(inputs, "alarmDescription"),
    metric: { namespace, name: textOf(inputs, "metricName"), dimensions: dimensionsOf(resource) },
    statistic: oneOf(resource, "statistic", STATISTICS),
    periodMinutes,
    rule: {
      comparison: oneOf(resource, "comparisonOperator", Object.keys(COMPARISONS) as Comparison[]),
      threshold: numberIn(resource, "threshold"),
      evaluationPeriods,
      datapointsToAlarm,
      // Absent data is normal in DynamoDB's metrics, so AWS ignores it there.
      missing: oneOf(resource, "treatMissingData", MISSING_DATA, namespace === "AWS/DynamoDB" ? "ignore" : "missing"),
    },
    actions: {
      OK: topicsOf(resource, "okActions"),
      ALARM: topicsOf(resource, "alarmActions"),
      INSUFFICIENT_DATA: topicsOf(resource, "insufficientDataActions"),
    },
    actionsEnabled: flagOf(inputs, "actionsEnabled", true),
  };
}

/** The periods that an alarm looks at, oldest first, up to a whole minute. */
export function datapointsOf(alarm: Alarm, store: MetricStore, until: number): (Datapoint | undefined)[] {
  const { metric, statistic, periodMinutes, rule } = alarm;
  const series = store.find(metric);
  const count = evaluationRange(rule);
  const first = until / MINUTE_MS - count * periodMinutes;
  return Array.from({ length: count }, (_, period) => {
    const from = first + period * periodMinutes;
    const aggregate = series?.over(from, from + periodMinutes);
    return aggregate === undefined ? undefined : { start: from * MINUTE_MS, value: statisticOf(aggregate, statistic) };
  });
}

function numberIn(resource: Resource, property: string): number {
  const value = numberOf(resource.inputs, property, NaN);
  return Number.isFinite(value) ? value : refuse(resource, `it needs ${property}, a number`);
}

function oneOf<Choice extends string>(
  resource: Resource,
  property: string,
  allowed: readonly Choice[],
  fallback?: Choice,
): Choice {
  const given = optionalText(resource.inputs, property) ?? fallback;
  const found = allowed.find((each) => each === given);
  return found ?? refuse(resource, `${property} must be one of ${allowed.join(", ")} here, got ${given ?? "nothing"}`);
}

function dimensionsOf(resource: Resource): Record<string, string> {
  const given = resource.inputs["dimensions"] ?? {};
  if (!isRecord(given)) refuse(resource, "dimensions must be names with their values");
  return Object.fromEntries(Object.keys(given).map((name) => [name, textOf(given, name)]));
}

function topicsOf(resource: Resource, property: string): string[] {
  const actions = textsOf(resource.inputs, property);
  const other = actions.find((action) => !/^arn:[^:]+:sns:/.test(action));
  if (other !== undefined) refuse(resource, `${property}: the local stage tells SNS topics only, got ${other}`);
  return actions;
}
