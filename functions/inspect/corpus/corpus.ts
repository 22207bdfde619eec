/**
 * Labelled changes, destructive and safe, one JSON object per line, in the shapes that DescribeChangeSet and Pulumi write.
 * A line says what its change is about; what all have in common (the head of the change set, the root of the stack, its
 * provider and some unchanged resources) is put around it here.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface CorpusCase {
  readonly name: string;
  readonly label: "destructive" | "safe";
  /** A finding that must be among those of the verdict; on a safe case, the one that wrongly refuses it. */
  readonly finding?: string;
}

export interface ChangeSetCase extends CorpusCase {
  readonly pages: readonly Fields[];
}

export interface PreviewCase extends CorpusCase {
  readonly preview: Fields & { readonly steps: readonly Fields[] };
}

export type Fields = Record<string, unknown>;

const HEAD: Fields = {
  ChangeSetName: "release-42",
  ChangeSetId:
    "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/release-42/1f2e3d4c-0000-4000-8000-000000000042",
  StackId: "arn:aws:cloudformation:eu-west-1:123456789012:stack/prod-clickstream/0a1b2c3d-0000-4000-8000-000000000001",
  StackName: "prod-clickstream",
  CreationTime: "2026-05-04T10:11:12.000Z",
  ExecutionStatus: "AVAILABLE",
  Status: "CREATE_COMPLETE",
  NotificationARNs: [],
  RollbackConfiguration: {},
  Capabilities: ["CAPABILITY_IAM"],
  IncludeNestedStacks: true,
};

export function changeSetCases(): ChangeSetCase[] {
  return readLines<CorpusCase & { pages: (Fields & { changes: Fields[] })[] }>("cloudformation.jsonl").map((line) => ({
    ...line,
    pages: line.pages.map(({ changes, ...page }) => changeSetPage(changes, page)),
  }));
}

/** A page of DescribeChangeSet about these resources. */
export function changeSetPage(changes: readonly Fields[], head: Fields = {}): Fields {
  const entries = changes.map((change) => ({ Type: "Resource", ResourceChange: change }));
  return { ...HEAD, ...head, Changes: entries };
}

const STACK = "urn:pulumi:prod::clickstream::";
const ROOT = `${STACK}pulumi:pulumi:Stack::clickstream-prod`;
const PROVIDER = `${STACK}pulumi:providers:aws::eu`;

export function previewCases(): PreviewCase[] {
  return readLines<CorpusCase & { steps: Fields[]; preview?: Fields }>("pulumi.jsonl").map(({ preview, ...line }) => ({
    ...line,
    preview: previewOf(line.steps, preview),
  }));
}

/** A whole preview document about these steps, in a stack of some more resources. */
export function previewOf(steps: readonly Fields[], changes: Fields = {}): PreviewCase["preview"] {
  const missing = unchangedSteps().filter(({ urn }) => !steps.some((step) => step["urn"] === urn));
  const all = [...missing, ...steps];
  const changeSummary: Record<string, number> = {};
  for (const { op } of all) {
    if (op === "create-replacement" || op === "delete-replaced") continue;
    changeSummary[String(op)] = (changeSummary[String(op)] ?? 0) + 1;
  }
  return { config: { "aws:region": "eu-west-1" }, duration: 4_200_000_000, changeSummary, ...changes, steps: all };
}

function unchangedSteps(): { urn: string; [field: string]: unknown }[] {
  const alarms = [0, 1, 2, 3, 4, 5].map((n) => `${STACK}aws:cloudwatch/metricAlarm:MetricAlarm::alarm${n}`);
  const provider = { urn: PROVIDER, custom: true, type: "pulumi:providers:aws", id: "9d1b2c3a", parent: ROOT };
  return [
    unchanged(ROOT, { urn: ROOT, custom: false, type: "pulumi:pulumi:Stack" }),
    unchanged(PROVIDER, { ...provider, inputs: { region: "eu-west-1", version: "7.48.0" } }),
    ...alarms.map((urn) =>
      unchanged(urn, {
        urn,
        custom: true,
        type: "aws:cloudwatch/metricAlarm:MetricAlarm",
        id: urn.slice(-6),
        parent: ROOT,
      }),
    ),
  ];
}

function unchanged(urn: string, state: Fields): { urn: string; [field: string]: unknown } {
  return { op: "same", urn, oldState: state, newState: state, detailedDiff: null };
}

/** The same preview as the stream of engine events tells it: what is false is left out, and names differ. */
export function eventsOf(preview: PreviewCase["preview"]): string {
  const events: Fields[] = [{ preludeEvent: { config: preview["config"] } }];
  for (const diagnostic of (preview["diagnostics"] ?? []) as Fields[]) events.push({ diagnosticEvent: diagnostic });
  for (const step of preview.steps) {
    const metadata = metadataOf(step);
    events.push({ resourcePreEvent: { metadata, planning: true } });
    if (step["urn"] === ROOT) events.push({ resOutputsEvent: { metadata, planning: true } });
  }
  const { changeSummary, maybeCorrupt } = preview;
  if (changeSummary !== null) {
    const resourceChanges = changeSummary;
    events.push({
      summaryEvent: { maybeCorrupt: maybeCorrupt === true, durationSeconds: 4, resourceChanges, isPreview: true },
    });
  }
  events.push({ cancelEvent: {} });
  return events
    .map((event, index) => JSON.stringify({ sequence: index + 1, timestamp: 1_700_000_000, ...event }))
    .join("\n");
}

function metadataOf(step: Fields): Fields {
  const { op, urn, oldState, newState, replaceReasons, diffReasons, detailedDiff } = step;
  const type = (newState ?? oldState) as Fields | undefined;
  return {
    op,
    urn,
    type: type?.["type"] ?? "",
    old: stateOf(oldState),
    new: stateOf(newState),
    keys: replaceReasons ?? [],
    diffs: diffReasons,
    detailedDiff: differencesOf(detailedDiff),
    provider: "",
  };
}

function stateOf(state: unknown): Fields | null {
  if (typeof state !== "object" || state === null) return null;
  const kept = Object.entries(state).filter(([, value]) => value !== false);
  return { id: "", parent: "", inputs: {}, outputs: {}, provider: "", ...Object.fromEntries(kept) };
}

function differencesOf(differences: unknown): Fields | null {
  if (typeof differences !== "object" || differences === null) return null;
  return Object.fromEntries(
    Object.entries(differences as Record<string, Fields>).map(([path, { kind, ...rest }]) => [
      path,
      { diffKind: kind, ...rest },
    ]),
  );
}

function readLines<Line>(file: string): Line[] {
  const text = readFileSync(join(__dirname, file), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}
