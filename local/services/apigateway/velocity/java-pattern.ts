/**
 * Java's regular expressions in JavaScript. What both understand alike is carried over, what differs is translated, and
 * what JavaScript lacks or reads otherwise is refused. Source: java.util.regex.Pattern.
 */
import { TemplateError } from "./value";

/** Patterns come from templates, a handful in all; one that is made from a request's data must not fill the memory. */
const MOST_REMEMBERED = 200;

const LINE_BREAK = "\\n\\r\\u0085\\u2028\\u2029";
const WHITE_SPACE = " \\t\\n\\x0b\\f\\r";

/** Escapes that mean the same in both, and letters that need another spelling. */
const SAME_ESCAPES = "dDwWtnrf";
const SPELLED_OTHERWISE: Readonly<Record<string, string>> = {
  s: `[${WHITE_SPACE}]`,
  S: `[^${WHITE_SPACE}]`,
  a: "\\x07",
  e: "\\x1b",
};

export class JavaPattern {
  static readonly #remembered = new Map<string, JavaPattern>();

  /** @throws TemplateError when the pattern is not one that both languages read alike */
  static of(source: string): JavaPattern {
    const known = JavaPattern.#remembered.get(source);
    if (known !== undefined) return known;
    const pattern = new JavaPattern(source);
    if (JavaPattern.#remembered.size >= MOST_REMEMBERED) JavaPattern.#remembered.clear();
    JavaPattern.#remembered.set(source, pattern);
    return pattern;
  }

  readonly #everywhere: RegExp;
  readonly #whole: RegExp;

  private constructor(source: string) {
    const translated = new Translation(source).result;
    try {
      this.#everywhere = new RegExp(translated, "gu");
      this.#whole = new RegExp(`^(?:${translated})$`, "u");
    } catch {
      throw new TemplateError(`the pattern ${source} is not a regular expression`);
    }
  }

  /** `String.matches`: the whole text. */
  matches(text: string): boolean {
    return this.#whole.test(text);
  }

  /** `String.replaceAll`: in the replacement, `$1` is a group and a backslash takes the next character as it is. */
  replaceAll(text: string, replacement: string): string {
    return text.replace(this.#everywhere, translateReplacement(replacement));
  }

  /** `String.split`: without trailing empty strings, and none before a match of nothing at the start. */
  split(text: string): string[] {
    const parts: string[] = [];
    let from = 0;
    for (const { index, 0: match } of text.matchAll(this.#everywhere)) {
      if (index === 0 && match === "") continue;
      parts.push(text.slice(from, index));
      from = index + match.length;
    }
    parts.push(text.slice(from));
    if (parts.length === 1) return parts;
    while (parts.at(-1) === "") parts.pop();
    return parts;
  }
}

/** One walk over a pattern. */
class Translation {
  readonly result: string;
  #at = 0;

  constructor(private readonly source: string) {
    let result = "";
    while (this.#at < source.length) result += this.#next();
    this.result = result;
  }

  #next(): string {
    const char = this.#take();
    switch (char) {
      case "\\":
        return this.#escape();
      case "[":
        return this.#characterClass();
      case "(":
        return this.#group();
      case ".":
        return `[^${LINE_BREAK}]`;
      case "$":
        // Java's end is also the place before a last line break.
        return `(?=(?:\\r\\n|[${LINE_BREAK}])?(?![^]))`;
      case "*":
      case "+":
      case "?":
        return char + this.#laziness();
      case "{":
        return this.#repetition();
      case "]":
      case "}":
        return `\\${char}`;
      default:
        return char;
    }
  }

  #escape(): string {
    const char = this.#take();
    if (char === "") return this.#refuse("a backslash before nothing");
    if (char === "b" || SAME_ESCAPES.includes(char)) return `\\${char}`;
    const otherwise = SPELLED_OTHERWISE[char];
    if (otherwise !== undefined) return otherwise;
    if (char === "u" || char === "x") return this.#codePoint(char);
    if (/[1-9]/.test(char)) return `\\${char}`;
    if (/[A-Za-z0]/.test(char)) return this.#refuse(`\\${char}`);
    return literally(char);
  }

  #codePoint(kind: "u" | "x"): string {
    const digits = this.source.slice(this.#at, this.#at + (kind === "u" ? 4 : 2));
    if (!/^[0-9A-Fa-f]+$/.test(digits)) return this.#refuse(`\\${kind}`);
    this.#at += digits.length;
    return `\\${kind}${digits}`;
  }

  #characterClass(): string {
    let result = "[";
    if (this.source[this.#at] === "^") result += this.#take();
    for (let first = true; ; first = false) {
      const char = this.#take();
      if (char === "]" && !first) return `${result}]`;
      if (char === "") return this.#refuse("[ without ]");
      if (char === "[" || (char === "&" && this.source[this.#at] === "&"))
        return this.#refuse("a class inside a class");
      if (char === "\\") result += this.#escapeInClass();
      else result += /[\]^]/.test(char) ? `\\${char}` : char;
    }
  }

  #escapeInClass(): string {
    const char = this.source[this.#at] ?? "";
    if (char === "s") {
      this.#at++;
      return WHITE_SPACE;
    }
    if (char === "S" || char === "b") return this.#refuse(`\\${char} inside a class`);
    if (/[-^]/.test(char)) {
      this.#at++;
      return `\\${char}`;
    }
    return this.#escape();
  }

  #group(): string {
    if (this.source[this.#at] !== "?") return "(";
    const kind = /^\?(?::|=|!|<=|<!)/.exec(this.source.slice(this.#at))?.[0];
    if (kind === undefined) return this.#refuse(`(${this.source.slice(this.#at, this.#at + 3)}`);
    this.#at += kind.length;
    return `(${kind}`;
  }

  #repetition(): string {
    const bounds = /^\d+(?:,\d*)?\}/.exec(this.source.slice(this.#at))?.[0];
    if (bounds === undefined) return this.#refuse("{ that is no repetition");
    this.#at += bounds.length;
    return `{${bounds}${this.#laziness()}`;
  }

  #laziness(): string {
    const next = this.source[this.#at];
    if (next === "+") return this.#refuse("a possessive quantifier");
    return next === "?" ? this.#take() : "";
  }

  #take(): string {
    return this.source[this.#at++] ?? "";
  }

  #refuse(what: string): never {
    throw new TemplateError(`the pattern ${this.source} uses ${what}, which JavaScript does not read as Java does`);
  }
}

/** JavaScript with the u flag lets only these be escaped. */
function literally(char: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

function translateReplacement(replacement: string): string {
  if (!/[\\$]/.test(replacement)) return replacement;
  return replacement.replace(/\\([^])|\\$|\$(\d?)/g, (text, escaped: string | undefined, group: string | undefined) => {
    if (escaped !== undefined) return escaped === "$" ? "$$" : escaped;
    if (group === undefined || group === "")
      throw new TemplateError(`the replacement ${replacement} ends in a stray ${text}`);
    return group === "0" ? "$&" : text;
  });
}
