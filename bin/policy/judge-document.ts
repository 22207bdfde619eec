/** Puts one IAM document, anybody's, to the engine. */
import { readFileSync } from "node:fs";
import { examineDocument, type DocumentKind, type DocumentSubject, type Finding } from "../../policies/iam";
import { splitFix } from "../../policies/core/engine-message";
import { InputError } from "../exit";
import type { JudgedFinding, Judgement } from "./judged";

export const DOCUMENT_KINDS = ["identity", "trust", "resource"] as const satisfies readonly DocumentKind[];

/** What the command is told about a document. */
export interface DocumentOptions {
  /** @default "identity" */
  readonly as?: DocumentKind;
  readonly account?: string;
  readonly knownAccounts?: readonly string[];
}

/** @throws InputError when an account is none, or the file cannot be read; what is wrong inside it is a finding */
export function judgeDocument(file: string, options: DocumentOptions = {}): Judgement {
  const subject = subjectOf(options);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError(
      `--document ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return { findings: examineDocument(text, subject).map((finding) => describe(finding, file)), waived: [] };
}

function subjectOf({ as: kind = "identity", account, knownAccounts }: DocumentOptions): DocumentSubject {
  return {
    kind,
    ...(account === undefined ? {} : { account: readAccount("--account", account) }),
    ...(knownAccounts === undefined
      ? {}
      : {
          knownAccounts: knownAccounts
            .flatMap((ids) => ids.split(","))
            .map((id) => readAccount("--known-accounts", id)),
        }),
  };
}

function readAccount(option: string, text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  const fix = "aws sts get-caller-identity --query Account prints one's own";
  throw new InputError(`${option}: got "${text}", allowed the 12 digits of an AWS account (${fix})`);
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
