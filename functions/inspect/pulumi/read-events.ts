/** Reads the stream of engine events that a preview writes, one JSON object per line. */
import { sameJson } from "../canonical";
import type { Doubt } from "../change";
import { ChangeInputError, excerptOf, listOf } from "../change-input-error";
import { readEventStep } from "./planned-step";
import { CORRUPT, type Preview } from "./preview";
import { type EngineEvent, isObject, readEvent } from "./shape";
import type { View } from "../sight";
import { readUrn, ROOT_STACK } from "./urn";

/** Kinds of event that are read, and kinds that say nothing about what the preview would do. */
const READ_EVENTS = [
  ...["resourcePreEvent", "resOutputsEvent", "resOpFailedEvent", "diagnosticEvent", "errorEvent", "policyEvent"],
  ...["preludeEvent", "summaryEvent"],
];
const QUIET_EVENTS = [
  ...[
    "cancelEvent",
    "stdoutEvent",
    "progressEvent",
    "startDebuggingEvent",
    "policyLoadEvent",
    "policyRemediationEvent",
  ],
  ...["policyAnalyzeSummaryEvent", "policyRemediateSummaryEvent", "policyAnalyzeStackSummaryEvent"],
];

/** @throws ChangeInputError when a line is no event */
export function readEventLines(text: string): Preview {
  const events = inOrder(parseLines(text));
  const steps = events.flatMap(({ resourcePreEvent }) =>
    resourcePreEvent ? [readEventStep(resourcePreEvent.metadata)] : [],
  );
  const summaries = events.flatMap(({ summaryEvent }) => (summaryEvent ? [summaryEvent] : []));
  if (summaries.length > 1) throw new ChangeInputError("events", `${summaries.length} summaries`, "one preview");
  return {
    steps,
    summary: summaries[0]?.resourceChanges ?? undefined,
    config: events.find(({ preludeEvent }) => preludeEvent)?.preludeEvent?.config,
    outputs: readOutputs(events),
    doubts: events.flatMap(doubtEvent),
    notes: [],
  };
}

function parseLines(text: string): EngineEvent[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .flatMap((line, index) => (line === "" ? [] : [parseLine(line, `line ${index + 1}`)]));
}

function parseLine(line: string, where: string): EngineEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ChangeInputError(
      where,
      excerptOf(line),
      "one whole event per line",
      "record the stream again, to its end",
    );
  }
  if (!isObject(value) || Array.isArray(value)) throw new ChangeInputError(where, excerptOf(value), "an engine event");
  return readEvent(value, where);
}

/**
 * By sequence number, where events carry one. Numbers may have gaps: the engine numbers events of its own that it does not
 * write down. That no step is missing shows in the summary.
 */
function inOrder(events: readonly EngineEvent[]): EngineEvent[] {
  const sorted = [...events].sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
  return sorted.filter((event, index) => {
    const last = sorted[index - 1];
    if (typeof event.sequence !== "number" || event.sequence !== last?.sequence) return true;
    if (sameJson(event, last)) return false;
    throw new ChangeInputError("events", `two events of number ${event.sequence}`, "the stream of one preview");
  });
}

function doubtEvent(event: EngineEvent): Doubt[] {
  const kinds = Object.keys(event).filter(
    (name) => name !== "sequence" && name !== "timestamp" && isObject(event[name]),
  );
  const unknown = kinds.filter((kind) => !READ_EVENTS.includes(kind) && !QUIET_EVENTS.includes(kind));
  if (unknown.length > 0 || kinds.length !== 1) {
    const what =
      unknown.length > 0 ? `an event of unknown kind: ${listOf(unknown)}` : `an event of ${kinds.length} kinds`;
    return [{ what, fix: "look at the stream by hand, and teach the guard the kind of event" }];
  }
  const { diagnosticEvent, errorEvent, policyEvent, resOpFailedEvent, summaryEvent } = event;
  if (diagnosticEvent?.severity === "error") return [failed(diagnosticEvent.message)];
  if (errorEvent) return [failed(errorEvent.error)];
  if (resOpFailedEvent) return [failed(`an operation on ${resOpFailedEvent.metadata.urn ?? "a resource"} failed`)];
  if (policyEvent?.enforcementLevel === "mandatory") {
    return [failed(`policy ${policyEvent.policyName ?? ""}: ${policyEvent.message ?? ""}`)];
  }
  if (summaryEvent?.maybeCorrupt === true) return [CORRUPT];
  if (summaryEvent?.isPreview === false) {
    return [{ what: "the stream is of an update that has run, not of a preview", fix: "give the stream of a preview" }];
  }
  return [];
}

function failed(message: string | null | undefined): Doubt {
  return { what: `the preview failed: ${excerptOf(message ?? "")}`, fix: "mend it first" };
}

/** Outputs are known once the program has named them: in the event that closes the root's step. */
function readOutputs(events: readonly EngineEvent[]): View | undefined {
  const root = events
    .flatMap(({ resOutputsEvent }) => (resOutputsEvent ? [resOutputsEvent.metadata] : []))
    .find(({ urn }) => readUrn(urn).type === ROOT_STACK);
  if (!root?.old?.outputs || !root.new?.outputs) return undefined;
  return {
    at: [],
    before: { kind: "known", value: root.old.outputs },
    after: { kind: "known", value: root.new.outputs },
  };
}
