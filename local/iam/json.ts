/**
 * Strict JSON: what `JSON.parse` reads, but a key that stands twice in one object is refused. `JSON.parse` keeps the
 * last one silently, and a policy whose second `Effect` wins is not the policy that was reviewed.
 */
import { PolicyError, refuse } from "./refusal";

/** A stretch of valid JSON: a string, or one of the characters that give it structure. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

interface Level {
  /** Keys seen in this object; absent for an array. */
  readonly keys: Set<string> | undefined;
  /** Where inside the level the scan stands: the latest key or index. */
  at: string | number;
}

/** @throws PolicyError when the text is not JSON or repeats a key */
export function parseJson(text: string, place: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PolicyError(`${place}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  refuseRepeatedKeys(text, place);
  return value;
}

function refuseRepeatedKeys(text: string, place: string): void {
  const levels: Level[] = [];
  let latest = "";
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === "{") levels.push({ keys: new Set(), at: "" });
    else if (token === "[") levels.push({ keys: undefined, at: 0 });
    else if (token === "}" || token === "]") levels.pop();
    else if (token === "," && typeof level?.at === "number") level.at++;
    else if (token === ":" && level?.keys !== undefined) {
      const key = JSON.parse(latest) as string;
      if (level.keys.has(key)) refuse(`${place}: ${pathOf(levels.slice(0, -1))}`, key, "each key once");
      level.keys.add(key);
      level.at = key;
    } else latest = token;
  }
}

function pathOf(levels: readonly Level[]): string {
  const path = levels.map(({ at }) => (typeof at === "number" ? `[${at}]` : `.${at}`)).join("");
  return path === "" ? "the document" : path.replace(/^\./, "");
}
