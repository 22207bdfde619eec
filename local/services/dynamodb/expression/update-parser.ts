/**
 * Reads UpdateExpression. Source of the grammar: DynamoDB developer guide, "Using update expressions".
 *
 *     update = section { section }                       each of SET, REMOVE, ADD and DELETE once, in any order
 *     SET path = sum, ...   REMOVE path, ...   ADD path :amount, ...   DELETE path :set, ...
 *     sum    = term [ + term | - term ]                  term = path | :value | if_not_exists(path, term) | list_append(term, term)
 */
import type { AwsError } from "../../service";
import { typeOf, type AttributeValue } from "../value/attribute-value";
import type { DocumentPath } from "../value/document-path";
import type { Placeholders } from "./placeholders";
import { treeOf } from "./projection";
import { ExpressionReader } from "./reader";
import type { Action, Amount, SetValue, Term, Update } from "./update";

const SECTIONS = ["SET", "REMOVE", "ADD", "DELETE"] as const;
type Section = (typeof SECTIONS)[number];

/** Source: DynamoDB developer guide, "Quotas", expression parameters. */
const MOST_OPERATORS = 300;

/** How messages about ADD and DELETE name the types. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  BOOL: "BOOLEAN",
  NULL: "NULL",
  L: "LIST",
  M: "MAP",
};

/** @throws AwsError as DynamoDB refuses the expression */
export function readUpdate(text: string, placeholders: Placeholders): Update {
  const reader = new ExpressionReader("UpdateExpression", text, placeholders);
  const actions = new UpdateParser(reader).actions();
  reader.end();
  const places = actions.map(({ path }): [DocumentPath, true] => [path, true]);
  return { actions, places: treeOf(reader, places), attributes: reader.attributes };
}

class UpdateParser {
  #operators = 0;

  constructor(private readonly reader: ExpressionReader) {}

  actions(): Action[] {
    const actions: Action[] = [];
    const seen = new Set<Section>();
    do {
      const section = this.reader.acceptWord(...SECTIONS);
      if (section === undefined) throw this.reader.syntaxError();
      if (seen.has(section)) {
        throw this.reader.refusal(`The "${section}" section can only be used once in an update expression;`);
      }
      seen.add(section);
      do actions.push(this.#action(section));
      while (this.reader.accept(","));
    } while (this.reader.next.kind !== "end");
    return actions;
  }

  #action(kind: Section): Action {
    const path = this.#path();
    switch (kind) {
      case "SET":
        this.reader.expect("=");
        return { kind, path, term: this.#sum() };
      case "REMOVE":
        return { kind, path };
      case "ADD":
        return { kind, path, amount: this.#amount() };
      case "DELETE":
        return { kind, path, members: this.#members() };
    }
  }

  #sum(): Term {
    if (this.reader.accept("(")) {
      const inner = this.#sum();
      this.reader.expect(")");
      return this.#rest(inner);
    }
    return this.#rest(this.#term());
  }

  /** At most one operator: `a + b + c` is not taken. */
  #rest(left: Term): Term {
    if (left.kind === "+" || left.kind === "-") return left;
    const operator = this.reader.accept("+") ? "+" : this.reader.accept("-") ? "-" : undefined;
    if (operator === undefined) return left;
    this.#countOperator();
    const right = this.#term();
    for (const term of [left, right]) this.#expectType(operator, "N", term);
    return { kind: operator, left, right };
  }

  #term(): Term {
    if (this.reader.accept("(")) {
      const inner = this.#term();
      this.reader.expect(")");
      return inner;
    }
    const name = this.reader.acceptFunction();
    if (name !== undefined) return this.#call(name);
    const operand = this.reader.acceptPath() ?? this.reader.acceptValue();
    if (operand === undefined) throw this.reader.syntaxError();
    return operand;
  }

  #call(name: string): Term {
    this.#countOperator();
    const operands = [this.#term()];
    while (this.reader.accept(",")) operands.push(this.#term());
    this.reader.expect(")");
    switch (name) {
      case "if_not_exists":
        return this.#ifNotExists(operands);
      case "list_append":
        return this.#listAppend(operands);
      case "attribute_exists":
      case "attribute_not_exists":
      case "attribute_type":
      case "begins_with":
      case "contains":
      case "size":
        throw this.reader.refusal(`The function is not allowed in an update expression; function: ${name}`);
      default:
        throw this.reader.refusal(`Invalid function name; function: ${name}`);
    }
  }

  #ifNotExists(operands: readonly Term[]): Term {
    this.reader.expectOperands("if_not_exists", operands, 2);
    const [first, otherwise] = operands as [Term, Term];
    if (first.kind === "path") return { kind: "if_not_exists", path: first.path, otherwise };
    throw this.reader.refusal("Operator or function requires a document path; operator or function: if_not_exists");
  }

  #listAppend(operands: readonly Term[]): Term {
    this.reader.expectOperands("list_append", operands, 2);
    const [left, right] = operands as [Term, Term];
    for (const term of [left, right]) {
      if (term.kind === "list_append") {
        throw this.reader.refusal(
          "The function is not allowed to be used this way in an expression; function: list_append",
        );
      }
      this.#expectType("list_append", "L", term);
    }
    return { kind: "list_append", left, right };
  }

  #path(): DocumentPath {
    const operand = this.reader.acceptPath();
    if (operand === undefined) throw this.reader.syntaxError();
    return operand.path;
  }

  #amount(): Amount {
    const value = this.#literal();
    if ("N" in value || isSet(value)) return value;
    throw this.#operandError("ADD", value);
  }

  #members(): SetValue {
    const value = this.#literal();
    if (isSet(value)) return value;
    throw this.#operandError("DELETE", value);
  }

  #literal(): AttributeValue {
    const operand = this.reader.acceptValue();
    if (operand === undefined) throw this.reader.syntaxError();
    return operand.value;
  }

  #operandError(section: Section, value: AttributeValue): AwsError {
    return this.reader.typeError("operator", section, TYPE_NAMES[typeOf(value)] ?? typeOf(value));
  }

  #expectType(operator: string, type: "N" | "L", term: Term): void {
    if (term.kind !== "value" || type in term.value) return;
    throw this.reader.typeError("operator or function", operator, term.value);
  }

  #countOperator(): void {
    this.#operators++;
    if (this.#operators > MOST_OPERATORS) {
      throw this.reader.refusal(`The expression has too many operators or functions; allowed: ${MOST_OPERATORS}`);
    }
  }
}

function isSet(value: AttributeValue): value is SetValue {
  return "SS" in value || "NS" in value || "BS" in value;
}
