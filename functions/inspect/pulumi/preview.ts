/** A Pulumi preview, whichever way it was spelt, in terms of the model. */
import type { Doubt, InspectedChange } from "../change";
import { ChangeInputError, listOf } from "../change-input-error";
import { digestSteps } from "./digest";
import type { PlannedStep } from "./planned-step";
import { readSteps } from "./step";
import type { View } from "../sight";
import { readUrn } from "./urn";

/** What both spellings of a preview come to. */
export interface Preview {
  readonly steps: readonly PlannedStep[];
  /** Operations by the engine's own count, at the end. */
  readonly summary: Readonly<Record<string, number>> | undefined;
  readonly config: unknown;
  readonly outputs: View | undefined;
  readonly doubts: readonly Doubt[];
  readonly notes: readonly string[];
}

export const CORRUPT: Doubt = {
  what: "the engine calls the state of the stack perhaps corrupt",
  fix: "look at the state, repair it, and preview again",
};

/** @throws ChangeInputError when the steps are of more than one stack */
export function assemblePreview({ steps, summary, config, outputs, doubts, notes }: Preview): InspectedChange {
  const urns = steps.map(({ urn }) => readUrn(urn));
  const stacks = [...new Set(urns.map(({ stack, project }) => `${project}/${stack}`))];
  if (stacks.length > 1) {
    throw new ChangeInputError(
      "preview",
      `steps of ${listOf(stacks)}`,
      "steps of one stack",
      "judge each stack by itself",
    );
  }
  const resources = readSteps(steps);
  const hidden = doubtHidden(steps, summary);
  const existing = resources.filter(({ nature, views }) => nature === "resource" && views[0]?.before.kind === "known");
  return {
    engine: "pulumi",
    subject: stacks[0] ?? "a stack without steps",
    digest: digestSteps(steps, config),
    resources,
    existing: hidden.length === 0 ? existing.length : undefined,
    doubts: [...doubts, ...hidden],
    outputs,
    notes: [...notes, "a preview does not say whether it was narrowed with --target; only some that were show it"],
  };
}

const ALL_STEPS = "preview again with: pulumi preview --json --show-sames --show-replacement-steps";
const FAMILY = ["replace", "create-replacement", "import-replacement"];

/** Steps that the engine counted and the input does not show. */
function doubtHidden(steps: readonly PlannedStep[], summary: Preview["summary"]): Doubt[] {
  if (summary === undefined || Object.keys(summary).length === 0) {
    return [{ what: "the preview has no summary of changes: it did not come to its end", fix: "preview again" }];
  }
  const shown = new Map<string, number>();
  for (const { op } of steps) shown.set(op, (shown.get(op) ?? 0) + 1);
  const replaced = new Set(steps.filter(({ op }) => FAMILY.includes(op)).map(({ urn }) => urn)).size;
  return Object.entries(summary).flatMap(([op, counted]) => {
    const missing = counted - Math.max(shown.get(op) ?? 0, FAMILY.includes(op) ? replaced : 0);
    if (missing <= 0) return [];
    if (op !== "same") return [{ what: `${missing} of ${counted} ${op} steps are not in the preview`, fix: ALL_STEPS }];
    const what = `${missing} unchanged resources are not shown: retainOnDelete may be dropped there`;
    return [{ what, fix: ALL_STEPS, about: "hidden-sames" }];
  });
}
