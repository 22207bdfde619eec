/**
 * The two steps of a release with Pulumi that run inside of builds. The preview shows every step; the update happens only
 * while its preview is still the one that was inspected.
 */
import { readPreview } from "../../functions/inspect/pulumi/read-preview";
import type { Ended, Pulumi } from "./pulumi";

export interface StepDeps {
  readonly pulumi: Pulumi;
  /** Puts a text into the release bucket. */
  readonly keep: (key: string, content: string) => Promise<void>;
  readonly say: (line: string) => void;
}

/** Everything is shown: an unchanged resource may have lost its protection. */
const EVERY_STEP = ["--json", "--show-sames", "--show-replacement-steps", "--non-interactive"];

/** What the CLI says when another update holds the stack. */
const LOCKED = /the stack is currently locked|Conflict: Another update is currently in progress/i;

/** The step could not be done. */
export class StepError extends Error {
  override readonly name = "StepError";
}

/** @throws StepError when there is no preview to inspect */
export async function preview(deps: StepDeps, stage: string, key: string): Promise<void> {
  const document = await previewOf(deps, stage);
  await deps.keep(key, document);
  deps.say(`the preview of ${stage} has the digest ${readPreview(document).digest}`);
}

/**
 * Updates the stack, unless it or its program has moved since the inspection, or someone else holds it: then nothing is
 * done, and an empty account of it says so.
 * @throws StepError when the update fails, after its account was kept
 */
export async function apply(deps: StepDeps, stage: string, inspected: string, key: string): Promise<void> {
  const { digest } = readPreview(await previewOf(deps, stage));
  if (digest !== inspected) {
    deps.say(`nothing is done: inspected was ${inspected}, now it would be ${digest}`);
    return deps.keep(key, "");
  }
  const ended = await deps.pulumi(["up", "--stack", stage, "--yes", "--skip-preview", "--json", "--non-interactive"]);
  if (ended.status !== 0 && LOCKED.test(ended.stderr + ended.stdout)) {
    deps.say("nothing is done: another update holds the stack");
    return deps.keep(key, "");
  }
  await deps.keep(key, ended.stdout);
  if (ended.status !== 0) throw new StepError(`the update of ${stage} failed: ${tailOf(ended)}`);
  deps.say(`${stage} is updated`);
}

async function previewOf({ pulumi }: StepDeps, stage: string): Promise<string> {
  const ended = await pulumi(["preview", "--stack", stage, ...EVERY_STEP]);
  // A preview that failed is a document as well: it says why, and is refused for it.
  if (ended.stdout.trim() === "") throw new StepError(`the preview of ${stage} failed: ${tailOf(ended)}`);
  return ended.stdout;
}

function tailOf({ stderr, stdout, status }: Ended): string {
  return (stderr.trim() || stdout.trim()).slice(-2000) || `it ended with status ${status}`;
}
