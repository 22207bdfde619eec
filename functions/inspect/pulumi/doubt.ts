/** What a step leaves out, or carries beyond what is understood. */
import { sameJson } from "../canonical";
import type { Doubt, Operation } from "../change";
import { listOf } from "../change-input-error";
import { isBlank, type PlannedStep } from "./planned-step";
import { DIFFERENCES, QUIET_FIELDS, READ_FIELDS, type ResourceState } from "./shape";

const TEACH = "look at the step by hand, and teach the guard what they mean";
const UNDERSTOOD = new Set([...READ_FIELDS, ...QUIET_FIELDS]);

export function doubtStep(
  steps: readonly PlannedStep[],
  operation: Operation,
  before: ResourceState | undefined,
  after: ResourceState | undefined,
): Doubt[] {
  const doubts: Doubt[] = [];
  const strange = steps.flatMap((step) => step.strange);
  if (strange.length > 0) doubts.push({ what: `its step carries unknown fields: ${listOf(strange)}`, fix: TEACH });
  const kinds = steps
    .flatMap(({ differences }) => differences.map(({ kind }) => kind))
    .filter((kind) => !DIFFERENCES.includes(kind));
  if (kinds.length > 0) doubts.push({ what: `its step has unknown kinds of difference: ${listOf(kinds)}`, fix: TEACH });
  const options = before && after ? changedOptions(before, after) : [];
  if (options.length > 0) doubts.push({ what: `unknown options of it change: ${listOf(options)}`, fix: TEACH });
  return [...doubts, ...doubtStates(steps, operation, before, after)];
}

function doubtStates(
  steps: readonly PlannedStep[],
  operation: Operation,
  before: ResourceState | undefined,
  after: ResourceState | undefined,
): Doubt[] {
  const same = steps.some(({ op }) => op === "same");
  if (same && before === undefined && after !== undefined) {
    const what = "the program wants it, and this run does not make it: the preview was narrowed with --target";
    return [{ what, fix: "preview the whole stack" }];
  }
  const begins = same || operation === "update" || operation === "replace" || operation === "delete";
  const ends = same || operation === "update";
  const missing = [
    ...(begins && before === undefined ? ["begins"] : []),
    ...(ends && after === undefined ? ["ends"] : []),
  ];
  if (missing.length === 0) return [];
  return [
    { what: `the preview leaves out the state that its step ${missing.join(" and ")} with`, fix: "preview again" },
  ];
}

function changedOptions(before: ResourceState, after: ResourceState): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter(
    (name) =>
      !UNDERSTOOD.has(name) && !(isBlank(before[name]) && isBlank(after[name])) && !sameJson(before[name], after[name]),
  );
}
