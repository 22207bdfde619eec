/**
 * What a preview is told by: the same for every preview of the same change. Two previews of one change differ all the same,
 * in the order of their resources, in when and where they say a state was written, and in the names that providers draw anew
 * for what does not exist yet.
 */
import { canonicalJson, digestOf, without } from "../canonical";
import type { PlannedStep } from "./planned-step";
import type { ResourceState } from "./shape";

/** When a state was written, and which line of the program asked for it. */
const PROVENANCE = ["created", "modified", "sourcePosition", "stackTrace"];

/** Property of a state's inputs in which providers name those that they filled in. */
const FILLED_IN = "__defaults";

/** Source: Pulumi documentation, "Autonaming": the name in the program, a hyphen, seven digits; queues add an ending. */
const DRAWN_NAME = /-([0-9a-f]{7})(?:\.fifo)?$/;
const DRAWN_DIGITS = /-([0-9a-f]{7})(?![0-9A-Za-z])/g;

/** The order of the steps of one resource counts. */
export function digestSteps(steps: readonly PlannedStep[], config: unknown): string {
  const inOrder = steps.toSorted((one, other) => (one.urn < other.urn ? -1 : one.urn > other.urn ? 1 : 0));
  return digestOf(spell(config, inOrder, new Set(steps.flatMap(drawnDigits))));
}

/** One text at a time: all of them together are as large as the preview. */
function* spell(config: unknown, steps: readonly PlannedStep[], drawn: ReadonlySet<string>): Generator<string> {
  yield canonicalJson(config);
  for (const step of steps) {
    const text = canonicalJson({ ...step, before: lasting(step.before), after: lasting(step.after) });
    // A name that was drawn also stands where other resources refer to it.
    yield drawn.size === 0
      ? text
      : text.replace(DRAWN_DIGITS, (all, digits: string) => (drawn.has(digits) ? "-*" : all));
  }
}

function lasting(state: ResourceState | undefined): unknown {
  return state === undefined ? undefined : without(state, ...PROVENANCE);
}

/** Digits in the names that a provider fills in where there was none before. */
function drawnDigits({ before, after }: PlannedStep): string[] {
  const filledIn = after?.inputs?.[FILLED_IN];
  if (!Array.isArray(filledIn)) return [];
  return filledIn.flatMap((property: unknown) => {
    if (typeof property !== "string") return [];
    const [was, is] = [before?.inputs?.[property], after?.inputs?.[property]];
    return typeof is === "string" && is !== was ? (DRAWN_NAME.exec(is)?.slice(1) ?? []) : [];
  });
}
