/**
 * Metrics by way of the log: CloudWatch extracts them from lines in its embedded metric format, so a function needs no
 * permission to publish any. Source of the format: CloudWatch user guide, "Embedded metric format specification".
 */

/** Writes one line to the function's log, as it is. */
export type PrintLine = (line: string) => void;

export interface MetricLine {
  readonly namespace: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** What the line tells a reader beside its metrics. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

export function renderMetrics({ namespace, time, dimensions = {}, metrics, facts = {} }: MetricLine): string {
  return JSON.stringify({
    _aws: {
      Timestamp: time,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: Object.keys(metrics).map((Name) => ({ Name })),
        },
      ],
    },
    ...facts,
    ...dimensions,
    ...metrics,
  });
}
