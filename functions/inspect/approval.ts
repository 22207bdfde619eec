/**
 * Approvals are artefacts: they name the digest of the change that was looked at, the findings that are accepted, why, by
 * whom and until when. One that does not fit in every point is void as a whole. Findings of kind `unknown` cannot be
 * approved: nobody can answer for what nobody can see.
 */
import * as z from "zod";
import { excerptOf, listOf } from "./change-input-error";
import type { Finding } from "./findings/finding";

export interface Approval {
  readonly version: 1;
  readonly digest: string;
  /** Ids of the findings that are accepted. */
  readonly findings: readonly string[];
  readonly reason: string;
  readonly approver: string;
  /** ISO 8601 with a zone: from then on it is void. */
  readonly expires: string;
}

/** An approval as it was handed in, and the moment at which it is to hold. */
export interface SubmittedApproval {
  readonly artefact: unknown;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type ApprovalOutcome =
  { readonly state: "accepted"; readonly approval: Approval } | { readonly state: "void"; readonly reason: string };

const words = z.string().refine((text) => text.trim() !== "", "must not be blank");
const shape = z.strictObject({
  version: z.literal(1),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  findings: z.array(z.string().min(1)).min(1),
  reason: words,
  approver: words,
  expires: z.iso.datetime({ offset: true }),
});

export function checkApproval(
  { artefact, now }: SubmittedApproval,
  digest: string,
  findings: readonly Finding[],
): ApprovalOutcome {
  const read = shape.safeParse(artefact);
  if (!read.success) {
    const issue = read.error.issues[0];
    const where = (issue?.path ?? []).map(String).join(".");
    return { state: "void", reason: `${where === "" ? "the approval" : where}: ${issue?.message ?? "another shape"}` };
  }
  const approval = read.data;
  if (approval.digest !== digest) {
    return {
      state: "void",
      reason: `it is for ${approval.digest}, and the change is ${digest}: look at the change again`,
    };
  }
  if (!(Date.parse(approval.expires) > now)) return { state: "void", reason: `it expired at ${approval.expires}` };
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const strange = approval.findings.filter((id) => !byId.has(id));
  if (strange.length > 0) {
    return {
      state: "void",
      reason: `it names findings that the change does not have: ${listOf(strange.map(excerptOf))}`,
    };
  }
  const unknown = approval.findings.filter((id) => byId.get(id)?.change === "unknown");
  if (unknown.length > 0) {
    return { state: "void", reason: `it accepts what is unknown, which nobody can: ${listOf(unknown.map(excerptOf))}` };
  }
  return { state: "accepted", approval };
}
