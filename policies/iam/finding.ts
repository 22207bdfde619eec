/** What the engine says about a document: one finding for one thing that is wrong, or that nobody can prove right. */

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;

export type Severity = (typeof SEVERITIES)[number];

/** A statement by its Sid, else by its index in the document. */
export type StatementId = string | number;

export interface Finding {
  /** Kebab-case id of the rule, as `docs/iam-rules.md` lists it, e.g. `write-unscoped`. */
  readonly rule: string;
  readonly severity: Severity;
  /** `unproven`: a value that decides is not known yet, and nothing declared about it settles the question. */
  readonly verdict: "violated" | "unproven";
  /** The document at fault among several, e.g. `inline`, `trust`; absent when only one was examined. */
  readonly source?: string;
  /** Absent when the finding is about the document as a whole. */
  readonly statement?: StatementId;
  /** Path of the offending element inside its document, e.g. `Statement[1].Resource[0]`; empty for the document itself. */
  readonly place: string;
  /** The actions it is about, spelled as AWS does, sorted: a waiver names these exactly. */
  readonly actions?: readonly string[];
  /** The resource or principal it is about, as the document writes it. */
  readonly resource?: string;
  /** What is wrong, why that matters, and what to write instead. */
  readonly message: string;
  /** Address of the page that explains it. */
  readonly documentation: string;
}
