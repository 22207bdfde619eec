/** The operations by which clients publish metrics and look at them. */
import { z } from "zod";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Check, type Operation } from "../service";
import { minuteOf, newestMinute, oldestMinute, type MetricStore } from "./metric-store";
import { readDatum } from "./metric-datum";
import { MINUTE_MS } from "./minute-beat";
import { STATISTICS, statisticOf, type Aggregate, type MetricName, type Series } from "./series";
import { dimensionList, dimensionsOf, listDimensions, metricName, pageOf, timestamp, unmodelled } from "./shapes";

const MOST_DATA = 1_000;
const MOST_QUERIES = 500;
const METRICS_PER_PAGE = 500;

/** Whole minutes: the stage keeps nothing finer. */
const period = z.int().positive().multipleOf(60, { error: "the local stage keeps whole minutes: a multiple of 60" });
const statistic = z.enum(STATISTICS, { error: `the local stage keeps ${STATISTICS.join(", ")}, no percentiles` });
const span = { StartTime: timestamp, EndTime: timestamp };
const dimensionFilters = z
  .array(z.object({ Name: z.string(), Value: z.string().optional() }))
  .max(30)
  .default([]);
const metricStat = z.object({
  Metric: z.object({ Namespace: metricName, MetricName: metricName, Dimensions: dimensionList }),
  Period: period,
  Stat: statistic,
  Unit: unmodelled("Unit"),
});
const query = z.object({
  Id: z.string().regex(/^[a-z]\w{0,254}$/),
  MetricStat: metricStat.optional(),
  Expression: unmodelled("Expression"),
  AccountId: unmodelled("AccountId"),
  Label: z.string().optional(),
  ReturnData: z.boolean().default(true),
});

type Span = { readonly StartTime: number; readonly EndTime: number };

export function metricOperations(store: MetricStore, { clock }: ServiceContext): Record<string, Operation> {
  const onAll = (action: string): readonly Check[] => [{ action: `cloudwatch:${action}`, resource: "*" }];

  return {
    PutMetricData: operation({
      shape: z.object({
        Namespace: metricName.regex(/^[^:]/),
        MetricData: z.array(z.unknown()).min(1).max(MOST_DATA),
        EntityMetricData: unmodelled("EntityMetricData"),
      }),
      checks: ({ Namespace }) => [
        { action: "cloudwatch:PutMetricData", resource: "*", context: { "cloudwatch:namespace": Namespace } },
      ],
      run: async ({ Namespace, MetricData }) => {
        if (Namespace.startsWith("AWS/")) refuse("The value AWS/ for parameter Namespace is invalid.");
        const now = clock.now();
        const data = MetricData.map((wire, place) => readDatum(Namespace, wire, place));
        // All of the request's data is taken, or none.
        for (const { metric, time = now } of data) {
          const refusal = store.refusalOf(metric, time, now);
          if (refusal !== undefined) refuse(`A value of the metric ${metric.name} is not taken: ${refusal}.`);
        }
        for (const { metric, time = now, aggregates } of data) {
          aggregates.forEach((aggregate) => store.add(metric, aggregate, time, now));
        }
        await store.save(now);
      },
    }),
    ListMetrics: operation({
      shape: z.object({
        Namespace: metricName.optional(),
        MetricName: metricName.optional(),
        Dimensions: dimensionFilters,
        RecentlyActive: z.literal("PT3H").optional(),
        IncludeLinkedAccounts: unmodelled("IncludeLinkedAccounts"),
        OwningAccount: unmodelled("OwningAccount"),
        NextToken: z.string().optional(),
      }),
      checks: () => onAll("ListMetrics"),
      run: ({ Namespace, MetricName, Dimensions, NextToken: token }) => {
        const found = store
          .list()
          .filter(
            ({ namespace, name, dimensions }) =>
              (Namespace === undefined || namespace === Namespace) &&
              (MetricName === undefined || name === MetricName) &&
              Dimensions.every(({ Name, Value }) =>
                Value === undefined ? dimensions[Name] !== undefined : dimensions[Name] === Value,
              ),
          );
        const { page, ...rest } = pageOf(found, token, METRICS_PER_PAGE);
        return { Metrics: page.map(describeMetric), ...rest };
      },
    }),
    GetMetricData: operation({
      shape: z.object({
        ...span,
        MetricDataQueries: z.array(query).min(1).max(MOST_QUERIES),
        ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
        MaxDatapoints: unmodelled("MaxDatapoints"),
        NextToken: unmodelled("NextToken"),
      }),
      checks: () => onAll("GetMetricData"),
      run: ({ MetricDataQueries, ScanBy, ...times }) => ({
        MetricDataResults: MetricDataQueries.filter(({ ReturnData }) => ReturnData).map(({ Id, Label, MetricStat }) => {
          if (MetricStat === undefined) refuse(`The query ${Id} has no MetricStat.`);
          const { Metric, Period, Stat } = MetricStat;
          const points = aggregatesOf(store.find(metricOf(Metric)), clock.now(), times, Period);
          if (ScanBy === "TimestampDescending") points.reverse();
          return {
            Id,
            Label: Label ?? Metric.MetricName,
            Timestamps: points.map(({ start }) => start / 1000),
            Values: points.map(({ aggregate }) => statisticOf(aggregate, Stat)),
            StatusCode: "Complete",
          };
        }),
        Messages: [],
      }),
    }),
    GetMetricStatistics: operation({
      shape: z.object({
        ...span,
        Namespace: metricName,
        MetricName: metricName,
        Dimensions: dimensionList,
        Period: period,
        Statistics: z.array(statistic).min(1),
        ExtendedStatistics: unmodelled("ExtendedStatistics"),
        Unit: unmodelled("Unit"),
      }),
      checks: () => onAll("GetMetricStatistics"),
      run: ({ Period, Statistics, ...input }) => ({
        Label: input.MetricName,
        Datapoints: aggregatesOf(store.find(metricOf(input)), clock.now(), input, Period).map(
          ({ start, aggregate }) => ({
            Timestamp: start / 1000,
            ...Object.fromEntries(Statistics.map((each) => [each, statisticOf(aggregate, each)])),
            Unit: "None",
          }),
        ),
      }),
    }),
  };
}

/** The periods with data, oldest first. They begin at the start of the span, rounded down to the minute. */
function aggregatesOf(
  series: Series | undefined,
  now: number,
  { StartTime, EndTime }: Span,
  periodSeconds: number,
): { readonly start: number; readonly aggregate: Aggregate }[] {
  if (StartTime >= EndTime) refuse("The parameter StartTime must be less than the parameter EndTime.");
  const step = periodSeconds / 60;
  const first = minuteOf(StartTime);
  const last = Math.min(Math.ceil(EndTime / MINUTE_MS), newestMinute(now) + 1);
  // Periods before the oldest minute that is kept have nothing.
  const skipped = Math.max(0, Math.floor((oldestMinute(now) - first) / step)) * step;
  const points: { start: number; aggregate: Aggregate }[] = [];
  for (let from = first + skipped; from < last; from += step) {
    const aggregate = series?.over(from, Math.min(from + step, last));
    if (aggregate !== undefined) points.push({ start: from * MINUTE_MS, aggregate });
  }
  return points;
}

function metricOf(given: {
  Namespace: string;
  MetricName: string;
  Dimensions: z.output<typeof dimensionList>;
}): MetricName {
  return { namespace: given.Namespace, name: given.MetricName, dimensions: dimensionsOf(given.Dimensions) };
}

function describeMetric({ namespace, name, dimensions }: MetricName): unknown {
  return { Namespace: namespace, MetricName: name, Dimensions: listDimensions(dimensions) };
}

function refuse(message: string): never {
  throw new AwsError("InvalidParameterValueException", message);
}
