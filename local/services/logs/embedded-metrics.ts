/**
 * Metrics in a line of a log. Source: CloudWatch user guide, "Embedded metric format specification". What does not keep
 * to it stays a plain line and is counted, under the names AWS uses in its namespace AWS/Logs.
 */
import { z } from "zod";
import type { Measurement } from "../context";

export interface EmbeddedMetrics {
  readonly measurements: readonly Measurement[];
  /** How the line breaks the format, if it does; it has no metrics then. */
  readonly fault?: "EMFParsingErrors" | "EMFValidationErrors";
}

const NONE: EmbeddedMetrics = { measurements: [] };

const directive = z.object({
  Namespace: z.string().min(1).max(1024),
  Dimensions: z.array(z.array(z.string()).max(30)),
  Metrics: z.array(z.object({ Name: z.string().min(1).max(1024) })).max(100),
});
const document = z.looseObject({
  _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(directive) }),
});
const values = z.union([z.number().transform((value) => [value]), z.array(z.number()).max(100)]);
const dimension = z.string().min(1).max(1024);

const HOUR_MS = 3_600_000;
const OLDEST_MS = 14 * 24 * HOUR_MS;
const NEWEST_MS = 2 * HOUR_MS;

/** @param now milliseconds since the epoch: metrics may be up to two weeks old and two hours ahead */
export function readEmbeddedMetrics(message: string, now: number): EmbeddedMetrics {
  // Nearly all lines end here.
  if (!message.startsWith("{") || !message.includes('"CloudWatchMetrics"')) return NONE;
  const read = document.safeParse(parseJson(message));
  if (!read.success) return { ...NONE, fault: "EMFParsingErrors" };
  const { _aws: metadata, ...members } = read.data;
  const age = now - metadata.Timestamp;
  if (age > OLDEST_MS || age < -NEWEST_MS) return { ...NONE, fault: "EMFValidationErrors" };
  const measurements = metadata.CloudWatchMetrics.map((each) => measure(each, members, metadata.Timestamp));
  if (measurements.includes(undefined)) return { ...NONE, fault: "EMFValidationErrors" };
  return { measurements: measurements.flatMap((each) => each ?? []) };
}

/** One value per metric and set of dimensions; nothing when a member is missing or of the wrong kind. */
function measure(
  { Namespace: namespace, Dimensions, Metrics }: z.output<typeof directive>,
  members: Readonly<Record<string, unknown>>,
  time: number,
): Measurement[] | undefined {
  const measurements: Measurement[] = [];
  // A directive without any set of dimensions has the empty one.
  for (const keys of Dimensions.length === 0 ? [[]] : Dimensions) {
    const texts = keys.map((key) => dimension.safeParse(members[key]).data);
    if (texts.includes(undefined)) return undefined;
    const dimensions = Object.fromEntries(keys.map((key, place) => [key, texts[place] ?? ""]));
    for (const { Name: name } of Metrics) {
      const found = values.safeParse(members[name]).data;
      if (found === undefined) return undefined;
      for (const value of found) measurements.push({ namespace, name, dimensions, value, time });
    }
  }
  return measurements;
}

function parseJson(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
