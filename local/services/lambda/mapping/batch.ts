/** Batches of records on their way to a function, and what the function makes of them. */
import type { InvocationResult } from "../worker-pool";
import type { MappingSettings } from "./settings";

/** A record as GetRecords gives it. */
export interface ShardRecord {
  readonly SequenceNumber: string;
  readonly PartitionKey: string;
  /** Base64. */
  readonly Data: string;
  /** Seconds since the epoch. */
  readonly ApproximateArrivalTimestamp: number;
}

/** A window of time in which records arrived, and what the function keeps of it from batch to batch. */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** JSON in UTF-8. It may be a megabyte of every batch, so the stage carries it and never reads it. */
  state: Uint8Array;
}

export interface Batch {
  readonly records: readonly ShardRecord[];
  /** For mappings with windows: whose state goes along. */
  readonly window: Window | undefined;
  /** The last batch of its window: by its end, or early because its state grew too large. */
  readonly closes: "no" | "at-end" | "early";
  /** Failed attempts so far. */
  attempts: number;
  /** Not to be tried before that time. */
  notBefore: number;
}

/** What an attempt came to. */
export type Attempt =
  | { readonly kind: "done"; readonly state: Uint8Array }
  /** The function took the records before this one. */
  | { readonly kind: "partly"; readonly failedFrom: number; readonly state: Uint8Array }
  | { readonly kind: "failed"; readonly reason: string };

/** Largest state of a window. Source: Lambda developer guide, "Tumbling windows". */
const LARGEST_STATE = 2 ** 20;

/** What a window begins with. */
export const EMPTY_STATE: Uint8Array = Buffer.from("{}");

/** Base64 that fits into one invocation beside the rest of the event. */
const LARGEST_BATCH = 5.5 * 2 ** 20;

export function newBatch(records: readonly ShardRecord[], window: Window | undefined, closes: Batch["closes"]): Batch {
  return { records, window, closes, attempts: 0, notBefore: 0 };
}

/** How many of the records make the next batch: up to the size, up to what an invocation carries, none from beyond `end`. */
export function batchLength(records: readonly ShardRecord[], batchSize: number, end = Infinity): number {
  let bytes = 0;
  let length = 0;
  for (const record of records) {
    bytes += record.Data.length + record.PartitionKey.length + 500;
    const full = length === batchSize || (length > 0 && bytes > LARGEST_BATCH);
    if (full || arrivalOf(record) >= end) break;
    length++;
  }
  return length;
}

/** Milliseconds since the epoch. */
export function arrivalOf(record: ShardRecord): number {
  return Math.round(record.ApproximateArrivalTimestamp * 1000);
}

/** Reads what the function answered. */
export function readAnswer(
  { payload, state }: Extract<InvocationResult, { ok: true }>,
  batch: Batch,
  { reportsItemFailures }: MappingSettings,
): Attempt {
  const answer = parse(payload);
  if (batch.window !== undefined && state === undefined)
    return { kind: "failed", reason: "a function with a window must answer a state" };
  const kept = state ?? EMPTY_STATE;
  if (!reportsItemFailures) return { kind: "done", state: kept };
  const failures = answer["batchItemFailures"] ?? [];
  if (!Array.isArray(failures)) return { kind: "failed", reason: "batchItemFailures must be a list" };
  const places = failures.map((failure: unknown) => placeOf(failure, batch.records));
  if (places.length === 0) return { kind: "done", state: kept };
  if (places.includes(-1))
    return { kind: "failed", reason: "batchItemFailures names a record that is not in the batch" };
  return { kind: "partly", failedFrom: Math.min(...places), state: kept };
}

export function isStateTooLarge(state: Uint8Array): boolean {
  return state.byteLength > LARGEST_STATE;
}

function parse(payload: string): Record<string, unknown> {
  const answer: unknown = JSON.parse(payload);
  return typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {};
}

function placeOf(failure: unknown, records: readonly ShardRecord[]): number {
  const sequence =
    typeof failure === "object" && failure !== null
      ? (failure as { itemIdentifier?: unknown }).itemIdentifier
      : undefined;
  return records.findIndex((record) => record.SequenceNumber === sequence);
}
