/**
 * Previews of a small program (engines/pulumi/program), each with one thing changed in it, recorded from the real engine
 * by `UPDATE_RECORDED=1 npm run test:engines -- pulumi`: the document and the stream of events that one run wrote.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FindingKind } from "../findings/finding";

type Found = `${FindingKind} ${string}`;

/** What each change must be found to be: `finding resource`. Nothing is safe. */
export const RECORDED = {
  "first deployment": [],
  nothing: [],
  "topic tagged anew": [],
  "topic renamed": ["dependents-cascade told", "replace news"],
  "stream retention shortened": ["lossy-update clicks"],
  "table key changed": ["replace visits"],
  "bucket renamed": ["replace lake"],
  "bucket removed": ["delete lake"],
  "stream renamed": ["rename-without-alias clicks"],
  "stream renamed, with alias": [],
  "stream moved to another parent": ["rename-without-alias clicks"],
  "stream moved to another parent, with alias": [],
  "protection dropped": ["protection-dropped orders"],
  "protection dropped and queue renamed": ["orphan orders", "protection-dropped orders"],
  "retention dropped": ["protection-dropped orders"],
  "retained queue removed": ["orphan returns"],
  // The engine fails the previews that follow: what failed is not known to be safe.
  "protected queue removed": ["orphan orders", "unknown preview", "unknown preview"],
  "provider moved to another region": [
    ...each("provider-or-region-change", "aws", "clicks", "lake", "news", "orders", "returns", "told", "visits"),
    ...each("replace", "clicks", "lake", "news", "told", "visits"),
    ...each("orphan", "orders", "returns"),
    "mass-change preview",
    "unknown preview",
    "unknown preview",
  ],
  "everything removed": [
    ...each("delete", "clicks", "lake", "news", "told", "visits"),
    ...each("orphan", "orders", "returns"),
    "mass-change preview",
    "unknown preview",
    "unknown preview",
  ],
} as const satisfies Readonly<Record<string, readonly Found[]>>;

function each(kind: FindingKind, ...names: readonly string[]): Found[] {
  return names.map((name) => `${kind} ${name}` as const);
}

/** What only a document shows: from which resource a value comes that is not known yet. */
const LESS_IN_EVENTS: Partial<Record<RecordedChange, readonly Found[]>> = {
  "topic renamed": ["conditional-replace told", "replace news"],
};

/** What a recording of a change must be found to be, sorted. */
export function expectedOf(change: RecordedChange, recording: Recording): readonly string[] {
  const found: readonly string[] = RECORDED[change];
  return [...((recording === "events.jsonl" ? LESS_IN_EVENTS[change] : undefined) ?? found)].sort();
}

export type RecordedChange = keyof typeof RECORDED;

export const RECORDED_CHANGES = Object.keys(RECORDED) as RecordedChange[];

export type Recording = "preview.jsonl" | "events.jsonl";

export const RECORDINGS: readonly Recording[] = ["preview.jsonl", "events.jsonl"];

export function recordingFile(change: RecordedChange, recording: Recording): string {
  return join(__dirname, "recorded", `${change.replace(/\W+/g, "-")}.${recording}`);
}

export function readRecording(change: RecordedChange, recording: Recording): string {
  return readFileSync(recordingFile(change, recording), "utf8");
}
