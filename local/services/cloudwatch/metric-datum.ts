/** One datum of PutMetricData, in each of the forms it comes in. Source: CloudWatch API reference, MetricDatum. */
import { z } from "zod";
import { AwsError } from "../service";
import type { Aggregate, MetricName } from "./series";
import { dimensionList, dimensionsOf, metricName, timestamp } from "./shapes";

export interface Datum {
  readonly metric: MetricName;
  /** Milliseconds since the epoch; absent for now. */
  readonly time: number | undefined;
  readonly aggregates: readonly Aggregate[];
}

const LARGEST = 2 ** 360;
const MOST_VALUES = 150;

const value = z.number().min(-LARGEST).max(LARGEST);
const datum = z.object({
  MetricName: metricName,
  Dimensions: dimensionList,
  Timestamp: timestamp.optional(),
  Value: value.optional(),
  Values: z.array(value).min(1).max(MOST_VALUES).optional(),
  Counts: z.array(z.number().positive()).optional(),
  StatisticValues: z
    .object({ SampleCount: z.number().positive(), Sum: value, Minimum: value, Maximum: value })
    .optional(),
  // Taken and not kept: the stage shows every metric without a unit, and a minute at a time.
  Unit: z.string().optional(),
  StorageResolution: z.int().positive().optional(),
});

/** @throws AwsError when it is none */
export function readDatum(namespace: string, wire: unknown, place: number): Datum {
  const read = datum.safeParse(wire);
  const member = `MetricData.member.${place + 1}`;
  if (!read.success) {
    const [issue] = read.error.issues;
    refuse(
      "InvalidParameterValueException",
      `${member}.${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`,
    );
  }
  const { MetricName: name, Dimensions, Timestamp: time } = read.data;
  const metric = { namespace, name, dimensions: dimensionsOf(Dimensions) };
  return { metric, time, aggregates: aggregatesOf(read.data, member) };
}

function aggregatesOf(
  { Value, Values, Counts, StatisticValues }: z.output<typeof datum>,
  member: string,
): readonly Aggregate[] {
  const forms = [Value, Values, StatisticValues].filter((form) => form !== undefined).length;
  if (forms !== 1) {
    refuse(
      "InvalidParameterCombinationException",
      `At most and at least one of the parameters ${member}.Value, ${member}.Values and ${member}.StatisticValues must be specified.`,
    );
  }
  if (StatisticValues !== undefined) {
    const { SampleCount: count, Sum: sum, Minimum: min, Maximum: max } = StatisticValues;
    return [{ count, sum, min, max }];
  }
  const values = Values ?? [Value ?? 0];
  if (Counts !== undefined && Counts.length !== values.length) {
    refuse("InvalidParameterValueException", `${member}.Counts must have as many members as ${member}.Values.`);
  }
  return values.map((each, index) => {
    const count = Counts?.[index] ?? 1;
    return { count, sum: each * count, min: each, max: each };
  });
}

function refuse(code: string, message: string): never {
  throw new AwsError(code, message);
}
