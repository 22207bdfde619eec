/** Puts one IAM document, anybody's, to the engine. */
import { readFileSync } from "node:fs";
import { examineDocument, type DocumentKind, type Finding } from "../../policies/iam";
import { splitFix } from "../../policies/core/engine-message";
import { InputError } from "../exit";
import type { JudgedFinding, Judgement } from "./judged";

export const DOCUMENT_KINDS = ["identity", "trust", "resource"] as const satisfies readonly DocumentKind[];

/** @throws InputError when the file cannot be read; what is wrong inside it is a finding */
export function judgeDocument(file: string, kind: DocumentKind): Judgement {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError(
      `--document ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return { findings: examineDocument(text, { kind }).map((finding) => describe(finding, file)), waived: [] };
}

function describe(finding: Finding, file: string): JudgedFinding {
  const { rule, severity, statement, place, actions, message, documentation } = finding;
  const told = splitFix(message);
  return {
    rule,
    severity,
    level: "mandatory",
    resource: file,
    subject: place,
    statement: statement === undefined ? null : String(statement),
    ...(actions === undefined ? {} : { actions }),
    message: told.message,
    fix: told.fix ?? "see the page that explains it",
    url: documentation,
  };
}
