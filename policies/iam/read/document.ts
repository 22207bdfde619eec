/**
 * From input to the form the rules see. Whatever the grammar does not allow becomes a finding with its place; the rest
 * of the document is read all the same.
 *
 * Facts: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM and AWS STS quotas".
 */
import type { Document, Statement } from "../document";
import type { Finding } from "../finding";
import { JsonError, readJson } from "../json";
import { Unknown } from "../leaf";
import {
  DUPLICATE_KEY,
  ON_USER,
  OVERSIZED,
  REPEATED_SID,
  REPEATED_VALUE,
  UNPROVEN,
  UNREADABLE,
  VERSIONLESS,
} from "../rules/grammar";
import type { DocumentSubject } from "../subject";
import { isObject } from "./element";
import { Problems } from "./problems";
import { readStatement } from "./statement";

export interface Reading {
  /** Absent when there is nothing a rule could judge. */
  readonly document?: Document;
  readonly findings: readonly Finding[];
}

export function readDocument(input: unknown, subject: DocumentSubject): Reading {
  const problems = new Problems();
  const root = readRoot(input, problems);
  const document = root && readElements(root, subject, problems);
  if (document !== undefined) reviewSize(input, document, subject, problems);
  return { ...(document === undefined ? {} : { document }), findings: problems.findings };
}

function readRoot(input: unknown, problems: Problems): Readonly<Record<string, unknown>> | undefined {
  const fix = 'write one JSON object with "Version" and "Statement"';
  if (input instanceof Unknown) {
    problems.report(
      UNPROVEN,
      "",
      "the whole document is not known yet",
      "pass its statements structured, with a declared pattern for each unknown value",
    );
    return undefined;
  }
  const value = typeof input === "string" ? readText(input, problems) : input;
  if (value === UNREAD) return undefined;
  if (isObject(value)) return value;
  problems.report(
    UNREADABLE,
    "",
    `the document is ${Array.isArray(value) ? "a list" : (JSON.stringify(value) ?? "nothing")}`,
    fix,
  );
  return undefined;
}

const UNREAD = Symbol("unread");

function readText(text: string, problems: Problems): unknown {
  const fix = 'write one JSON object with "Version" and "Statement"';
  if (text.trim() === "") {
    problems.report(UNREADABLE, "", "the document is empty", fix);
    return UNREAD;
  }
  try {
    const { value, repeated } = readJson(text);
    for (const place of repeated) {
      problems.report(DUPLICATE_KEY, place, `${place} stands twice in its object`, "keep the one that is meant");
    }
    return value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    problems.report(
      UNREADABLE,
      error.place,
      `the document is no JSON: ${error.message}`,
      "close and quote what is open there",
    );
    return UNREAD;
  }
}

const VERSIONS = ["2012-10-17", "2008-10-17"];

function readElements(
  root: Readonly<Record<string, unknown>>,
  { kind }: DocumentSubject,
  problems: Problems,
): Document | undefined {
  const known = ["Version", "Id", "Statement"];
  for (const key of Object.keys(root)) if (!known.includes(key)) problems.unknown(key, known);
  const version = root["Version"];
  if (version !== undefined && !VERSIONS.some((one) => one === version)) {
    problems.malformed("Version", version, '"2012-10-17"');
  }
  if (version === undefined) {
    problems.report(VERSIONLESS, "Version", "the document states no version", 'write "Version": "2012-10-17"');
  }
  if (root["Id"] !== undefined && typeof root["Id"] !== "string") problems.malformed("Id", root["Id"], "a string");
  const listed = root["Statement"];
  if (listed === undefined) return problems.missing("Statement", "write one statement or more");
  const single = !Array.isArray(listed);
  const inputs: readonly unknown[] = single ? [listed] : (listed as readonly unknown[]);
  if (inputs.length === 0) return problems.malformed("Statement", [], "one statement or more");
  const variables = version === "2012-10-17";
  const statements = inputs.flatMap((input, index) => {
    const place = single ? "Statement" : `Statement[${index}]`;
    const statement = readStatement(input, { kind, variables, index, place }, problems);
    return statement === undefined ? [] : [statement];
  });
  problems.statement = undefined;
  reviewRepetition(statements, inputs, kind !== "resource", problems);
  return { kind, variables, statements };
}

function reviewRepetition(
  statements: readonly Statement[],
  inputs: readonly unknown[],
  strict: boolean,
  problems: Problems,
): void {
  const sids = new Set<string>();
  const bodies = new Set<string>();
  for (const { sid, place, index } of statements) {
    if (strict && sid !== undefined && sids.has(sid)) {
      problems.report(REPEATED_SID, `${place}.Sid`, `the Sid ${sid} stands twice`, "give each statement its own");
    }
    if (sid !== undefined) sids.add(sid);
    const body = JSON.stringify({ ...(inputs[index] as object), Sid: undefined });
    if (bodies.has(body)) {
      problems.report(REPEATED_VALUE, place, "the statement repeats an earlier one", "keep one of them");
    }
    bodies.add(body);
  }
}

const LIMITS = {
  managed: 6144,
  "role-inline": 10_240,
  "user-inline": 2048,
  "group-inline": 5120,
  trust: 4096,
} as const;
/** Characters, blanks included, as each service counts. */
const RESOURCE_LIMITS: Readonly<Record<string, number>> = {
  s3: 20_480,
  sqs: 8192,
  sns: 30_720,
  kms: 32_768,
  lambda: 20_480,
  ecr: 10_240,
  secretsmanager: 20_480,
  events: 10_240,
};

/** IAM does not count blanks between elements; what is not known yet counts nothing. */
function reviewSize(input: unknown, document: Document, subject: DocumentSubject, problems: Problems): void {
  const { kind, attachment = "managed", resourceType = serviceOf(document) } = subject;
  const value = typeof input === "string" ? readJson(input).value : input;
  const length = kind === "resource" && typeof input === "string" ? input.length : JSON.stringify(value).length;
  const limit =
    kind === "identity" ? LIMITS[attachment] : kind === "trust" ? LIMITS.trust : RESOURCE_LIMITS[resourceType];
  if (limit !== undefined && length > limit) {
    problems.report(
      OVERSIZED,
      "",
      `the document has ${length} characters, ${limit} are allowed`,
      "split it, or say less: wildcards only where they are safe",
    );
  }
  if (attachment === "user-inline" && kind === "identity") {
    problems.report(ON_USER, "", "the policy is attached to a user", "attach it to a role or a group");
  }
}

/** A resource policy speaks of the actions of its own service. */
function serviceOf({ statements }: Document): string {
  const action = statements[0]?.actions.values[0]?.leaf;
  return typeof action === "string" ? action.slice(0, Math.max(action.indexOf(":"), 0)).toLowerCase() : "";
}
