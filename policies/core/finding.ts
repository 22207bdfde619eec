/** What a rule says about a resource, and the text in which it travels through the engine to whoever shows it. */
import type { Severity } from "../iam";

export interface Finding {
  /** Name of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** URN of the resource at fault. */
  readonly urn: string;
  /** What of the resource it is about: the path of a property, or of an element of its document. */
  readonly subject: string;
  /** The check of the IAM engine, where a rule puts a document to it. */
  readonly check?: string;
  /** `unproven`: what decides is not known before deployment, and nothing that is known settles it. */
  readonly verdict: "violated" | "unproven";
  /** Sid or index of the statement it is about. */
  readonly statement?: string;
  /** The actions it is about, sorted. */
  readonly actions?: readonly string[];
  /** What is wrong: got and allowed. */
  readonly message: string;
  readonly fix: string;
}

/** The parts of a finding that only travel as text. */
export interface Told {
  readonly message: string;
  readonly subject: string;
  readonly check?: string;
  readonly statement?: string;
  readonly actions?: readonly string[];
  readonly fix: string;
  /** Who accepted it, until when, and why. */
  readonly waived?: string;
}

const LABELS = ["subject", "check", "statement", "actions", "fix", "waived"] as const;

type Label = (typeof LABELS)[number];

/** The message, then one labelled line for each further part. */
export function toText({ message, subject, check, statement, actions, fix, waived }: Told): string {
  const parts: Record<Label, string | undefined> = {
    subject,
    check,
    statement,
    actions: actions?.join(" "),
    fix,
    waived,
  };
  const lines = LABELS.flatMap((label) => (parts[label] === undefined ? [] : [`${label}: ${oneLine(parts[label])}`]));
  return [oneLine(message), ...lines].join("\n");
}

/** Reads {@link toText} back. @throws Error on a text of another form */
export function fromText(text: string): Told {
  const [message = "", ...lines] = text.split("\n");
  const parts: Partial<Record<Label, string>> = {};
  for (const line of lines) {
    const label = LABELS.find((each) => line.startsWith(`${each}: `));
    if (label === undefined) throw new Error(`a finding's line must begin with ${LABELS.join(", ")}, got: ${line}`);
    parts[label] = line.slice(label.length + 2);
  }
  const { subject, check, statement, actions, fix, waived } = parts;
  if (subject === undefined || fix === undefined)
    throw new Error(`a finding must have a subject and a fix, got: ${text}`);
  return {
    message,
    subject,
    ...(check === undefined ? {} : { check }),
    ...(statement === undefined ? {} : { statement }),
    ...(actions === undefined ? {} : { actions: actions.split(" ") }),
    fix,
    ...(waived === undefined ? {} : { waived }),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
