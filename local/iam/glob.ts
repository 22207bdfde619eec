/**
 * Wildcard matching without backtracking: between two `*` stands a fixed piece, the first piece sits at the start, the
 * last at the end, and each of the others at its leftmost place. That greedy choice is exact, so the cost is at most
 * the length of the pattern times the length of the text, whatever the pattern.
 */

/** Any run of characters, the empty one included. */
export const ANY = Symbol("*");
/** Exactly one character (a UTF-16 code unit). */
export const ONE = Symbol("?");

/** Text, or a wildcard. */
export type Token = string | typeof ANY | typeof ONE;

export interface Matcher {
  matches(text: string): boolean;
}

/** The text between two `*`; `blanks` marks the places where any one character will do. */
interface Piece {
  readonly text: string;
  readonly blanks: readonly boolean[] | undefined;
}

/** A pattern over a whole text. */
export class Glob implements Matcher {
  readonly #first: Piece;
  readonly #middle: readonly Piece[];
  readonly #last: Piece | undefined;

  constructor(tokens: readonly Token[]) {
    const [first = pieceOf([]), ...rest] = splitAtStars(tokens).map(pieceOf);
    this.#first = first;
    this.#last = rest.pop();
    this.#middle = rest.filter(({ text }) => text !== "");
  }

  matches(text: string): boolean {
    const first = this.#first;
    const last = this.#last;
    if (last === undefined) return text.length === first.text.length && fits(first, text, 0);
    const end = text.length - last.text.length;
    let at = first.text.length;
    if (end < at || !fits(first, text, 0) || !fits(last, text, end)) return false;
    for (const piece of this.#middle) {
      const found = find(piece, text, at, end);
      if (found < 0) return false;
      at = found + piece.text.length;
    }
    return true;
  }
}

/** One glob for each part of an ARN; the last one takes all that is left, colons included. */
export class PartedGlob implements Matcher {
  readonly #head: readonly Glob[];
  readonly #rest: Glob;

  constructor(parts: readonly (readonly Token[])[]) {
    this.#head = parts.slice(0, -1).map((part) => new Glob(part));
    this.#rest = new Glob(parts.at(-1) ?? []);
  }

  matches(text: string): boolean {
    let start = 0;
    for (const part of this.#head) {
      const colon = text.indexOf(":", start);
      if (colon < 0 || !part.matches(text.slice(start, colon))) return false;
      start = colon + 1;
    }
    return this.#rest.matches(text.slice(start));
  }
}

function splitAtStars(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const runs: Token[][] = [[]];
  for (const token of tokens) {
    if (token === ANY) runs.push([]);
    else runs.at(-1)?.push(token);
  }
  return runs;
}

function pieceOf(tokens: readonly Token[]): Piece {
  const text = tokens.map((token) => (typeof token === "string" ? token : "?")).join("");
  if (!tokens.includes(ONE)) return { text, blanks: undefined };
  const blanks = tokens.flatMap((token) =>
    typeof token === "string" ? Array.from({ length: token.length }, () => false) : [true],
  );
  return { text, blanks };
}

function fits({ text: wanted, blanks }: Piece, text: string, at: number): boolean {
  if (blanks === undefined) return text.startsWith(wanted, at);
  if (at + wanted.length > text.length) return false;
  for (let index = 0; index < wanted.length; index++) {
    if (blanks[index] !== true && wanted.charCodeAt(index) !== text.charCodeAt(at + index)) return false;
  }
  return true;
}

/** Where the piece first fits at or after `from` without reaching beyond `end`; -1 when nowhere. */
function find(piece: Piece, text: string, from: number, end: number): number {
  const latest = end - piece.text.length;
  if (piece.blanks === undefined) {
    const found = text.indexOf(piece.text, from);
    return found <= latest ? found : -1;
  }
  for (let at = from; at <= latest; at++) if (fits(piece, text, at)) return at;
  return -1;
}
