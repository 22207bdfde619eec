/** A rule as data, and how it reports. What a rule looks for stands beside it in `rules/`. */
import type { Finding, Severity, StatementId } from "./finding";

export interface Rule {
  /** Kebab-case, stable: waivers and reports name it. */
  readonly id: string;
  readonly severity: Severity;
  /** What it catches, in one clause. */
  readonly catches: string;
  /** Why that matters, in one sentence. */
  readonly why: string;
  readonly documentation: string;
}

/** A page of the IAM User Guide by its name. */
export function userGuide(page: string): string {
  return `https://docs.aws.amazon.com/IAM/latest/UserGuide/${page}.html`;
}

/** What is particular to one finding of a rule. */
export interface Detail {
  readonly place: string;
  readonly statement?: StatementId;
  readonly actions?: readonly string[];
  readonly resource?: string;
  /** What is wrong here, e.g. `s3:GetObject is allowed on every resource`. */
  readonly what: string;
  /** What to write instead. */
  readonly fix: string;
  /** Where this case is graver or milder than the rule. */
  readonly severity?: Severity;
  readonly verdict?: Finding["verdict"];
}

export function find(rule: Rule, { what, fix, severity, verdict = "violated", actions, ...where }: Detail): Finding {
  return {
    rule: rule.id,
    severity: severity ?? rule.severity,
    verdict,
    ...where,
    ...(actions === undefined ? {} : { actions: [...new Set(actions)].sort() }),
    message: `${what}. ${rule.why} Fix: ${fix}.`,
    documentation: rule.documentation,
  };
}
