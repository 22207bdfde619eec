/** What an alarm tells its topics. Source of the form: messages that CloudWatch sent to SNS, as publicly recorded. */
import type { AccountFacts } from "../model";
import type { Alarm } from "./alarm";
import type { AlarmState } from "./evaluation";

export interface Transition {
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** When the alarm was first declared; milliseconds since the epoch. */
  readonly configured: number;
}

/** How AWS calls its regions; one that is not here goes by its code. Source: AWS general reference, "AWS service endpoints". */
const REGIONS: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
  "ca-central-1": "Canada (Central)",
  "sa-east-1": "South America (Sao Paulo)",
  "eu-west-1": "EU (Ireland)",
  "eu-west-2": "EU (London)",
  "eu-west-3": "EU (Paris)",
  "eu-central-1": "EU (Frankfurt)",
  "eu-north-1": "EU (Stockholm)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-northeast-2": "Asia Pacific (Seoul)",
};

export function renderSubject({ name }: Alarm, { to }: Transition, { region }: AccountFacts): string {
  // SNS takes 100 characters.
  return `${to}: "${name}" in ${REGIONS[region] ?? region}`.slice(0, 100);
}

export function renderMessage(alarm: Alarm, transition: Transition, { account, region }: AccountFacts): string {
  const { metric, rule, actions } = alarm;
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: timestamp(transition.configured),
    NewStateValue: transition.to,
    NewStateReason: transition.reason,
    StateChangeTime: timestamp(transition.at),
    Region: REGIONS[region] ?? region,
    AlarmArn: alarm.arn,
    OldStateValue: transition.from,
    OKActions: actions.OK,
    AlarmActions: actions.ALARM,
    InsufficientDataActions: actions.INSUFFICIENT_DATA,
    Trigger: {
      MetricName: metric.name,
      Namespace: metric.namespace,
      StatisticType: "Statistic",
      Statistic: alarm.statistic === "SampleCount" ? "SAMPLE_COUNT" : alarm.statistic.toUpperCase(),
      Unit: null,
      Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ value, name })),
      Period: alarm.periodMinutes * 60,
      EvaluationPeriods: rule.evaluationPeriods,
      DatapointsToAlarm: rule.datapointsToAlarm,
      ComparisonOperator: rule.comparison,
      Threshold: rule.threshold,
      TreatMissingData: rule.missing,
      EvaluateLowSampleCountPercentile: "",
    },
  });
}

/** `2026-01-05T10:00:00.000+0000`. */
function timestamp(time: number): string {
  return new Date(time).toISOString().replace("Z", "+0000");
}
