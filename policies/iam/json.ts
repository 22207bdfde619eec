/**
 * Strict JSON with places: one pass that reads the value, and names every key that stands twice in one object.
 * `JSON.parse` keeps the last of them silently, so the policy that counts would not be the one that was reviewed.
 */

export interface JsonText {
  readonly value: unknown;
  /** Paths of keys that repeat one of their own object, in reading order. */
  readonly repeated: readonly string[];
}

export class JsonError extends Error {
  /** @param place path of the element that was being read */
  constructor(
    message: string,
    readonly place: string,
  ) {
    super(message);
  }
}

/** Deeper than any policy; a document beyond it is refused before the stack is. */
const DEEPEST = 64;

/** @throws JsonError with line and column for the first thing that is not JSON */
export function readJson(text: string): JsonText {
  const reader = new Reader(text);
  return { value: reader.readDocument(), repeated: reader.repeated };
}

/** `Statement[1]` + `Action` = `Statement[1].Action`. */
export function within(place: string, key: string | number): string {
  if (typeof key === "number") return `${place}[${key}]`;
  return place === "" ? key : `${place}.${key}`;
}

const WORD = /[^\s"{}[\],:]+/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WORDS = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

class Reader {
  readonly repeated: string[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    // A byte order mark is no content: editors put it there.
    this.#text = text.startsWith("\uFEFF") ? text.slice(1) : text;
  }

  readDocument(): unknown {
    const value = this.#readValue("", 0);
    if (this.#next() !== "") this.#fail("", "the end of the document");
    return value;
  }

  #readValue(place: string, depth: number): unknown {
    if (depth > DEEPEST) this.#fail(place, `at most ${DEEPEST} levels`);
    switch (this.#next()) {
      case "{":
        return this.#readObject(place, depth);
      case "[":
        return this.#readArray(place, depth);
      case '"':
        return this.#readString(place);
      default:
        return this.#readWord(place);
    }
  }

  #readObject(place: string, depth: number): unknown {
    const entries = new Map<string, unknown>();
    this.#at++;
    while (this.#next() !== "}") {
      if (entries.size > 0) this.#take(",", place);
      if (this.#next() !== '"') this.#fail(place, "a key in double quotes");
      const key = this.#readString(place);
      const here = within(place, key);
      this.#take(":", here);
      if (entries.has(key)) this.repeated.push(here);
      entries.set(key, this.#readValue(here, depth + 1));
    }
    this.#at++;
    return Object.fromEntries(entries);
  }

  #readArray(place: string, depth: number): unknown {
    const items: unknown[] = [];
    this.#at++;
    while (this.#next() !== "]") {
      if (items.length > 0) this.#take(",", place);
      items.push(this.#readValue(within(place, items.length), depth + 1));
    }
    this.#at++;
    return items;
  }

  #readString(place: string): string {
    STRING.lastIndex = this.#at;
    const [quoted] = STRING.exec(this.#text) ?? this.#fail(place, "a closed string without line breaks");
    this.#at += quoted.length;
    return JSON.parse(quoted) as string;
  }

  #readWord(place: string): unknown {
    WORD.lastIndex = this.#at;
    const [word] = WORD.exec(this.#text) ?? this.#fail(place, "a value");
    if (!WORDS.has(word) && !NUMBER.test(word)) this.#fail(place, "a value");
    this.#at += word.length;
    return WORDS.has(word) ? WORDS.get(word) : Number(word);
  }

  /** The next character that is no blank; empty at the end. */
  #next(): string {
    while (/[ \t\r\n]/.test(this.#text.charAt(this.#at))) this.#at++;
    return this.#text.charAt(this.#at);
  }

  #take(character: string, place: string): void {
    if (this.#next() !== character) this.#fail(place, `"${character}"`);
    this.#at++;
  }

  #fail(place: string, expected: string): never {
    const before = this.#text.slice(0, this.#at).split("\n");
    const got = this.#text.slice(this.#at, this.#at + 20).split("\n")[0];
    const where = `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
    throw new JsonError(`${where}: got ${got === "" ? "the end" : got}, allowed ${expected}`, place);
  }
}
