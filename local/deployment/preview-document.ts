/**
 * A deployment as `pulumi preview --json --show-sames --show-replacement-steps` would print it: every step, with the
 * state before and after. Whatever judges previews judges this.
 */
import { SIGNATURES } from "../monitor/wire";
import type { Change } from "./change";
import type { Differences } from "./difference";
import type { Recorded, RecordedProperties } from "./recorded-value";
import type { ResourceState } from "./resource-state";

export interface PreviewDocument {
  readonly config: Readonly<Record<string, string>>;
  readonly steps: readonly PreviewStep[];
  readonly diagnostics: readonly { readonly severity: "error"; readonly message: string }[];
  /** Steps by operation; a replacement counts once. */
  readonly changeSummary: Readonly<Record<string, number>>;
}

export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly provider?: string;
  readonly oldState?: unknown;
  readonly newState?: unknown;
  readonly diffReasons?: readonly string[];
  readonly replaceReasons?: readonly string[];
  readonly detailedDiff: Readonly<Record<string, { readonly kind: string; readonly inputDiff: boolean }>> | null;
}

/** @param refusals why the engine would end the update: deletions of what is protected */
export function renderPreview(changes: readonly Change[], refusals: readonly string[]): PreviewDocument {
  const changeSummary: Record<string, number> = {};
  for (const { kind } of changes) changeSummary[kind] = (changeSummary[kind] ?? 0) + 1;
  return {
    config: {},
    steps: orderSteps(changes),
    diagnostics: refusals.map((message) => ({ severity: "error", message })),
    changeSummary,
  };
}

/** What is made and changed, in the program's order; then what goes, dependents first. */
function orderSteps(changes: readonly Change[]): PreviewStep[] {
  const successors = changes.filter(({ kind, deletesFirst }) => kind === "replace" && !deletesFirst);
  const going = changes.filter(({ kind }) => kind === "delete");
  const deletedFirst = changes.filter(({ deletesFirst }) => deletesFirst);
  return [
    ...deletedFirst.toReversed().map((change) => step("delete-replaced", change, "before")),
    ...changes.filter(({ kind }) => kind !== "delete").flatMap(stepsOf),
    ...successors.toReversed().map((change) => step("delete-replaced", change, "before")),
    ...going.map((change) => step("delete", change, "before")),
  ];
}

function stepsOf(change: Change): PreviewStep[] {
  if (change.kind !== "replace") return [step(change.kind, change)];
  const [first, second] = change.deletesFirst ? ["replace", "create-replacement"] : ["create-replacement", "replace"];
  return [step(first ?? "", change), step(second ?? "", change)];
}

function step(op: string, change: Change, only?: "before"): PreviewStep {
  const { urn, before, after, differences, replaceReasons } = change;
  const provider = (after ?? before)?.provider;
  return {
    op,
    urn,
    ...(provider === undefined ? {} : { provider }),
    ...(before === undefined ? {} : { oldState: renderState(before) }),
    ...(after === undefined || only === "before" ? {} : { newState: renderState(after) }),
    ...(differences.size === 0 || only === "before" ? {} : { diffReasons: outermost(differences) }),
    ...(replaceReasons.length === 0 || only === "before"
      ? {}
      : { replaceReasons: [...new Set(replaceReasons.map(head))] }),
    detailedDiff: differences.size === 0 || only === "before" ? null : renderDifferences(differences, replaceReasons),
  };
}

function outermost(differences: Differences): string[] {
  return [...new Set([...differences.keys()].map(head))];
}

function head(path: string): string {
  return path.split(/[.[]/)[0] || path;
}

function renderDifferences(
  differences: Differences,
  replaceReasons: readonly string[],
): NonNullable<PreviewStep["detailedDiff"]> {
  return Object.fromEntries(
    [...differences].map(([path, kind]) => [
      path,
      { kind: replaceReasons.includes(path) ? `${kind}-replace` : kind, inputDiff: true },
    ]),
  );
}

function renderState({ inputs, outputs, ...state }: ResourceState): unknown {
  return { ...state, inputs: hideSecrets(inputs), outputs: hideSecrets(outputs) };
}

/** As Pulumi prints them. */
function hideSecrets(value: Recorded | RecordedProperties): Recorded {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Recorded) => hideSecrets(item));
  const fields = value as RecordedProperties;
  if (fields[SIGNATURES.key] === SIGNATURES.secret) return "[secret]";
  return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, hideSecrets(item)]));
}
