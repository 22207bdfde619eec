/** Reads what `pulumi up --json` did: the engine's events, one per line, after the fact. */
import { ChangeInputError, excerptOf } from "../change-input-error";
import type { ExecutedStep } from "../executed";
import type { Execution } from "../cloudformation/gather-events";
import { type EngineEvent, readEvent } from "./shape";
import { readUrn } from "./urn";

/** What an operation of the engine came to; operations that only look, forget or tidy up did nothing. */
const DID: Readonly<Record<string, ExecutedStep["did"] | undefined>> = {
  create: "create",
  "create-replacement": "create",
  update: "update",
  delete: "delete",
  "delete-replaced": "delete",
  import: "import",
  "import-replacement": "import",
  ...{ same: undefined, replace: undefined, read: undefined, "read-replacement": undefined, refresh: undefined },
  ...{ discard: undefined, "discard-replaced": undefined, "remove-pending-replace": undefined },
};

/** @throws ChangeInputError when a line is no event, or names an operation that nobody knows */
export function readUpdate(text: string): Execution {
  const events = text
    .split("\n")
    .map((line) => line.trim())
    .flatMap((line, index) => (line.startsWith("{") ? [parseEvent(line, `line ${index + 1}`)] : []));
  const summary = events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  const failures = events.flatMap(failureIn);
  return {
    status: summary === undefined ? undefined : failures.length === 0 ? "succeeded" : "failed",
    steps: events.flatMap(stepIn),
    failures,
  };
}

function parseEvent(line: string, where: string): EngineEvent {
  try {
    return readEvent(JSON.parse(line), where);
  } catch (error) {
    if (error instanceof ChangeInputError) throw error;
    throw new ChangeInputError(where, excerptOf(line), "one whole event of pulumi up --json per line");
  }
}

function stepIn({ resOutputsEvent }: EngineEvent): ExecutedStep[] {
  if (!resOutputsEvent) return [];
  const { op, urn } = resOutputsEvent.metadata;
  if (!Object.hasOwn(DID, op)) {
    throw new ChangeInputError(urn, `the operation ${excerptOf(op)}`, Object.keys(DID).join(", "));
  }
  const did = DID[op];
  return did === undefined ? [] : [{ id: urn, did }];
}

function failureIn({ resOpFailedEvent, diagnosticEvent, errorEvent }: EngineEvent): Execution["failures"] {
  if (resOpFailedEvent) {
    const urn = resOpFailedEvent.metadata.urn ?? "";
    return [{ resource: urn === "" ? "a resource" : readUrn(urn).name, reason: "the operation on it failed" }];
  }
  if (diagnosticEvent?.severity === "error")
    return [{ resource: "the program", reason: diagnosticEvent.message ?? "" }];
  return errorEvent ? [{ resource: "the engine", reason: errorEvent.error ?? "" }] : [];
}
