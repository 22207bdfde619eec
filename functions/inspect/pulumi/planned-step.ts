/** One step of a plan, whichever way Pulumi spelt it: in a preview document or in the event stream. */
import {
  isObject,
  METADATA_FIELDS,
  type PreviewStep,
  type ResourceState,
  STEP_FIELDS,
  type StepMetadata,
} from "./shape";

export interface PlannedStep {
  readonly op: string;
  readonly urn: string;
  readonly before: ResourceState | undefined;
  readonly after: ResourceState | undefined;
  /** Properties that make it a replacement. */
  readonly replaceReasons: readonly string[];
  /** Properties that change, at the outermost level. */
  readonly diffReasons: readonly string[];
  /** By path. */
  readonly differences: readonly Difference[];
  /** Fields of the step that the guard does not know. */
  readonly strange: readonly string[];
  /** Event streams leave out what is false, preview documents do not. */
  readonly falseIsSilent: boolean;
}

export interface Difference {
  /** `rules[0].status`, as Pulumi writes paths. */
  readonly path: string;
  readonly kind: string;
  /** False where the state, as last refreshed, differs from what the program wants. */
  readonly ofInputs: boolean;
}

export function readDigestStep(step: PreviewStep): PlannedStep {
  return {
    op: step.op,
    urn: step.urn,
    before: step.oldState ?? undefined,
    after: step.newState ?? undefined,
    replaceReasons: step.replaceReasons ?? [],
    diffReasons: step.diffReasons ?? [],
    differences: readDifferences(step.detailedDiff, "kind"),
    strange: strangeFields(step, STEP_FIELDS),
    falseIsSilent: false,
  };
}

export function readEventStep(metadata: StepMetadata): PlannedStep {
  return {
    op: metadata.op,
    urn: metadata.urn,
    before: metadata.old ?? undefined,
    after: metadata.new ?? undefined,
    replaceReasons: metadata.keys ?? [],
    diffReasons: metadata.diffs ?? [],
    differences: readDifferences(metadata.detailedDiff, "diffKind"),
    strange: strangeFields(metadata, METADATA_FIELDS),
    falseIsSilent: true,
  };
}

function readDifferences(written: PreviewStep["detailedDiff"], kindField: "kind" | "diffKind"): Difference[] {
  const entries = Object.entries(written ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([path, difference]) => ({
    path,
    kind: difference[kindField] ?? "",
    ofInputs: difference.inputDiff === true,
  }));
}

function strangeFields(step: object, known: readonly string[]): string[] {
  return Object.entries(step).flatMap(([name, value]) => (known.includes(name) || isBlank(value) ? [] : [name]));
}

/** What says as little as a field that is not there. */
export function isBlank(value: unknown): boolean {
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === false || value === "";
}
