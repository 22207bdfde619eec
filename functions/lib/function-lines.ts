/** What functions say in their logs about windows, read back by whoever shows or counts it. */

export interface SiteWindow {
  readonly event: "site-window";
  readonly Site: string;
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly impressions: number;
  readonly clicks: number;
  readonly anomalous: boolean;
  readonly ClickThroughRate?: number;
  readonly AnomalyScore?: number;
}

export interface ShardWindow {
  readonly event: "shard-window";
  readonly Duplicates: number;
  readonly Ignored: number;
  readonly Rejected: number;
}

export type FunctionLine = SiteWindow | ShardWindow;

/** Reads a log line; nothing when it is another. */
export function readFunctionLine(line: string): FunctionLine | undefined {
  if (!line.includes('"event":"site-window"') && !line.includes('"event":"shard-window"')) return undefined;
  return JSON.parse(line) as FunctionLine;
}
