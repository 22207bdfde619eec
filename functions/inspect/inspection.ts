/**
 * What the deploy machine learns from an inspection. A state holds 256 KiB at most, so findings are told in full by the
 * evidence that is stored, and in short here.
 */
import type { InspectedChange } from "./change";
import type { Verdict } from "./judge";

/** The values of `changeSetAction` by which the machine decides. */
export const CHANGE_SET_ACTION = {
  safe: "CAN-SAFELY-UPDATE-EXISTING-STACK",
  refused: "RESOURCES-BEING-DELETED-OR-REPLACED",
} as const satisfies Record<Verdict["verdict"], string>;

export interface Inspection {
  readonly changeSetAction: (typeof CHANGE_SET_ACTION)[Verdict["verdict"]];
  readonly verdict: Verdict["verdict"];
  /** What was inspected, and must be what is executed. */
  readonly subject: string;
  readonly digest: string;
  /** Resources that the change does something to. */
  readonly changes: number;
  /** One text for people: what is refused and why. At most {@link LONGEST_SUMMARY} characters. */
  readonly summary: string;
  /** Ids of the findings, the worst first: `delete:Table`. */
  readonly findings: readonly string[];
  /** Key of everything that was looked at, and of the whole verdict. */
  readonly evidence: string;
}

export const LONGEST_SUMMARY = 1500;
const MOST_FINDINGS = 50;

export function summariseInspection(change: InspectedChange, verdict: Verdict, evidence: string): Inspection {
  return {
    changeSetAction: CHANGE_SET_ACTION[verdict.verdict],
    verdict: verdict.verdict,
    subject: verdict.subject,
    digest: verdict.digest,
    changes: change.resources.filter(({ operation }) => operation !== "none").length,
    summary: summaryOf(change, verdict),
    findings: verdict.findings.slice(0, MOST_FINDINGS).map(({ id }) => id),
    evidence,
  };
}

function summaryOf({ resources }: InspectedChange, { verdict, findings, approved, approval }: Verdict): string {
  const touched = resources.filter(({ operation }) => operation !== "none");
  if (verdict === "safe") {
    const what =
      touched.length === 0 ? "nothing changes" : touched.map(({ operation, name }) => `${operation} ${name}`);
    const by = approved.length > 0 ? ` (${approved.length} findings approved)` : "";
    return cut(`safe${by}: ${Array.isArray(what) ? what.join(", ") : what}`);
  }
  const reasons = findings.map(({ change, name, reason }) => `${change} ${name}: ${reason}`);
  const voided = approval?.state === "void" ? ` (the approval is void: ${approval.reason})` : "";
  return cut(`refused${voided}: ${reasons.join("; ")}`);
}

function cut(text: string): string {
  return text.length > LONGEST_SUMMARY ? `${text.slice(0, LONGEST_SUMMARY - 1)}…` : text;
}
