/** A document as the rules see it: every element in one form, every leaf with its place. */
import type { Leaf } from "./leaf";
import type { DocumentKind } from "./subject";

/** A leaf and where it stands, e.g. `Statement[1].Resource[0]`. */
export interface Placed {
  readonly leaf: Leaf;
  readonly place: string;
}

/** What an element lists or, in its `Not` form, what it leaves out. */
export interface Listed<T> {
  readonly not: boolean;
  readonly place: string;
  readonly values: readonly T[];
  /** True when a value of it is wholly unknown: it is not among `values`, and what it would say stays open. */
  readonly open?: boolean;
}

export type PrincipalType = "everyone" | "AWS" | "Service" | "Federated" | "CanonicalUser";

export interface Principal extends Placed {
  /** `everyone` is the bare `"*"`; `{"AWS": "*"}` is an `AWS` principal. */
  readonly type: PrincipalType;
}

/** One line of a `Condition` element. */
export interface Condition {
  /** As written, with set operator and suffix. */
  readonly operator: string;
  readonly key: string;
  readonly place: string;
  readonly values: readonly Placed[];
}

export interface Statement {
  readonly index: number;
  readonly sid?: string;
  readonly place: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Listed<Placed>;
  /** Absent when the statement is about the very resource it is attached to. */
  readonly resources?: Listed<Placed>;
  /** Absent in identity policies. */
  readonly principals?: Listed<Principal>;
  readonly conditions: readonly Condition[];
}

export interface Document {
  readonly kind: DocumentKind;
  /** Policy variables exist in version 2012-10-17 only; a document that states none is of the older one. */
  readonly variables: boolean;
  readonly statements: readonly Statement[];
}

export function idOf({ sid, index }: Statement): string | number {
  return sid ?? index;
}
