/** One rule looking at one resource: what it expects, and the findings where that does not hold. */
import type { Severity } from "../iam";
import type { Expectation } from "./expectation";
import type { Finding } from "./finding";
import type { Resource } from "./resource";
import type { Rule } from "./rule";
import { show, UNKNOWN, valueAt, type Properties } from "./value";

export interface Violation {
  readonly subject: string;
  readonly message: string;
  readonly verdict?: Finding["verdict"];
  readonly severity?: Severity;
  readonly check?: string;
  readonly statement?: string;
  readonly actions?: readonly string[];
  readonly fix?: string;
}

export class Examination {
  readonly findings: Finding[];

  /** @param config what the stage set for the rule */
  constructor(
    private readonly rule: Rule,
    readonly resource: Resource,
    readonly config: Properties = {},
    findings: Finding[] = [],
  ) {
    this.findings = findings;
  }

  /** The same look at another resource, e.g. at the one that holds a setting of this. */
  of(resource: Resource): Examination {
    return new Examination(this.rule, resource, this.config, this.findings);
  }

  /** Each property is judged by itself: one that is not known hides none beside it. */
  expect(path: string, expectation: Expectation): void {
    const value = valueAt(this.resource.properties, path);
    const verdict = expectation.judge(value, { resource: this.resource, path });
    if (verdict === "holds") return;
    const message = `${path} must be ${expectation.allowed}, got ${show(value)}`;
    this.violate({ subject: path, message, verdict });
  }

  violate({ subject, message, verdict = "violated", severity, check, statement, actions, fix }: Violation): void {
    this.findings.push({
      rule: this.rule.name,
      severity: severity ?? this.rule.severity,
      urn: this.resource.urn,
      subject,
      verdict,
      ...(check === undefined ? {} : { check }),
      ...(statement === undefined ? {} : { statement }),
      ...(actions === undefined ? {} : { actions }),
      message,
      fix: fix ?? this.rule.fix,
    });
  }

  /** Paths of the items of a list; a list that is not known is a finding, one that is not there is empty. */
  each(path: string): string[] {
    const value = valueAt(this.resource.properties, path);
    if (Array.isArray(value)) return value.map((_, index) => `${path}[${index}]`);
    if (value === UNKNOWN) {
      this.violate({
        subject: path,
        verdict: "unproven",
        message: `${path} is not known before deployment, so nothing in it can be judged`,
      });
    }
    return [];
  }
}
