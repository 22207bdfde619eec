/**
 * The pattern language of policies: `*` is any run of characters, `?` is one, `${key}` is a value of the request.
 * A pattern is read and compiled once; only a pattern with variables does work again for each request.
 *
 * Facts: IAM User Guide, "IAM JSON policy elements: Resource" and "IAM policy elements: Variables and tags".
 */
import { ANY, Glob, type Matcher, ONE, PartedGlob, type Token } from "./glob";
import { refuse } from "./refusal";

/** Gives the single value of a context key (lower case); undefined when it has none, or several. */
export type Lookup = (key: string) => string | undefined;

/** A policy variable: `${aws:username}` or, with a default, `${aws:username, 'nobody'}`. */
interface Variable {
  readonly key: string;
  readonly fallback: string | undefined;
}

/** A pattern as read: text, wildcards and variables, left to right. */
export type PatternTokens = readonly (Token | Variable)[];

/** Whether `*` and `?` are wildcards, and whether `${...}` is a variable (policy language 2012-10-17 only). */
export interface PatternSyntax {
  readonly wildcards: boolean;
  readonly variables: boolean;
}

/** Answers whether a text matches; undefined when a variable of the pattern has no value in this request. */
export interface Pattern {
  matches(text: string, lookup: Lookup): boolean | undefined;
}

/** `${*}`, `${?}` and `${$}` stand for the character; anything else names a key, perhaps with a default. */
const VARIABLE = /^\$\{(?:([*?$])|([A-Za-z0-9_.-]+:[^{}$*?,']+?)(?:\s*,\s*'([^'{}]*)')?)\}/;

/** Reads a pattern. @throws PolicyError when a `${` does not open a well-formed variable */
export function readPattern(text: string, { wildcards, variables }: PatternSyntax, place: string): PatternTokens {
  const tokens: (Token | Variable)[] = [];
  let literal = "";
  const push = (token: Token | Variable): void => {
    if (literal !== "") tokens.push(literal);
    literal = "";
    tokens.push(token);
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (wildcards && character === "*") push(ANY);
    else if (wildcards && character === "?") push(ONE);
    else if (variables && text.startsWith("${", at)) {
      const found = VARIABLE.exec(text.slice(at));
      if (found === null) refuse(place, text, "variables like ${aws:username}, ${key, 'default'}, ${*}, ${?} or ${$}");
      const [whole, special, key = "", fallback] = found;
      if (special !== undefined) literal += special;
      else push({ key: key.toLowerCase(), fallback });
      at += whole.length - 1;
    } else literal += character;
  }
  if (literal !== "") tokens.push(literal);
  return tokens;
}

export function hasWildcard(tokens: PatternTokens): boolean {
  return tokens.some((token) => token === ANY || token === ONE);
}

export function hasVariable(tokens: PatternTokens): boolean {
  return tokens.some(isVariable);
}

/** Whether the pattern ends in `*`, and so may stand for all that follows. */
export function isOpenEnded(tokens: PatternTokens): boolean {
  return tokens.at(-1) === ANY;
}

function isVariable(token: Token | Variable): token is Variable {
  return typeof token === "object";
}

/** Cuts a pattern at the first five colons of its text: the parts of an ARN, fewer when the pattern ends before. */
export function splitArn<T extends Token | Variable>(tokens: readonly T[]): readonly (readonly (T | string)[])[] {
  const parts: (T | string)[][] = [[]];
  for (const token of tokens) {
    let rest: T | string = token;
    while (typeof rest === "string" && parts.length < 6 && rest.includes(":")) {
      const colon = rest.indexOf(":");
      if (colon > 0) parts.at(-1)?.push(rest.slice(0, colon));
      parts.push([]);
      rest = rest.slice(colon + 1);
    }
    if (rest !== "") parts.at(-1)?.push(rest);
  }
  return parts;
}

/** A pattern over a whole text, in which a colon is a character like any other. */
export function compileText(tokens: PatternTokens): Pattern {
  return compile(tokens, (resolved) => new Glob(resolved));
}

/** A pattern over an ARN: a wildcard in one of the first five parts never crosses a colon, the last part may. */
export function compileArn(tokens: PatternTokens): Pattern {
  return compile(tokens, (resolved) => {
    const parts = splitArn(resolved);
    const plainHead = parts.slice(0, -1).every((part) => !hasWildcard(part));
    return plainHead ? new Glob(resolved) : new PartedGlob(parts);
  });
}

function compile(tokens: PatternTokens, build: (resolved: readonly Token[]) => Matcher): Pattern {
  if (!hasVariable(tokens)) return build(tokens.filter((token): token is Token => !isVariable(token)));
  return {
    matches: (text, lookup) => {
      const resolved = resolve(tokens, lookup);
      return resolved === undefined ? undefined : build(resolved).matches(text);
    },
  };
}

/** Puts values in the place of variables; a value is plain text, so a `*` inside it is no wildcard. */
function resolve(tokens: PatternTokens, lookup: Lookup): readonly Token[] | undefined {
  const resolved: Token[] = [];
  for (const token of tokens) {
    const value = isVariable(token) ? (lookup(token.key) ?? token.fallback) : token;
    if (value === undefined) return undefined;
    if (value !== "") resolved.push(value);
  }
  return resolved;
}
