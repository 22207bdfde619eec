/** Velocity's arithmetic and comparisons. What is no number gives no result rather than an error, as in Velocity. */
import { print, TemplateError, type Value } from "./value";

export type Calculation = "-" | "*" | "/" | "%";

export const ORDER_OPERATORS = ["<", "<=", ">", ">="] as const;
export type Order = (typeof ORDER_OPERATORS)[number];

export function calculate(operator: Calculation, left: Value, right: Value): Value {
  if (typeof left !== "number" || typeof right !== "number") return null;
  switch (operator) {
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return divide(left, right);
    case "%":
      return right === 0 ? null : left % right;
  }
}

/** `+`: a sum of numbers, or a text as soon as one side is text. */
export function concatenate(left: Value, right: Value): Value {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left !== "string" && typeof right !== "string") return null;
  if (left === null || right === null) {
    throw new TemplateError(`a text + nothing, which Velocity prints as the reference's name: write "$!reference"`);
  }
  return print(left) + print(right);
}

export function isOrdered(order: Order, left: Value, right: Value): boolean {
  if (typeof left !== "number" || typeof right !== "number") return false;
  switch (order) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}

/** Java divides whole numbers to whole numbers; a division by nothing has no result. */
function divide(left: number, right: number): Value {
  if (right === 0) return null;
  const quotient = left / right;
  return Number.isInteger(left) && Number.isInteger(right) ? Math.trunc(quotient) : quotient;
}
