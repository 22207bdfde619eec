/** A preview as it is kept: without what differs from run to run and from machine to machine. */
import { SIGNATURES } from "../../local/monitor/wire";
import { DEFAULTS } from "./provider/naming";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The document of `pulumi preview --json`. */
export function normaliseDocument(text: string): string {
  return `${JSON.stringify(new Normaliser().normalise(JSON.parse(text) as Json))}\n`;
}

/** The stream of events; what the engine says of itself only when it is debugged is left out. */
export function normaliseEvents(text: string): string {
  const normaliser = new Normaliser();
  const events = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { diagnosticEvent?: { severity?: string } });
  return events
    .filter(({ diagnosticEvent }) => diagnosticEvent?.severity !== "debug")
    .map((event) => `${JSON.stringify(normaliser.normalise(event as Json))}\n`)
    .join("");
}

const FIXED: Readonly<Record<string, Json>> = {
  timestamp: 1_767_225_600,
  created: "2026-01-01T00:00:00Z",
  modified: "2026-01-01T00:00:00Z",
  duration: 1_000_000_000,
  durationSeconds: 1,
};

class Normaliser {
  readonly #drawn = new Map<string, string>();

  normalise(value: Json, key = ""): Json {
    const fixed = FIXED[key];
    if (fixed !== undefined) return fixed;
    if (typeof value === "string") return this.#text(value);
    if (Array.isArray(value)) {
      // Frames further out are the loader's.
      const items = key === "stackTrace" ? value.slice(0, 1) : value;
      return items.map((item) => this.normalise(item, key === DEFAULTS ? DEFAULTS : ""));
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.normalise(item, name)]));
  }

  #text(text: string): string {
    return text
      .replace(/project:\/\/\/[^"#]*?(?=engines\/|node_modules\/)/g, "project:///")
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (drawn) =>
        this.#numbered(drawn, "00000000-0000-4000-8000-", 12),
      )
      .replace(/(?<=[a-z]-)[0-9a-f]{7}(?![0-9a-z])/g, (drawn) => this.#numbered(drawn, "", 7));
  }

  /** The first that is met is 1, wherever it appears. */
  #numbered(drawn: string, prefix: string, digits: number): string {
    // Looks like an id, and says that a value is not known yet.
    if (drawn === SIGNATURES.unknown) return drawn;
    const known = this.#drawn.get(drawn) ?? `${prefix}${`${this.#drawn.size + 1}`.padStart(digits, "0")}`;
    this.#drawn.set(drawn, known);
    return known;
  }
}
