/** Everything that is wrong with one document, or that nobody can prove right. */
import type { Finding } from "./finding";
import { JsonError, readJson } from "./json";
import { Unknown } from "./leaf";
import type { DocumentSubject } from "./subject";

const GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";

/**
 * Findings in the order of the document; none when it is fine.
 * @param document JSON text, or the object it would yield, with {@link Unknown} wherever a value is not known yet
 */
export function examineDocument(document: unknown, subject: DocumentSubject): readonly Finding[] {
  const grammar = (rule: string, place: string, message: string): Finding => ({
    rule,
    severity: "high",
    verdict: "violated",
    place,
    message,
    documentation: GRAMMAR,
  });
  if (document instanceof Unknown) {
    return [{ ...grammar("unproven", "", "the document is not known yet"), verdict: "unproven" }];
  }
  if (typeof document !== "string") return [];
  try {
    return readJson(document).repeated.map((place) =>
      grammar("duplicate-key", place, `${place}: the key stands twice in a ${subject.kind} policy; write it once`),
    );
  } catch (error) {
    if (error instanceof JsonError) return [grammar("document-unreadable", error.place, error.message)];
    throw error;
  }
}
