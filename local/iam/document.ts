/**
 * A policy document, read strictly: every element is one that AWS documents for the kind of policy at hand, or the
 * document is refused with the place of the first thing that is wrong. What comes out is frozen and in one form,
 * whichever of the many spellings went in.
 *
 * Facts: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
import type { Condition } from "./condition";
import { readStatement } from "./element";
import { parseJson } from "./json";
import { type PrincipalName, printPrincipalName } from "./principal-element";
import { refuse } from "./refusal";
import { readObject, readText, refuseUnknownKeys } from "./value";

/** What a document is attached to: an identity (or its boundary, or its session), a resource, or a role as its trust. */
export type DocumentKind = "identity" | "resource" | "trust";

export type Effect = "Allow" | "Deny";

/** What an element lists or, in its `Not` form, what it leaves out. */
export interface Listed<T> {
  readonly not: boolean;
  readonly values: readonly T[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: Effect;
  /** `*` or `service:Action` with wildcards. */
  readonly actions: Listed<string>;
  /** `*` or ARN patterns; absent when the statement is about the very resource it is attached to. */
  readonly resources?: Listed<string>;
  /** Absent in identity policies, present in all others. */
  readonly principals?: Listed<PrincipalName>;
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  readonly kind: DocumentKind;
  /** Policy variables exist in 2012-10-17 only; a document that states no version is of the older one. */
  readonly version: "2008-10-17" | "2012-10-17";
  readonly id?: string;
  readonly statements: readonly Statement[];
}

/**
 * Reads a document, given as JSON text or as the object that such text would yield.
 * @param source what errors call the document, e.g. `role writer / inline`
 * @throws PolicyError for the first thing that is not understood, e.g. `role writer / inline: Statement[1].Action: got
 * 7, allowed ...`
 */
export function parseDocument(input: unknown, kind: DocumentKind, source = "policy"): PolicyDocument {
  const root = readObject(typeof input === "string" ? parseJson(input, source) : input, source);
  refuseUnknownKeys(root, kind === "identity" ? ["Version", "Statement"] : ["Version", "Id", "Statement"], source);
  const version = root["Version"] ?? "2008-10-17";
  if (version !== "2008-10-17" && version !== "2012-10-17") {
    refuse(`${source}: Version`, version, '"2012-10-17" or "2008-10-17"');
  }
  const id = root["Id"] === undefined ? {} : { id: readText(root["Id"], `${source}: Id`) };
  const listed: unknown = root["Statement"];
  const statements: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  if (statements.length === 0) refuse(`${source}: Statement`, listed, "one statement or more");
  const reading = { kind, variables: version === "2012-10-17" };
  const read = statements.map((statement, index) =>
    readStatement(statement, reading, `${source}: Statement[${index}]`),
  );
  refuseRepeatedSids(read, source);
  return deepFreeze({ kind, version, ...id, statements: read });
}

function refuseRepeatedSids(statements: readonly Statement[], source: string): void {
  const sids = statements.flatMap(({ sid }) => (sid === undefined ? [] : [sid]));
  const repeated = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (repeated !== undefined) refuse(`${source}: Statement`, repeated, "each Sid once");
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

/** The document as AWS would store it: reading it back yields the same document. */
export function printDocument({ version, id, statements }: PolicyDocument): Readonly<Record<string, unknown>> {
  return { Version: version, ...(id === undefined ? {} : { Id: id }), Statement: statements.map(printStatement) };
}

function printStatement({ sid, effect, actions, resources, principals, conditions }: Statement): object {
  return {
    ...(sid === undefined ? {} : { Sid: sid }),
    Effect: effect,
    ...(principals === undefined ? {} : { [`${prefix(principals)}Principal`]: printPrincipals(principals.values) }),
    [`${prefix(actions)}Action`]: actions.values,
    ...(resources === undefined ? {} : { [`${prefix(resources)}Resource`]: resources.values }),
    ...(conditions.length === 0 ? {} : { Condition: printConditions(conditions) }),
  };
}

function prefix({ not }: Listed<unknown>): "Not" | "" {
  return not ? "Not" : "";
}

function printPrincipals(names: readonly PrincipalName[]): unknown {
  const printed = new Map<string, string[]>();
  for (const name of names) {
    const entry = printPrincipalName(name);
    if (entry === "*") return entry;
    printed.set(entry.key, [...(printed.get(entry.key) ?? []), entry.value]);
  }
  return Object.fromEntries(printed);
}

function printConditions(conditions: readonly Condition[]): object {
  const printed = new Map<string, [key: string, values: readonly string[]][]>();
  for (const { operator, key, values } of conditions) {
    printed.set(operator, [...(printed.get(operator) ?? []), [key, values]]);
  }
  return Object.fromEntries([...printed].map(([operator, tests]) => [operator, Object.fromEntries(tests)]));
}
