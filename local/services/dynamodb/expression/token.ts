/** Expressions as tokens. Source of what a token is: DynamoDB developer guide, "Referring to item attributes". */

export type TokenKind =
  /** A bare name, a keyword or a function. */
  | "word"
  /** `#name`, which stands for an attribute's name. */
  | "name"
  /** `:value`, which stands for a value. */
  | "value"
  | "digits"
  | "symbol"
  /** A character that begins no token. */
  | "unknown"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const BLANKS = /[ \t\r\n]*/y;
const TOKENS: readonly (readonly [TokenKind, RegExp])[] = [
  ["word", /[A-Za-z][A-Za-z0-9_]*/y],
  ["name", /#[A-Za-z0-9_]+/y],
  ["value", /:[A-Za-z0-9_]+/y],
  ["digits", /[0-9]+/y],
  ["symbol", /<>|<=|>=|[=<>()[\].,+-]/y],
  ["unknown", /[^]/y],
];

/** The tokens of an expression, with an `end` behind them. */
export function readTokens(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = skipBlanks(expression, 0);
  while (position < expression.length) {
    const token = readToken(expression, position);
    tokens.push(token);
    position = skipBlanks(expression, token.end);
  }
  return [...tokens, { kind: "end", text: "<EOF>", start: position, end: position }];
}

function readToken(expression: string, start: number): Token {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = start;
    const [text] = pattern.exec(expression) ?? [];
    if (text !== undefined) return { kind, text, start, end: start + text.length };
  }
  throw new RangeError(`no token at ${start}`);
}

function skipBlanks(expression: string, start: number): number {
  BLANKS.lastIndex = start;
  return start + (BLANKS.exec(expression)?.[0].length ?? 0);
}
