/** Texts with `$context` variables and nothing else: access log formats and gateway response templates. */
import { StageError } from "../../../diagnostics";
import { CONTEXT_NAMES, type Exchange } from "../exchange";
import { HostObject, print, type Value } from "../velocity/value";

const VARIABLE = /\$([A-Za-z]+)((?:\.[A-Za-z][\w-]*)*)/g;

export class ContextFormat {
  readonly #parts: readonly (string | readonly string[])[];

  /**
   * @param missing what stands for a variable without a value
   * @throws StageError when the text names anything but a known variable of `$context`
   */
  constructor(
    text: string,
    private readonly missing: string,
  ) {
    const parts: (string | readonly string[])[] = [];
    let from = 0;
    for (const { 0: variable, 1: root, 2: path = "", index } of text.matchAll(VARIABLE)) {
      const name = path.slice(1);
      if (root !== "context" || !CONTEXT_NAMES.some((known) => known === name)) {
        throw new StageError(
          `${variable} is not modelled by the local stage: it has $context.${CONTEXT_NAMES.join(", $context.")}`,
        );
      }
      parts.push(text.slice(from, index), name.split("."));
      from = index + variable.length;
    }
    this.#parts = [...parts, text.slice(from)].filter((part) => part !== "");
  }

  /** @param escape how a text is written into this format */
  render(exchange: Exchange, escape: (text: string) => string = (text) => text): string {
    // Joined, not added piece by piece: lines wait to be written, and with a sum all its pieces would wait.
    return this.#parts
      .map((part) => {
        if (typeof part === "string") return part;
        const value = valueAt(exchange, part);
        if (value === null) return this.missing;
        // The quoted message is escaped already.
        return typeof value === "string" && part[1] !== "messageString" ? escape(value) : print(value);
      })
      .join("");
  }
}

function valueAt(exchange: Exchange, path: readonly string[]): Value {
  let value: Value = exchange;
  for (const name of path) {
    if (value instanceof HostObject) value = value.property(name);
    else if (value instanceof Map) value = value.get(name) ?? null;
    else return null;
  }
  return value;
}
