/** Which ended executions the stage lets go of: a stage runs on a small machine. */
import type { ExecutionRecord } from "./execution-record";

/** How long ended executions, and their names, are known. Source: Step Functions quotas. */
export const RETENTION_MS = 90 * 86_400_000;

export interface RetentionBounds {
  /** Ended executions of one machine. */
  readonly executions: number;
  /** Events of the ended executions of one machine. */
  readonly events: number;
}

const BOUNDS: RetentionBounds = { executions: 1_000, events: 250_000 };

/**
 * Those that ended too long ago, and the oldest where a machine has too many.
 * @param all in the order of their starts
 */
export function outlived(
  all: readonly ExecutionRecord[],
  now: number,
  { executions, events }: RetentionBounds = BOUNDS,
): ExecutionRecord[] {
  const kept = new Map<string, { executions: number; events: number }>();
  return [...all].reverse().filter((record) => {
    if (record.end === undefined) return false;
    const count = kept.get(record.machineArn) ?? { executions: 0, events: 0 };
    kept.set(record.machineArn, count);
    count.executions += 1;
    count.events += record.events.length;
    return record.end.stopped < now - RETENTION_MS || count.executions > executions || count.events > events;
  });
}
