/**
 * For tests only: the form of a labelled document. Each was written for this corpus from what public documentation and
 * the test suites of public tools show to be right or wrong; its label was given before the engine saw it.
 */
import type { DocumentKind } from "../subject";

export interface Labelled {
  /** What the document does, in words. */
  readonly name: string;
  readonly label: "bad" | "clean";
  readonly kind: DocumentKind;
  readonly document: unknown;
}

export type Json = Readonly<Record<string, unknown>>;
type OneOrMore = string | readonly string[];

export function bad(name: string, document: Omit<Labelled, "name" | "label">): Labelled {
  return { name, label: "bad", ...document };
}

export function clean(name: string, document: Omit<Labelled, "name" | "label">): Labelled {
  return { name, label: "clean", ...document };
}

export function identity(...statements: readonly Json[]): Omit<Labelled, "name" | "label"> {
  return { kind: "identity", document: whole(statements) };
}

export function trust(...statements: readonly Json[]): Omit<Labelled, "name" | "label"> {
  return { kind: "trust", document: whole(statements) };
}

export function resource(...statements: readonly Json[]): Omit<Labelled, "name" | "label"> {
  return { kind: "resource", document: whole(statements) };
}

/** A document as its author typed it. */
export function text(kind: DocumentKind, document: string): Omit<Labelled, "name" | "label"> {
  return { kind, document };
}

export function allow(Action: OneOrMore, Resource: OneOrMore, Condition?: Json): Json {
  return { Effect: "Allow", Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

export function deny(Action: OneOrMore, Resource: OneOrMore, Condition?: Json): Json {
  return { ...allow(Action, Resource, Condition), Effect: "Deny" };
}

/** A statement of a trust policy. */
export function lets(Principal: unknown, Condition?: Json, Action: OneOrMore = "sts:AssumeRole"): Json {
  return { Effect: "Allow", Principal, Action, ...(Condition === undefined ? {} : { Condition }) };
}

/** A statement of a resource policy. */
export function grants(Principal: unknown, Action: OneOrMore, Resource: OneOrMore, Condition?: Json): Json {
  return { ...allow(Action, Resource, Condition), Principal };
}

export function refuses(Principal: unknown, Action: OneOrMore, Resource: OneOrMore, Condition?: Json): Json {
  return { ...deny(Action, Resource, Condition), Principal };
}

export function service(name: string): Json {
  return { Service: `${name}.amazonaws.com` };
}

function whole(statements: readonly Json[]): Json {
  return { Version: "2012-10-17", Statement: statements };
}
