/** What wakes the operators: one alarm per way in which the journey can stop, all to the ops topic. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ConfinedFunction } from "../compute/confined-function";
import { ClickstreamComponent } from "../core/component";
import { seconds, type Duration } from "../core/units";
import type { NotificationTopic } from "../notify/notification-topic";
import type { EventStream } from "../store/event-stream";
import type { FailureQueue } from "../store/failure-queue";

export interface AlarmsArgs {
  readonly topic: NotificationTopic;
  readonly input: EventStream;
  /** Functions by the name under which their alarms appear. */
  readonly functions: Readonly<Record<string, ConfinedFunction>>;
  /** Those of them that read a stream. */
  readonly consumers: readonly string[];
  readonly failures: FailureQueue;
  /** Age of the oldest unread record that is too old. */
  readonly latest: Duration;
  /** How long the input stream may be empty. */
  readonly longestQuiet: Duration;
}

interface Watch {
  readonly name: string;
  readonly says: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Sum" | "Maximum";
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly periods: number;
  /** Whether no data is as bad as bad data. */
  readonly missing: "breaching" | "notBreaching";
  /**
   * Whether operators are told, too, that all is well. An alarm that is new says so as well, in its first minute: only where
   * people wait for it, it is worth a message.
   */
  readonly tellsWhenOver: boolean;
}

const PERIOD_SECONDS = 60;

export class Alarms extends ClickstreamComponent {
  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("clickstream:observe:Alarms", name, {}, opts);
    for (const watch of watches(args)) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${watch.name}`,
        {
          alarmDescription: watch.says,
          namespace: watch.namespace,
          metricName: watch.metric,
          dimensions: watch.dimensions,
          statistic: watch.statistic,
          comparisonOperator: watch.comparison,
          threshold: watch.threshold,
          period: watch.periodSeconds,
          evaluationPeriods: watch.periods,
          treatMissingData: watch.missing,
          alarmActions: [args.topic.arn],
          ...(watch.tellsWhenOver ? { okActions: [args.topic.arn] } : {}),
        },
        this.child(),
      );
    }
    this.registerOutputs({});
  }
}

function watches({ input, functions, consumers, failures, latest, longestQuiet }: AlarmsArgs): Watch[] {
  const tooMany = {
    statistic: "Sum",
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: PERIOD_SECONDS,
    periods: 1,
    missing: "notBreaching",
    // It passes by itself, or by what operators do.
    tellsWhenOver: false,
  } as const;
  const perFunction = Object.entries(functions).flatMap(([name, each]): Watch[] => {
    const lambda = { ...tooMany, namespace: "AWS/Lambda", dimensions: { FunctionName: each.name } };
    return [
      { ...lambda, name: `${name}-errors`, says: `Function ${name} fails`, metric: "Errors" },
      { ...lambda, name: `${name}-throttles`, says: `Function ${name} is throttled`, metric: "Throttles" },
    ];
  });
  const perConsumer = consumers.map((name): Watch => {
    const each = functions[name];
    if (each === undefined) throw new Error(`consumer ${name} is not among the functions`);
    return {
      ...tooMany,
      name: `${name}-late`,
      says: `Function ${name} reads its stream more than ${latest} late`,
      namespace: "AWS/Lambda",
      metric: "IteratorAge",
      dimensions: { FunctionName: each.name },
      statistic: "Maximum",
      threshold: seconds(latest) * 1000,
      periods: 3,
    };
  });
  return [
    ...perFunction,
    ...perConsumer,
    {
      ...tooMany,
      name: "failed-batches",
      says: "Batches failed in every attempt and wait in the failure queue",
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: failures.name },
      statistic: "Maximum",
    },
    {
      ...tooMany,
      name: "no-data",
      says: `No beacon arrived for ${longestQuiet}`,
      namespace: "AWS/Kinesis",
      metric: "IncomingRecords",
      dimensions: { StreamName: input.name },
      comparison: "LessThanThreshold",
      threshold: 1,
      periods: Math.ceil(seconds(longestQuiet) / PERIOD_SECONDS),
      missing: "breaching",
      // Who sends is elsewhere, and so is what mends it.
      tellsWhenOver: true,
    },
  ];
}
