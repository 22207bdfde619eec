/** What all expressions have in common: tokens one after the other, document paths, values, and how mistakes are told. */
import type { AwsError } from "../../service";
import { invalidRequest } from "../refusal";
import { typeOf, type AttributeValue } from "../value/attribute-value";
import type { DocumentPath, PathElement } from "../value/document-path";
import type { Placeholders } from "./placeholders";
import { isReserved } from "./reserved-words";
import { readTokens, type Token } from "./token";

export type ExpressionName =
  "ConditionExpression" | "FilterExpression" | "KeyConditionExpression" | "ProjectionExpression" | "UpdateExpression";

export type PathOperand = { readonly kind: "path"; readonly path: DocumentPath };
export type ValueOperand = { readonly kind: "value"; readonly value: AttributeValue };

/** Limits of an expression. Source: DynamoDB developer guide, "Quotas", expression parameters. */
const LONGEST_EXPRESSION = 4096;
const DEEPEST_PATH = 32;
const LARGEST_INDEX = 2 ** 31 - 1;

export class ExpressionReader {
  /** The attributes that the expression speaks of. */
  readonly attributes = new Set<string>();
  readonly #tokens: readonly Token[];
  #position = 0;

  /** @throws AwsError when the expression is empty or too long */
  constructor(
    private readonly name: ExpressionName,
    private readonly text: string,
    private readonly placeholders: Placeholders,
  ) {
    if (text.trim() === "") throw this.refusal("The expression can not be empty;");
    const bytes = Buffer.byteLength(text);
    if (bytes > LONGEST_EXPRESSION) {
      throw this.refusal(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
    }
    this.#tokens = readTokens(text);
  }

  /** Reads on when the next token is this symbol. */
  accept(symbol: string): boolean {
    const isNext = this.next.kind === "symbol" && this.next.text === symbol;
    if (isNext) this.#position++;
    return isNext;
  }

  expect(symbol: string): void {
    if (!this.accept(symbol)) throw this.syntaxError();
  }

  /** Reads on when the next token is one of these words, in any case; answers which. */
  acceptWord<Word extends string>(...words: readonly Word[]): Word | undefined {
    if (this.next.kind !== "word") return undefined;
    const upper = this.next.text.toUpperCase();
    const word = words.find((each) => each === upper);
    if (word !== undefined) this.#position++;
    return word;
  }

  /** Reads `name (` as the beginning of a function's call. */
  acceptFunction(): string | undefined {
    const [name, bracket] = [this.next, this.#tokens[this.#position + 1]];
    if (name.kind !== "word" || bracket?.text !== "(") return undefined;
    this.#position += 2;
    return name.text;
  }

  /** Reads a document path, when one is next. */
  acceptPath(): PathOperand | undefined {
    if (this.next.kind !== "word" && this.next.kind !== "name") return undefined;
    const attribute = this.#attributeName();
    const inner: PathElement[] = [];
    for (;;) {
      if (this.accept(".")) inner.push(this.#attributeName());
      else if (this.accept("[")) inner.push(this.#index());
      else break;
    }
    if (inner.length >= DEEPEST_PATH) {
      throw this.refusal(
        `The document path has too many nesting elements; nesting levels: ${inner.length + 1}, allowed: ${DEEPEST_PATH}`,
      );
    }
    this.attributes.add(attribute);
    return { kind: "path", path: [attribute, ...inner] };
  }

  /** Reads a value's placeholder, when one is next. */
  acceptValue(): ValueOperand | undefined {
    const { kind, text } = this.next;
    if (kind !== "value") return undefined;
    const value = this.placeholders.value(text);
    if (value === undefined) {
      throw this.refusal(`An expression attribute value used in expression is not defined; attribute value: ${text}`);
    }
    this.#position++;
    return { kind: "value", value };
  }

  /** @throws AwsError when anything is left */
  end(): void {
    if (this.next.kind !== "end") throw this.syntaxError();
  }

  refusal(problem: string): AwsError {
    return invalidRequest(`Invalid ${this.name}: ${problem}`);
  }

  /** A mistake at the next token, shown between its neighbours. */
  syntaxError(): AwsError {
    const token = this.next;
    const before = this.#tokens[this.#position - 1] ?? token;
    const after = token.kind === "end" ? before : (this.#tokens[this.#position + 1] ?? token);
    const near = this.text.slice(before.start, after.kind === "end" ? token.end : after.end);
    return this.refusal(`Syntax error; token: "${token.text}", near: "${near}"`);
  }

  /** An operand of a type that an operator or function does not take. */
  typeError(what: "operator" | "operator or function", operator: string, value: AttributeValue | string): AwsError {
    const type = typeof value === "string" ? value : typeOf(value);
    return this.refusal(`Incorrect operand type for operator or function; ${what}: ${operator}, operand type: ${type}`);
  }

  /** @throws AwsError when a function was called with more or fewer operands */
  expectOperands(name: string, operands: readonly unknown[], count: number): void {
    if (operands.length === count) return;
    throw this.refusal(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }

  get next(): Token {
    return this.#tokens[this.#position] as Token;
  }

  #attributeName(): string {
    const { kind, text } = this.next;
    if (kind !== "word" && kind !== "name") throw this.syntaxError();
    const name = kind === "name" ? this.placeholders.name(text) : text;
    if (name === undefined) {
      throw this.refusal(
        `An expression attribute name used in the document path is not defined; attribute name: ${text}`,
      );
    }
    if (kind === "word" && isReserved(text)) {
      throw this.refusal(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
    }
    this.#position++;
    return name;
  }

  #index(): number {
    const { kind, text } = this.next;
    if (kind !== "digits") throw this.syntaxError();
    if (Number(text) > LARGEST_INDEX) {
      throw this.refusal(`List index is not within the allowable range; index: [${text}]`);
    }
    this.#position++;
    this.expect("]");
    return Number(text);
  }
}
