/** How a mapping was declared to behave. Defaults and ranges: Lambda developer guide, "Process records from Kinesis". */
import { StageError } from "../../../diagnostics";
import { describeResource, flagOf, numberOf, optionalText, textOf, type Resource } from "../../../graph/graph";
import { isRecord, type Value } from "../../../graph/value";

export interface MappingSettings {
  readonly id: string;
  readonly streamArn: string;
  readonly streamName: string;
  readonly startAt: "TRIM_HORIZON" | "LATEST";
  readonly batchSize: number;
  /** Nothing where the function keeps no window. */
  readonly windowMs: number | undefined;
  /** -1: as long as the records are there. */
  readonly mostRetries: number;
  /** -1: however old. */
  readonly longestAgeMs: number;
  readonly bisect: boolean;
  readonly reportsItemFailures: boolean;
  /** ARN of the queue for what failed in every attempt. */
  readonly failureQueue: string | undefined;
}

/** Settings that would change what happens, and that the stage does not follow. */
const NOT_FOLLOWED = [
  "filterCriteria",
  "maximumBatchingWindowInSeconds",
  "startingPositionTimestamp",
  "provisionedPollerConfig",
  "metricsConfig",
];

/** @throws StageError naming what the stage does not follow */
export function readMapping(resource: Resource): MappingSettings {
  const { inputs } = resource;
  const refuse = (what: string): never => {
    throw new StageError(`${describeResource(resource)}: the local stage does not follow ${what}`);
  };
  for (const property of NOT_FOLLOWED) if (inputs[property] !== undefined) refuse(property);
  const streamArn = textOf(inputs, "eventSourceArn");
  if (!/^arn:[^:]+:kinesis:/.test(streamArn)) refuse(`event sources other than Kinesis (${streamArn})`);
  if (!flagOf(inputs, "enabled", true)) refuse("disabled mappings");
  if (numberOf(inputs, "parallelizationFactor", 1) !== 1) refuse("parallelizationFactor other than 1");
  const startAt = optionalText(inputs, "startingPosition");
  if (startAt !== "TRIM_HORIZON" && startAt !== "LATEST") return refuse(`startingPosition ${startAt ?? "nothing"}`);
  const window = numberOf(inputs, "tumblingWindowInSeconds", 0);
  const age = numberOf(inputs, "maximumRecordAgeInSeconds", -1);
  return {
    id: resource.id,
    streamArn,
    streamName: streamArn.split(":stream/")[1] ?? "",
    startAt,
    batchSize: numberOf(inputs, "batchSize", 100),
    windowMs: window === 0 ? undefined : window * 1000,
    mostRetries: numberOf(inputs, "maximumRetryAttempts", -1),
    longestAgeMs: age < 0 ? -1 : age * 1000,
    bisect: flagOf(inputs, "bisectBatchOnFunctionError"),
    reportsItemFailures: lists(inputs["functionResponseTypes"], "ReportBatchItemFailures"),
    failureQueue: failureQueueOf(inputs["destinationConfig"], refuse),
  };
}

function failureQueueOf(destinations: Value | undefined, refuse: (what: string) => never): string | undefined {
  const onFailure = isRecord(destinations) ? destinations["onFailure"] : undefined;
  const arn = isRecord(onFailure) ? optionalText(onFailure, "destinationArn") : undefined;
  return arn === undefined || arn.includes(":sqs:") ? arn : refuse(`failure destinations other than SQS (${arn})`);
}

function lists(value: Value | undefined, word: string): boolean {
  return Array.isArray(value) && value.includes(word);
}
