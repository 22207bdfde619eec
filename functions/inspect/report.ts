/** A verdict for people: one line that says it, then each resource with what speaks against it. */
import type { Finding } from "./findings/finding";
import type { Verdict } from "./judge";

export function renderVerdict(verdict: Verdict): string {
  const { findings, approved, approval, notes } = verdict;
  const lines = [headline(verdict), `  ${verdict.subject}`, `  digest ${verdict.digest}`];
  if (approval?.state === "void") lines.push(`  the approval is void: ${approval.reason}`);
  if (approval?.state === "accepted") {
    const { approver, expires, reason } = approval.approval;
    lines.push(`  approved by ${approver} until ${expires}: ${reason}`);
  }
  lines.push(...renderFindings(findings));
  if (approved.length > 0) lines.push("", "approved:", ...approved.map(({ id }) => `  ${id}`));
  if (notes.length > 0) lines.push("", ...notes.map((note) => `note: ${note}`));
  return lines.join("\n");
}

function headline({ verdict, engine, resources, findings, approved }: Verdict): string {
  const among = `${count(resources, "resource")} (${engine})`;
  if (verdict === "safe") return approved.length > 0 ? `safe by approval: ${among}` : `safe: ${among}`;
  return `refused: ${count(findings.length, "finding")} in ${among}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function renderFindings(findings: readonly Finding[]): string[] {
  const byResource = new Map<string, Finding[]>();
  for (const finding of findings) {
    const known = byResource.get(finding.resource);
    if (known === undefined) byResource.set(finding.resource, [finding]);
    else known.push(finding);
  }
  return [...byResource.values()].flatMap((own) => ["", heading(own[0]), ...own.map(renderFinding)]);
}

function heading(finding: Finding | undefined): string {
  if (finding === undefined) return "";
  const { name, type, resource } = finding;
  return name === type ? `the whole ${type}` : `${name}  ${type}${resource === name ? "" : `\n  ${resource}`}`;
}

function renderFinding({ id, change, reason, fix }: Finding): string {
  return `  ${change}: ${reason}. Fix: ${fix}. [${id}]`;
}
