/**
 * An exception somebody answers for: one finding at one resource, with a reason, an owner and an end. A waiver that is
 * expired, that matches nothing, or that allows more than was found is itself a finding; what is waived is still shown.
 */
import { Examination } from "./examination";
import type { Finding } from "./finding";
import { addressOf, type Resource, type Stack } from "./resource";
import type { Rule } from "./rule";

export interface Waiver {
  /** Name of the rule. */
  readonly rule: string;
  /** `type::name`, e.g. `aws:s3/bucket:Bucket::raw`. */
  readonly resource: string;
  /** The check of the IAM engine where the finding has one, else its subject: the path of a property, a pattern of resources. */
  readonly finding: string;
  /** Sid of the statement, where the finding is about one. */
  readonly statement?: string;
  /** Exactly the actions of the finding, where it is about some: another action is another finding. */
  readonly actions?: readonly string[];
  readonly reason: string;
  /** Who answers for it: an e-mail address or a team. */
  readonly owner: string;
  /** Last day on which it holds, at most a year ahead: `2027-03-31`. */
  readonly expires: string;
}

/** Days that a waiver may reach ahead. */
const LONGEST_WAIVER = 366;
const DAY = 86_400_000;

/** The waiver that covers a finding today, if any does. */
export function waiverOf(finding: Finding, resource: Resource, waivers: readonly Waiver[], now: number) {
  return waivers.find((waiver) => covers(waiver, finding, resource) && isCurrent(waiver, now));
}

export function describeWaiver({ expires, owner, reason }: Waiver): string {
  return `until ${expires} by ${owner}: ${reason}`;
}

/**
 * What is wrong with the waivers themselves.
 * @param findings everything found in the stack, waived or not
 */
export function judgeWaivers(
  rule: Rule,
  stack: Stack,
  { waivers, findings, now }: { waivers: readonly Waiver[]; findings: readonly Finding[]; now: number },
): Finding[] {
  return waivers.flatMap((waiver) => {
    const resources = stack.resources.filter((each) => addressOf(each) === waiver.resource);
    const [resource] = resources;
    // A stage without the resource has nothing to waive; a test sees to it that some stage has it.
    if (resource === undefined) return [];
    const examination = new Examination(rule, resource);
    const complain = (problem: string): void =>
      examination.violate({ subject: waiver.finding, message: `the waiver of ${waiver.rule} ${problem}` });
    for (const problem of problemsOf(waiver, now)) complain(problem);

    const covered = findings.filter((finding) => {
      const at = stack.get(finding.urn);
      return at !== undefined && covers(waiver, finding, at);
    });
    if (covered.length === 0) complain("matches no finding; remove it");
    if (resources.length > 1) complain(`covers ${resources.length} resources of that name; give them different names`);
    const found = new Set(covered.flatMap(({ actions = [] }) => actions));
    const unneeded = (waiver.actions ?? []).filter((action) => !found.has(action));
    if (covered.length > 0 && unneeded.length > 0)
      complain(`allows more than was found: remove ${unneeded.join(", ")}`);
    return examination.findings;
  });
}

function problemsOf({ reason, owner, expires, resource, actions = [] }: Waiver, now: number): string[] {
  const end = endOf(expires);
  const problems: string[] = [];
  if (reason.trim().length < 20) problems.push(`must say why in at least 20 characters, got "${reason}"`);
  if (owner.trim() === "") problems.push("must name its owner, got nothing");
  if (end === undefined) problems.push(`must expire on a day such as 2027-03-31, got "${expires}"`);
  else if (end <= now) problems.push(`expired on ${expires}; mend the finding, or renew the waiver with a new reason`);
  else if (end > now + LONGEST_WAIVER * DAY) problems.push(`must expire within a year, got ${expires}`);
  // What was found may be a pattern, and is named as it stands; nothing here is ever matched as one.
  const wild = [resource, ...actions].filter((text) => text.includes("*"));
  if (wild.length > 0) problems.push(`must name exactly what it covers, got ${wild.join(", ")}`);
  return problems;
}

function covers(waiver: Waiver, finding: Finding, resource: Resource): boolean {
  return (
    waiver.rule === finding.rule &&
    waiver.resource === addressOf(resource) &&
    waiver.finding === (finding.check ?? finding.subject) &&
    waiver.statement === finding.statement &&
    (finding.actions ?? []).every((action) => (waiver.actions ?? []).includes(action))
  );
}

function isCurrent(waiver: Waiver, now: number): boolean {
  return problemsOf(waiver, now).length === 0;
}

/** The end of a day in UTC. */
function endOf(date: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const start = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== date ? undefined : start + DAY;
}
