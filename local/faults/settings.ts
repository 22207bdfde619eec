/**
 * Faults to be injected, as a person writes them in a file:
 *
 *     seed: 7
 *     calls:
 *       - { on: "kinesis:PutRecord", fault: throttle, share: 0.2 }
 *       - { on: "dynamodb:*", fault: lose-answer, share: 0.05, most: 100 }
 *       - { on: "s3:PutObject", fault: delay, share: 1, milliseconds: 250 }
 *     disk: { slowMilliseconds: 20 }
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { StageError } from "../diagnostics";

/**
 * What can befall a call. `throttle` and `fail` refuse it before it acts; `time-out` does so after a wait; `lose-answer`
 * lets it act and fails all the same, as when a connection breaks; `delay` makes it slow; `twice` lets it act two times;
 * `late` lets it act once more after `behind` later calls, out of order.
 */
export const FAULTS = ["throttle", "fail", "time-out", "lose-answer", "delay", "twice", "late"] as const;

const CallFault = z.strictObject({
  /** `service:Operation`, by signing name; `*` for every operation of the service. */
  on: z.string().regex(/^[a-z0-9-]+:(\w+|\*)$/, "must be service:Operation or service:*"),
  fault: z.enum(FAULTS),
  /** Which part of the calls it befalls, 0 to 1, drawn by the seed. */
  share: z.number().min(0).max(1).default(1),
  /** Calls that pass before it begins. */
  after: z.int().min(0).default(0),
  /** Calls it befalls at most. */
  most: z.int().min(1).optional(),
  /** How long `delay` and `time-out` wait, by the machine's time. */
  milliseconds: z.int().min(1).max(600_000).default(200),
  /** Later calls behind which `late` acts once more. */
  behind: z.int().min(1).max(10_000).default(5),
});

const DiskFault = z.strictObject({
  /** What every sync takes longer. */
  slowMilliseconds: z.int().min(1).max(60_000).optional(),
  /** Bytes after which the disk is full. */
  fullAfterBytes: z.int().min(0).optional(),
});

const FaultSettings = z.strictObject({
  seed: z.int().min(0).default(1),
  calls: z.array(CallFault).default([]),
  disk: DiskFault.optional(),
});

export type CallFault = z.output<typeof CallFault>;
export type DiskFault = z.output<typeof DiskFault>;
export type FaultSettings = z.output<typeof FaultSettings>;

/** @throws StageError with every problem: its place, what it got and what is allowed */
export function readFaults(given: unknown, source = "faults"): FaultSettings {
  const read = FaultSettings.safeParse(given ?? {});
  if (read.success) return read.data;
  throw new StageError(read.error.issues.map((issue) => describeIssue(issue, given, source)).join("\n"));
}

/** Reads a YAML (or JSON) file. @throws StageError */
export function readFaultsFile(path: string): FaultSettings {
  let given: unknown;
  try {
    given = parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new StageError(
      `--faults ${path} cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return readFaults(given, path);
}

function describeIssue(issue: z.core.$ZodIssue, given: unknown, source: string): string {
  const place = [source, ...issue.path.map(String)].join(".");
  if (issue.code === "unrecognized_keys") {
    return `${place}: ${issue.keys.join(", ")} is not known; leave it out, or see the head of local/faults/settings.ts`;
  }
  const got = issue.path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step],
    given,
  );
  const allowed = issue.code === "invalid_value" ? `must be one of ${issue.values.join(", ")}` : issue.message;
  return `${place}: ${allowed}; got ${JSON.stringify(got) ?? "nothing"}`;
}
