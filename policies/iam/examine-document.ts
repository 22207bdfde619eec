/** Everything that is wrong with one document, or that nobody can prove right. */
import { Permissions } from "./effective/permissions";
import type { Finding } from "./finding";
import { readDocument } from "./read/document";
import { CHECKS } from "./rules";
import { escalations } from "./rules/escalation";
import type { DocumentSubject } from "./subject";

/**
 * Findings in the order of the document; none when it is fine.
 * @param document JSON text, or the object it would yield, with `Unknown` wherever a value is not known yet
 */
export function examineDocument(document: unknown, subject: DocumentSubject): readonly Finding[] {
  const { findings, document: read } = readDocument(document, subject);
  if (read === undefined) return findings;
  const permissions = new Permissions(read.kind === "identity" ? [{ document: read }] : []);
  const scene = { document: read, subject, permissions };
  return [
    ...findings,
    ...read.statements.flatMap((statement) => CHECKS.flatMap((check) => check(statement, scene))),
    ...escalations(permissions),
  ];
}
