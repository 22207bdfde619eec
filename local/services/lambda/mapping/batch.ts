/** Batches of records on their way to a function, and what the function makes of them. */
import type { StoredRecord } from "../../kinesis/record";
import type { InvocationResult } from "../worker-pool";
import type { MappingSettings } from "./settings";

/** A window of time in which records arrived, and what the function keeps of it from batch to batch. */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** JSON in UTF-8. It may be a megabyte of every batch, so the stage carries it and never reads it. */
  state: Uint8Array;
}

export interface Batch {
  readonly records: readonly StoredRecord[];
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

export function newBatch(records: readonly StoredRecord[], window: Window | undefined, closes: Batch["closes"]): Batch {
  return { records, window, closes, attempts: 0, notBefore: 0 };
}

/** How many of the records make the next batch: up to the size, up to what an invocation carries, none from beyond `end`. */
export function batchLength(records: readonly StoredRecord[], batchSize: number, end = Infinity): number {
  let bytes = 0;
  let length = 0;
  for (const record of records) {
    bytes += base64Length(record.data) + record.partitionKey.length + 500;
    const full = length === batchSize || (length > 0 && bytes > LARGEST_BATCH);
    if (full || record.arrival >= end) break;
    length++;
  }
  return length;
}

export function base64Length(bytes: Uint8Array): number {
  return Math.ceil(bytes.length / 3) * 4;
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

function placeOf(failure: unknown, records: readonly StoredRecord[]): number {
  const sequence =
    typeof failure === "object" && failure !== null
      ? (failure as { itemIdentifier?: unknown }).itemIdentifier
      : undefined;
  return records.findIndex((record) => record.sequence === sequence);
}
