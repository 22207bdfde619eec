/**
 * EventBridge tells when an action ends without the function being asked: abandoned, superseded, timed out. Its execution
 * must not go on deploying then.
 */
import * as z from "zod";

const actionStateChange = z.object({
  source: z.literal("aws.codepipeline"),
  "detail-type": z.literal("CodePipeline Action Execution State Change"),
  detail: z.object({
    state: z.enum(["ABANDONED", "FAILED"]),
    "execution-result": z.object({ "external-execution-id": z.string().min(1) }),
  }),
});

/** The execution to stop, or nothing when the event is something else. */
export function readStop(event: unknown): { readonly execution: string; readonly cause: string } | undefined {
  const read = actionStateChange.safeParse(event);
  if (!read.success) return undefined;
  const { state, "execution-result": result } = read.data.detail;
  return { execution: result["external-execution-id"], cause: `the deploy action was ${state.toLowerCase()}` };
}
