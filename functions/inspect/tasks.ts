/** What the deploy machine asks of this function. A task that is not one of these is refused by name. */
import * as z from "zod";

const name = z.string().min(1);
const evidence = name.describe("key under which everything that is looked at is stored");
/** Key of the approval artefact; one that is not there is no approval. */
const approval = name.optional();

const task = z.discriminatedUnion("task", [
  z.strictObject({ task: z.literal("check-change-set"), changeSet: name }),
  z.strictObject({ task: z.literal("inspect-change-set"), changeSet: name, evidence, approval }),
  z.strictObject({ task: z.literal("confirm-change-set"), changeSet: name, digest: name }),
  z.strictObject({ task: z.literal("compare-change-set"), stack: name, request: name, evidence }),
  z.strictObject({ task: z.literal("explain-stack"), stack: name, request: name }),
  z.strictObject({ task: z.literal("inspect-preview"), preview: name, evidence, approval }),
  z.strictObject({ task: z.literal("compare-update"), update: name, evidence }),
]);

export type InspectTask = z.infer<typeof task>;
export type TaskOf<Name extends InspectTask["task"]> = Extract<InspectTask, { task: Name }>;

/** @throws Error naming what is wrong with the task */
export function readTask(event: unknown): InspectTask {
  const read = task.safeParse(event);
  if (read.success) return read.data;
  throw new Error(`no task of the guard: ${z.prettifyError(read.error)}`);
}
