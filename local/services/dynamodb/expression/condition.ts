/** What a condition or filter means, and whether an item meets it. */
import { areEqual, compareValues, contains, sizeOf, startsWith } from "../value/comparison";
import { typeOf, type AttributeValue, type Item, type ValueType } from "../value/attribute-value";
import { valueAt, type DocumentPath } from "../value/document-path";
import type { PathOperand, ValueOperand } from "./reader";

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type Operand = PathOperand | ValueOperand | { readonly kind: "size"; readonly of: PathOperand | ValueOperand };

export type Test =
  | { readonly kind: "and" | "or"; readonly left: Test; readonly right: Test }
  | { readonly kind: "not"; readonly test: Test }
  | { readonly kind: "compare"; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: "between"; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: "in"; readonly operand: Operand; readonly choices: readonly Operand[] }
  | { readonly kind: "exists"; readonly path: DocumentPath; readonly expected: boolean }
  | { readonly kind: "type"; readonly operand: Operand; readonly type: ValueType }
  | { readonly kind: "begins_with" | "contains"; readonly whole: Operand; readonly part: Operand };

export interface Condition {
  readonly test: Test;
  /** Top-level attributes that the condition speaks of. */
  readonly attributes: ReadonlySet<string>;
}

/** Whether the item meets the condition; an item that does not exist has no attributes. */
export function meets(item: Item | undefined, { test }: Condition): boolean {
  return holds(test, item ?? {});
}

/** What lacks a value is not equal to anything, and neither smaller nor larger. */
function holds(test: Test, item: Item): boolean {
  switch (test.kind) {
    case "and":
      return holds(test.left, item) && holds(test.right, item);
    case "or":
      return holds(test.left, item) || holds(test.right, item);
    case "not":
      return !holds(test.test, item);
    case "compare":
      return compares(test.comparator, resolve(test.left, item), resolve(test.right, item));
    case "between": {
      const value = resolve(test.operand, item);
      return compares(">=", value, resolve(test.low, item)) && compares("<=", value, resolve(test.high, item));
    }
    case "in": {
      const value = resolve(test.operand, item);
      return test.choices.some((choice) => compares("=", value, resolve(choice, item)));
    }
    case "exists":
      return (valueAt(item, test.path) !== undefined) === test.expected;
    case "type": {
      const value = resolve(test.operand, item);
      return value !== undefined && typeOf(value) === test.type;
    }
    case "begins_with":
      return together(test.whole, test.part, item, startsWith);
    case "contains":
      return together(test.whole, test.part, item, contains);
  }
}

function compares(
  comparator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  if (comparator === "<>") return !compares("=", left, right);
  if (left === undefined || right === undefined) return false;
  if (comparator === "=") return areEqual(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  switch (comparator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

function together(
  left: Operand,
  right: Operand,
  item: Item,
  relation: (left: AttributeValue, right: AttributeValue) => boolean,
): boolean {
  const [one, other] = [resolve(left, item), resolve(right, item)];
  return one !== undefined && other !== undefined && relation(one, other);
}

function resolve(operand: Operand, item: Item): AttributeValue | undefined {
  switch (operand.kind) {
    case "path":
      return valueAt(item, operand.path);
    case "value":
      return operand.value;
    case "size": {
      const value = resolve(operand.of, item);
      const size = value === undefined ? undefined : sizeOf(value);
      return size === undefined ? undefined : { N: String(size) };
    }
  }
}
