/**
 * Reads a Pulumi preview: the document of `pulumi preview --json`, or the stream of engine events that the same command
 * writes when PULUMI_ENABLE_STREAMING_JSON_PREVIEW is set.
 */
import type { Doubt, InspectedChange } from "../change";
import { ChangeInputError, excerptOf, listOf } from "../change-input-error";
import { readDigestStep } from "./planned-step";
import { assemblePreview, CORRUPT, type Preview } from "./preview";
import { DIGEST_FIELDS, isObject, readDigest } from "./shape";
import { readEventLines } from "./read-events";
import type { View } from "../sight";
import { readUrn, ROOT_STACK } from "./urn";

/**
 * @param text a preview document or a stream of events, one per line
 * @throws ChangeInputError when it is neither, cut off, or of more than one stack
 */
export function readPreview(text: string): InspectedChange {
  if (text.trim() === "") throw new ChangeInputError("preview", "nothing", "a preview document or a stream of events");
  const firstLine = text.slice(0, text.indexOf("\n") + 1 || undefined);
  return assemblePreview(looksLikeEvent(firstLine) ? readEventLines(text) : readDocument(parse(text)));
}

/** An event stands on one line; the first line of a document is a brace, or the whole document. */
function looksLikeEvent(line: string): boolean {
  return /^\s*\{.*"(sequence|[a-zA-Z]+Event)"\s*:/.test(line) && !/^\s*\{.*"steps"\s*:/.test(line);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ChangeInputError(
      "preview",
      `text that is no JSON (${error instanceof Error ? error.message : String(error)})`,
      "a whole preview document, or one event per line",
      "record it again: pulumi preview --json --show-sames --show-replacement-steps > preview.json",
    );
  }
}

function readDocument(value: unknown): Preview {
  if (!isObject(value) || Array.isArray(value) || !("steps" in value || "changeSummary" in value)) {
    throw new ChangeInputError("preview", excerptOf(value), "an object with steps and changeSummary");
  }
  const digest = readDigest(value);
  const doubts: Doubt[] = [];
  const strange = Object.keys(value).filter((field) => !DIGEST_FIELDS.includes(field));
  if (strange.length > 0) {
    doubts.push({
      what: `the preview carries unknown fields: ${listOf(strange)}`,
      fix: "teach the guard what they mean",
    });
  }
  for (const { severity, message } of digest.diagnostics ?? []) {
    if (severity === "error")
      doubts.push({ what: `the preview failed: ${excerptOf(message ?? "")}`, fix: "mend it first" });
  }
  if (digest.maybeCorrupt === true) doubts.push(CORRUPT);
  const root = (digest.steps ?? []).find(({ urn }) => readUrn(urn).type === ROOT_STACK);
  // The root's step is written before the program has named its outputs: they are there only if it has none to name.
  const outputs: View | undefined =
    root?.oldState?.outputs && root.newState?.outputs
      ? {
          at: [],
          before: { kind: "known", value: root.oldState.outputs },
          after: { kind: "known", value: root.newState.outputs },
        }
      : undefined;
  return {
    steps: (digest.steps ?? []).map(readDigestStep),
    summary: digest.changeSummary ?? undefined,
    config: digest.config,
    outputs,
    doubts,
    notes: outputs === undefined ? ["a preview document does not show how outputs of the stack change"] : [],
  };
}
