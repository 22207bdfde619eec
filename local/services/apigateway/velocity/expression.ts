/** What stands in a directive's parentheses or behind a `$`: references, literals and the operators between them. */
import { callMethod, checkLiteral, itemAt } from "./java-method";
import { calculate, concatenate, isOrdered, ORDER_OPERATORS } from "./operators";
import { MOST_TURNS, type Evaluate, type Render, type Scope } from "./scope";
import { describeReference, type Operand, type RangeEnd, type Reference, type Step } from "./syntax";
import { describe, HostObject, isEqual, isTrue, print, TemplateError, type Value } from "./value";

type Follow = (value: Exclude<Value, null>, scope: Scope) => Value;

export interface ExpressionOptions {
  /** Is told of every method that is called with a text written in the template; may throw a TemplateError. */
  readonly checkCall?: (reference: string, method: string, argument: string) => void;
}

export class ExpressionCompiler {
  constructor(
    private readonly options: ExpressionOptions,
    /** Reads a text in double quotes, which is a template itself. */
    private readonly interpolate: (text: string) => Render,
  ) {}

  /** A reference has no value as soon as one of its parts has none. */
  reference(reference: Reference): Evaluate {
    const { id, path = [], args } = reference;
    if (args !== undefined) throw new TemplateError(`$${id}() calls a reference`);
    const steps = path.map((step) => this.#step(id, step));
    if (steps.length === 0) return ({ variables }) => variables.get(id) ?? null;
    return (scope) => {
      let value = scope.variables.get(id) ?? null;
      try {
        for (const step of steps) {
          if (value === null) return null;
          value = step(value, scope);
        }
      } catch (error) {
        if (error instanceof TemplateError)
          throw new TemplateError(`${describeReference(reference)}: ${error.message}`);
        throw error;
      }
      return value;
    };
  }

  operand(operand: Operand): Evaluate {
    switch (operand.type) {
      case "references":
        return this.reference(operand);
      case "string":
        return this.#string(operand);
      case "integer":
      case "decimal":
        return constant(Number(operand.value));
      case "bool":
        if (operand.value === "null") throw new TemplateError("Velocity has no null: leave the reference unset");
        return constant(operand.value === "true");
      case "array":
        return operand.isRange === true ? this.#range(operand.value) : this.#list(operand.value);
      case "map":
        return this.#map(operand.value ?? {});
      case "math":
        return this.#expression(operand);
    }
  }

  #step(reference: string, step: Step): Follow {
    if (step.type === "property") return (value) => propertyOf(value, step.id);
    if (step.type === "index") {
      const index = this.operand(step.id);
      return (value, scope) => indexed(value, index(scope));
    }
    const { id: method } = step;
    const operands = step.args === false ? [] : step.args;
    const [first] = operands;
    if (first?.type === "string" && !isInterpolated(first)) {
      checkLiteral(method, first.value);
      this.options.checkCall?.(reference, method, first.value);
    }
    const args = operands.map((operand) => this.operand(operand));
    return (value, scope) => {
      const given = args.map((arg) => arg(scope));
      return callMethod(value, method, given);
    };
  }

  #string(operand: Extract<Operand, { type: "string" }>): Evaluate {
    const { value, isEval = false } = operand;
    if (value.includes(isEval ? '"' : "'")) {
      throw new TemplateError("Velocity knows no backslash before a quote: use the other kind of quote");
    }
    if (isEval && value.includes("\\u")) throw new TemplateError(`the local stage does not model \\u in "${value}"`);
    return isInterpolated(operand) ? this.interpolate(value) : constant(value);
  }

  #list(items: readonly Operand[]): Evaluate {
    const evaluated = items.map((item) => this.operand(item));
    return (scope) => evaluated.map((item) => item(scope));
  }

  #range([first, last]: readonly [RangeEnd, RangeEnd]): Evaluate {
    const end = (given: RangeEnd): Evaluate =>
      typeof given === "object" ? this.reference(given) : constant(Number(given));
    const [from, to] = [end(first), end(last)];
    return (scope) => rangeOf(from(scope), to(scope));
  }

  #map(entries: Readonly<Record<string, Operand>>): Evaluate {
    const evaluated = Object.entries(entries).map(([name, operand]) => {
      if (/[$#]/.test(name)) throw new TemplateError(`the local stage does not model the key "${name}" of a map`);
      return [name, this.operand(operand)] as const;
    });
    return (scope) => new Map(evaluated.map(([name, evaluate]) => [name, evaluate(scope)]));
  }

  #expression({ operator, expression }: Extract<Operand, { type: "math" }>): Evaluate {
    // Velocity lets && go before ||; its parser here does not.
    if (operator === "&&" && expression.some((each) => each.type === "math" && each.operator === "||")) {
      throw new TemplateError("put parentheses where || meets &&");
    }
    const [left, right] = expression.map((operand) => this.operand(operand));
    if (left === undefined) throw new TemplateError(`${operator} without operands`);
    if (operator === "parenthesis") return left;
    if (operator === "not") return (scope) => !isTrue(left(scope));
    if (operator === "minus") return (scope) => calculate("-", 0, left(scope));
    if (right === undefined) throw new TemplateError(`${operator} without a right side`);
    switch (operator) {
      case "&&":
        return (scope) => isTrue(left(scope)) && isTrue(right(scope));
      case "||":
        return (scope) => isTrue(left(scope)) || isTrue(right(scope));
      case "==":
        return (scope) => isEqual(left(scope), right(scope));
      case "!=":
        return (scope) => !isEqual(left(scope), right(scope));
      case "+":
        return (scope) => concatenate(left(scope), right(scope));
      case "-":
      case "*":
      case "/":
      case "%":
        return (scope) => calculate(operator, left(scope), right(scope));
      default: {
        const order = ORDER_OPERATORS.find((each) => each === operator);
        if (order === undefined) throw new TemplateError(`the operator ${operator} is not modelled by the local stage`);
        return (scope) => isOrdered(order, left(scope), right(scope));
      }
    }
  }
}

function constant(value: Value): Evaluate {
  return () => value;
}

function isInterpolated({ value, isEval }: Extract<Operand, { type: "string" }>): boolean {
  return isEval === true && /[$#]/.test(value);
}

function propertyOf(value: Exclude<Value, null>, name: string): Value {
  if (value instanceof Map) return value.get(name) ?? null;
  return value instanceof HostObject ? value.property(name) : null;
}

function indexed(value: Exclude<Value, null>, index: Value): Value {
  if (value instanceof Map) return value.get(print(index)) ?? null;
  if (Array.isArray(value) && typeof index === "number") return itemAt(value, index < 0 ? value.length + index : index);
  throw new TemplateError(`${describe(value)} has no place [${print(index)}]`);
}

function rangeOf(from: Value, to: Value): Value {
  if (typeof from !== "number" || typeof to !== "number") return null;
  const length = Math.abs(to - from) + 1;
  if (length > MOST_TURNS)
    throw new TemplateError(`a range of ${length} numbers: API Gateway allows ${MOST_TURNS} turns`);
  return Array.from({ length }, (_, index) => (from <= to ? from + index : from - index));
}
