/** One entry of PutEvents: what is wrong with it, or the event that it is. Source: EventBridge API reference, PutEvents. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { AccountFacts } from "../model";
import { BUS, isoTime, type BusEvent } from "./rule";

export const putEntry = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  /** Seconds since the epoch. */
  Time: z.number().optional(),
  Resources: z.array(z.string()).default([]),
  EventBusName: z.string().default(BUS),
  TraceHeader: z.string().optional(),
});

export type PutEntry = z.output<typeof putEntry>;

export const MOST_ENTRIES = 10;

/** Why an entry is not taken, as PutEvents answers it among the results. */
export interface EntryFault {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

export function describeFault({ Source, DetailType, Detail, EventBusName }: PutEntry): EntryFault | undefined {
  const missing = Object.entries({ Source, DetailType, Detail }).find(([, value]) => !value)?.[0];
  if (missing !== undefined) {
    const ErrorMessage = `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`;
    return { ErrorCode: "InvalidArgument", ErrorMessage };
  }
  if (Source?.startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  if (busName(EventBusName) !== BUS) {
    return { ErrorCode: "ResourceNotFoundException", ErrorMessage: `Event bus ${EventBusName} does not exist.` };
  }
  return isJsonObject(Detail ?? "")
    ? undefined
    : { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
}

/** @param entry one without a fault */
export function readEvent(entry: PutEntry, { account, region }: AccountFacts, now: number): BusEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": entry.DetailType ?? "",
    source: entry.Source ?? "",
    account,
    time: isoTime(entry.Time === undefined ? now : entry.Time * 1000),
    region,
    resources: entry.Resources,
    detail: JSON.parse(entry.Detail ?? "") as unknown,
  };
}

/** By name or ARN. */
export function busName(reference: string): string {
  return reference.split(":event-bus/").at(-1) ?? reference;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
