/**
 * Reads ConditionExpression, FilterExpression and, for {@link readKeyCondition}, KeyConditionExpression. Source of the
 * grammar: DynamoDB developer guide, "Condition and filter expressions, operators, and functions".
 *
 *     test       = conjunction { OR conjunction }        conjunction = negation { AND negation }
 *     negation   = { NOT } primary                       primary     = ( test ) | comparison
 *     comparison = operand comparator operand | operand BETWEEN operand AND operand | operand IN ( operands ) | function
 */
import type { AwsError } from "../../service";
import type { Comparator, Condition, Operand, Test } from "./condition";
import { readFunction, refuseSamePaths } from "./condition-function";
import { compareValues, sortable } from "../value/comparison";
import { typeOf, type AttributeValue } from "../value/attribute-value";
import type { Placeholders } from "./placeholders";
import { ExpressionReader, type ExpressionName } from "./reader";

/** A piece that may still become an operand of a comparison, and whether it stood in brackets. */
interface Piece {
  readonly node: Test | Operand;
  readonly inBrackets: boolean;
}

const COMPARATORS: readonly Comparator[] = ["=", "<>", "<=", "<", ">=", ">"];
const MOST_CHOICES = 100;
/** Ours: keeps a hostile expression from exhausting the stack. */
const DEEPEST_NESTING = 300;

/** @throws AwsError as DynamoDB refuses the expression */
export function readCondition(name: ExpressionName, text: string, placeholders: Placeholders): Condition {
  const reader = new ExpressionReader(name, text, placeholders);
  const parser = new ConditionParser(reader);
  const test = parser.test();
  reader.end();
  return { test, attributes: reader.attributes };
}

class ConditionParser {
  #depth = 0;

  constructor(private readonly reader: ExpressionReader) {}

  test(): Test {
    return this.#asTest(this.#disjunction());
  }

  #disjunction(): Piece {
    let piece = this.#conjunction();
    while (this.reader.acceptWord("OR") !== undefined) {
      piece = loose({ kind: "or", left: this.#asTest(piece), right: this.#asTest(this.#conjunction()) });
    }
    return piece;
  }

  #conjunction(): Piece {
    let piece = this.#negation();
    while (this.reader.acceptWord("AND") !== undefined) {
      piece = loose({ kind: "and", left: this.#asTest(piece), right: this.#asTest(this.#negation()) });
    }
    return piece;
  }

  #negation(): Piece {
    if (this.reader.acceptWord("NOT") === undefined) return this.#primary();
    return this.#nested(() => loose({ kind: "not", test: this.#asTest(this.#negation()) }));
  }

  #primary(): Piece {
    const piece = this.#bracketed() ?? loose(this.#operandOrFunction());
    if (isOperand(piece.node)) return this.#comparison(piece);
    // Only `size` gives something to compare.
    if (this.#isComparisonNext()) throw this.#misused(piece.node);
    return piece;
  }

  /** Brackets around a test or an operand; one pair is enough. */
  #bracketed(): Piece | undefined {
    if (!this.reader.accept("(")) return undefined;
    const { node, inBrackets } = this.#nested(() => this.#disjunction());
    this.reader.expect(")");
    if (inBrackets) throw this.reader.refusal("The expression has redundant parentheses;");
    return { node, inBrackets: true };
  }

  #comparison(piece: Piece): Piece {
    const operand = piece.node as Operand;
    const comparator = COMPARATORS.find((each) => this.reader.accept(each));
    if (comparator !== undefined) return loose(this.#compared(comparator, operand, this.#operand()));
    switch (this.reader.acceptWord("BETWEEN", "IN")) {
      case "BETWEEN":
        return loose(this.#between(operand));
      case "IN":
        return loose(this.#choice(operand));
      case undefined:
        return piece;
    }
  }

  #isComparisonNext(): boolean {
    const { kind, text } = this.reader.next;
    return kind === "symbol" && COMPARATORS.some((each) => each === text);
  }

  #compared(comparator: Comparator, left: Operand, right: Operand): Test {
    refuseSamePaths(this.reader, comparator, left, right);
    if (comparator !== "=" && comparator !== "<>") {
      for (const operand of [left, right]) this.#expectOrdered(comparator, operand);
    }
    return { kind: "compare", comparator, left, right };
  }

  #between(operand: Operand): Test {
    const low = this.#operand();
    if (this.reader.acceptWord("AND") === undefined) throw this.reader.syntaxError();
    const high = this.#operand();
    for (const each of [operand, low, high]) this.#expectOrdered("BETWEEN", each);
    if (low.kind === "value" && high.kind === "value") this.#expectBounds(low.value, high.value);
    return { kind: "between", operand, low, high };
  }

  #choice(operand: Operand): Test {
    this.reader.expect("(");
    const choices = [this.#operand()];
    while (this.reader.accept(",")) choices.push(this.#operand());
    this.reader.expect(")");
    if (choices.length > MOST_CHOICES) {
      throw this.reader.refusal(
        `Invalid number of operands for operator or function; operator or function: IN, number of operands: ${choices.length}, allowed: ${MOST_CHOICES}`,
      );
    }
    return { kind: "in", operand, choices };
  }

  /** An operand, in brackets or not, where a test has no place. */
  #operand(): Operand {
    const node = this.reader.accept("(") ? this.#nested(() => this.#inner()) : this.#operandOrFunction();
    if (isOperand(node)) return node;
    throw this.#misused(node);
  }

  #inner(): Test | Operand {
    const node = this.#operand();
    this.reader.expect(")");
    return node;
  }

  #operandOrFunction(): Test | Operand {
    const name = this.reader.acceptFunction();
    if (name !== undefined) return readFunction(this.reader, name, () => this.#operands());
    const operand = this.reader.acceptPath() ?? this.reader.acceptValue();
    if (operand === undefined) throw this.reader.syntaxError();
    return operand;
  }

  #operands(): Operand[] {
    const operands = [this.#operand()];
    while (this.reader.accept(",")) operands.push(this.#operand());
    this.reader.expect(")");
    return operands;
  }

  #asTest({ node }: Piece): Test {
    if (!isOperand(node)) return node;
    throw node.kind === "size" ? this.#misused("size") : this.reader.syntaxError();
  }

  #misused(node: Test | Operand | "size"): AwsError {
    const name = typeof node === "string" ? node : functionOf(node);
    if (name === undefined) return this.reader.syntaxError();
    return this.reader.refusal(`The function is not allowed to be used this way in an expression; function: ${name}`);
  }

  #expectOrdered(operator: string, operand: Operand): void {
    if (operand.kind !== "value" || sortable(operand.value) !== undefined) return;
    throw this.reader.typeError("operator", operator, operand.value);
  }

  #expectBounds(low: AttributeValue, high: AttributeValue): void {
    const order = compareValues(low, high);
    if (order !== undefined && order <= 0) return;
    const rule =
      order === undefined
        ? "same data type for lower and upper bounds"
        : "upper bound to be greater than or equal to lower bound";
    throw this.reader.refusal(
      `The BETWEEN operator requires ${rule}; ` +
        `lower bound operand: AttributeValue: ${render(low)}, upper bound operand: AttributeValue: ${render(high)}`,
    );
  }

  #nested<Result>(read: () => Result): Result {
    this.#depth++;
    if (this.#depth > DEEPEST_NESTING) {
      throw this.reader.refusal(`The expression is nested too deeply; allowed levels: ${DEEPEST_NESTING}`);
    }
    const result = read();
    this.#depth--;
    return result;
  }
}

function isOperand(node: Test | Operand): node is Operand {
  return node.kind === "path" || node.kind === "value" || node.kind === "size";
}

function loose(node: Test | Operand): Piece {
  return { node, inBrackets: false };
}

/** The function that a test or operand was written with, if it was. */
function functionOf(node: Test | Operand): string | undefined {
  switch (node.kind) {
    case "exists":
      return node.expected ? "attribute_exists" : "attribute_not_exists";
    case "type":
      return "attribute_type";
    case "begins_with":
    case "contains":
    case "size":
      return node.kind;
    default:
      return undefined;
  }
}

function render(value: AttributeValue): string {
  const type = typeOf(value);
  return `{${type}:${Object.values(value).join()}}`;
}
