/** The verdict on a change: safe only where nothing speaks against it, or every finding is approved. */
import { type ApprovalOutcome, checkApproval, type SubmittedApproval } from "./approval";
import type { Engine, InspectedChange } from "./change";
import { findCascades } from "./findings/cascade";
import { findDeletions } from "./findings/deletion";
import { findDoubts } from "./findings/doubt";
import { type Draft, type Finding, FINDING_KINDS, Scene } from "./findings/finding";
import { findLossyUpdates } from "./findings/lossy";
import { findMassChange } from "./findings/mass";
import { findDroppedProtections } from "./findings/protection";
import { findProviderChanges } from "./findings/provider";
import { findReplacements } from "./findings/replacement";
import { findWeakenedPolicies } from "./findings/weakened";
import { DEFAULT_POLICY, type GuardPolicy } from "./guard-policy";

export interface Verdict {
  readonly verdict: "safe" | "refused";
  readonly engine: Engine;
  /** What was inspected: the ARN of the change set, or project and stack. */
  readonly subject: string;
  /** Names the inspected change: what is executed must have the same. */
  readonly digest: string;
  /** What speaks against it; empty when it is safe. */
  readonly findings: readonly Finding[];
  /** What an approval accepted. */
  readonly approved: readonly Finding[];
  /** What became of the approval, where one was handed in. */
  readonly approval?: ApprovalOutcome;
  readonly resources: number;
  /** What an input of this kind cannot show. */
  readonly notes: readonly string[];
}

const FINDERS: readonly ((scene: Scene) => Draft[])[] = [
  findDoubts,
  findDeletions,
  findReplacements,
  findCascades,
  findLossyUpdates,
  findDroppedProtections,
  findWeakenedPolicies,
  findProviderChanges,
  findMassChange,
];

/**
 * Judges a change. The same change, in whatever order it was written down, has the same verdict, findings and digest.
 */
export function judge(
  change: InspectedChange,
  policy: GuardPolicy = DEFAULT_POLICY,
  submitted?: SubmittedApproval,
): Verdict {
  const scene = new Scene(change, policy);
  const findings = identify(FINDERS.flatMap((find) => find(scene)));
  const approval = submitted === undefined ? undefined : checkApproval(submitted, change.digest, findings);
  const accepted = new Set(approval?.state === "accepted" ? approval.approval.findings : []);
  const open = findings.filter(({ id }) => !accepted.has(id));
  return {
    verdict: open.length === 0 ? "safe" : "refused",
    engine: change.engine,
    subject: change.subject,
    digest: change.digest,
    findings: open,
    approved: findings.filter(({ id }) => accepted.has(id)),
    ...(approval === undefined ? {} : { approval }),
    resources: change.resources.length,
    notes: change.notes,
  };
}

/** In the order of resources, worst first, each with an id of its own: `delete:Table`, `lossy-update:Stream#ShardCount`. */
function identify(drafts: readonly Draft[]): Finding[] {
  const sorted = drafts
    .map((draft) => ({ draft, key: `${draft.resource}\n${rankOf(draft)}\n${draft.property ?? ""}\n${draft.reason}` }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const times = new Map<string, number>();
  return sorted.map(({ draft }) => {
    const base = `${draft.change}:${draft.resource}${draft.property === undefined ? "" : `#${draft.property}`}`;
    const time = (times.get(base) ?? 0) + 1;
    times.set(base, time);
    return { id: time === 1 ? base : `${base}~${time}`, ...draft };
  });
}

function rankOf({ change }: Draft): string {
  return String(FINDING_KINDS.indexOf(change)).padStart(2, "0");
}
