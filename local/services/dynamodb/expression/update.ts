/** What an update expression means, and the item it makes of another. Every operand is the value from before the update. */
import type { AwsError } from "../../service";
import { invalidRequest } from "../refusal";
import type { AttributeValue, Item } from "../value/attribute-value";
import { addDecimals, negateDecimal, parseDecimal, renderDecimal } from "../value/decimal";
import { valueAt, type DocumentPath } from "../value/document-path";
import { editItem, PathTree, type Edit } from "../value/path-tree";
import type { PathOperand, ValueOperand } from "./reader";

export type Term =
  | PathOperand
  | ValueOperand
  | { readonly kind: "if_not_exists"; readonly path: DocumentPath; readonly otherwise: Term }
  | { readonly kind: "list_append"; readonly left: Term; readonly right: Term }
  | { readonly kind: "+" | "-"; readonly left: Term; readonly right: Term };

/** A value that can be added to what is there, or taken out of it: a number or a set. */
export type Amount = { readonly N: string } | SetValue;
export type SetValue =
  { readonly SS: readonly string[] } | { readonly NS: readonly string[] } | { readonly BS: readonly string[] };

export type Action =
  | { readonly kind: "SET"; readonly path: DocumentPath; readonly term: Term }
  | { readonly kind: "REMOVE"; readonly path: DocumentPath }
  | { readonly kind: "ADD"; readonly path: DocumentPath; readonly amount: Amount }
  | { readonly kind: "DELETE"; readonly path: DocumentPath; readonly members: SetValue };

export interface Update {
  readonly actions: readonly Action[];
  /** The places that the update writes. */
  readonly places: PathTree<true>;
  /** Top-level attributes that the update speaks of. */
  readonly attributes: ReadonlySet<string>;
}

/**
 * The item after the update; nothing when there was none and the update only takes away.
 * @param key what an item consists of that the update creates
 * @throws AwsError when a place or an operand does not fit the item
 */
export function updatedItem(item: Item | undefined, key: Item, { actions }: Update): Item | undefined {
  if (item === undefined && actions.length > 0 && actions.every(({ kind }) => kind === "REMOVE" || kind === "DELETE")) {
    return undefined;
  }
  const before = item ?? key;
  // What is to go from an item that does not exist need not have had a place there.
  const effective = item === undefined ? actions.filter(({ kind }) => kind !== "REMOVE") : actions;
  const edits = effective.map((action): [DocumentPath, Edit] => [action.path, editOf(action, before)]);
  return editItem(before, new PathTree(edits), misplaced);
}

function editOf(action: Action, before: Item): Edit {
  switch (action.kind) {
    case "SET": {
      const value = evaluate(action.term, before);
      return () => value;
    }
    case "REMOVE":
      return () => undefined;
    case "ADD":
      return (value) => added(value, action.amount);
    case "DELETE":
      return (value) => without(value, action.members);
  }
}

function evaluate(term: Term, before: Item): AttributeValue {
  switch (term.kind) {
    case "value":
      return term.value;
    case "path": {
      const value = valueAt(before, term.path);
      if (value !== undefined) return value;
      throw invalidRequest("The provided expression refers to an attribute that does not exist in the item");
    }
    case "if_not_exists":
      return valueAt(before, term.path) ?? evaluate(term.otherwise, before);
    case "list_append":
      return { L: [...listOf(evaluate(term.left, before)), ...listOf(evaluate(term.right, before))] };
    case "+":
    case "-":
      return sum(evaluate(term.left, before), evaluate(term.right, before), term.kind);
  }
}

function sum(left: AttributeValue, right: AttributeValue, operator: "+" | "-"): AttributeValue {
  if (!("N" in left) || !("N" in right)) throw wrongType();
  const term = parseDecimal(right.N);
  return { N: renderDecimal(addDecimals(parseDecimal(left.N), operator === "+" ? term : negateDecimal(term))) };
}

function added(value: AttributeValue | undefined, amount: Amount): AttributeValue {
  if (value === undefined) return amount;
  if ("N" in amount) return sum(value, amount, "+");
  if ("SS" in amount && "SS" in value) return { SS: union(value.SS, amount.SS) };
  if ("NS" in amount && "NS" in value) return { NS: union(value.NS, amount.NS) };
  if ("BS" in amount && "BS" in value) return { BS: union(value.BS, amount.BS) };
  throw wrongType();
}

/** A set without its last member is no attribute any more. */
function without(value: AttributeValue | undefined, members: SetValue): AttributeValue | undefined {
  if (value === undefined) return undefined;
  if ("SS" in members && "SS" in value) return whenFilled({ SS: difference(value.SS, members.SS) });
  if ("NS" in members && "NS" in value) return whenFilled({ NS: difference(value.NS, members.NS) });
  if ("BS" in members && "BS" in value) return whenFilled({ BS: difference(value.BS, members.BS) });
  throw wrongType();
}

function whenFilled(set: SetValue): SetValue | undefined {
  const [members] = Object.values(set);
  return members?.length === 0 ? undefined : set;
}

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])];
}

function difference(left: readonly string[], right: readonly string[]): readonly string[] {
  const gone = new Set(right);
  return left.filter((member) => !gone.has(member));
}

function listOf(value: AttributeValue): readonly AttributeValue[] {
  if ("L" in value) return value.L;
  throw wrongType();
}

function wrongType(): AwsError {
  return invalidRequest("An operand in the update expression has an incorrect data type");
}

function misplaced(): AwsError {
  return invalidRequest("The document path provided in the update expression is invalid for update");
}
