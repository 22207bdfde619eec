/** Collects what is wrong while a document is read: reading goes on, so that one mistake does not hide the next. */
import type { Finding, StatementId } from "../finding";
import { find, type Rule } from "../rule";
import { MALFORMED_ELEMENT, MISSING_ELEMENT, UNKNOWN_ELEMENT, UNPROVEN } from "../rules/grammar";

export class Problems {
  readonly findings: Finding[] = [];
  /** The statement that is being read. */
  statement: StatementId | undefined;

  report(rule: Rule, place: string, what: string, fix: string): void {
    const where = this.statement === undefined ? { place } : { place, statement: this.statement };
    this.findings.push(find(rule, { ...where, what, fix, verdict: rule === UNPROVEN ? "unproven" : "violated" }));
  }

  malformed(place: string, got: unknown, allowed: string): undefined {
    this.report(MALFORMED_ELEMENT, place, `${named(place)} is ${show(got)}`, `write ${allowed}`);
    return undefined;
  }

  missing(place: string, fix: string): undefined {
    this.report(MISSING_ELEMENT, place, `${named(place)} is missing`, fix);
    return undefined;
  }

  unknown(place: string, allowed: readonly string[]): void {
    this.report(UNKNOWN_ELEMENT, place, `${named(place)} is no element here`, `use only ${allowed.join(", ")}`);
  }
}

function named(place: string): string {
  return place === "" ? "the document" : place;
}

export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
