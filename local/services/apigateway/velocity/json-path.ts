/** The part of JSONPath that mapping templates use: names, places in lists, and all of them (`[*]`). */
import { JsonArray, TemplateError, type Value } from "./value";

/** @returns nothing (null) where the path leads nowhere */
export type JsonPath = (root: Value) => Value;

/** Paths come from templates; one that is made from a request's data must not fill the memory. */
const MOST_REMEMBERED = 200;
const remembered = new Map<string, JsonPath>();

const STEP = /\.([A-Za-z_][\w-]*)|\.\*|\[(?:'([^'\\]*)'|"([^"\\]*)"|(\d+)|\*)\]/y;

/** @throws TemplateError when the path is not of this part */
export function jsonPath(path: string): JsonPath {
  const known = remembered.get(path);
  if (known !== undefined) return known;
  const compiled = compile(path);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(path, compiled);
  return compiled;
}

function compile(path: string): JsonPath {
  if (!path.startsWith("$")) return refuse(path);
  const steps: (string | number | undefined)[] = [];
  for (STEP.lastIndex = 1; STEP.lastIndex < path.length;) {
    const match = STEP.exec(path);
    if (match === null) return refuse(path);
    const [, name, single, double, place] = match;
    steps.push(place === undefined ? (name ?? single ?? double) : Number(place));
  }
  return (root) => follow(root, steps);
}

function follow(root: Value, steps: readonly (string | number | undefined)[]): Value {
  let value = root;
  for (const [index, step] of steps.entries()) {
    if (step === undefined) {
      const items = Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : undefined;
      if (items === undefined) return null;
      const rest = steps.slice(index + 1);
      return JsonArray.from(items.map((item) => follow(item, rest)).filter((item) => item !== null));
    }
    if (typeof step === "string" && value instanceof Map) value = value.get(step) ?? null;
    else if (typeof step === "number" && Array.isArray(value)) value = value[step] ?? null;
    else return null;
  }
  return value;
}

function refuse(path: string): never {
  throw new TemplateError(
    `the path ${path} is not modelled by the local stage: use $.name, $['name'], $.list[0] or $.list[*]`,
  );
}
