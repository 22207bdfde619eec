/**
 * JSONPath as states use it: `$.a.b`, `$['a b']`, `$.list[0]`, `[-1]`, `[0:2]`, `[*]`, `.*`, `..name`, on the input (`$`),
 * the context object (`$$`) or a variable (`$name`). Filters and scripts are refused.
 */
import { isObject, type Json } from "./json";

type Step =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "slice"; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: "descend" };

export interface Path {
  readonly source: string;
  /** The input, the context object, or a variable by its name. */
  readonly root: "input" | "context" | { readonly variable: string };
  readonly steps: readonly Step[];
  /** Whether the path names one place: only such a path can be written to. */
  readonly isReference: boolean;
}

export class PathError extends Error {
  override readonly name = "PathError";
}

const ROOT = /^(?:(\$\$)|\$([\p{ID_Start}_][\p{ID_Continue}]*)|(\$))/u;
const STEP =
  /^(?:(\.\.)(?=[\p{ID_Start}_[*])|\.(\*)|\.?([\p{ID_Start}_][\p{ID_Continue}-]*)|\[(?:(\*)|(-?\d+)|(-?\d*):(-?\d*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\])/u;

/** @throws PathError that says what is allowed */
export function parsePath(source: string): Path {
  const [whole, context, variable] = ROOT.exec(source) ?? [];
  if (whole === undefined) throw new PathError(`a path begins with $, $$ or $variable, got ${source}`);
  const steps: Step[] = [];
  for (let rest = source.slice(whole.length); rest !== "";) {
    const match = STEP.exec(rest);
    const isBare = match?.[3] !== undefined && !match[0].startsWith(".") && steps.at(-1)?.kind !== "descend";
    if (match === null || isBare) {
      throw new PathError(
        `${source} is not understood at ${rest}; allowed: .name ['name'] [0] [-1] [0:2] [*] .* ..name`,
      );
    }
    steps.push(stepOf(match));
    rest = rest.slice(match[0].length);
  }
  const isReference = steps.every(({ kind }) => kind === "member" || kind === "index");
  const root = context !== undefined ? "context" : variable !== undefined ? { variable } : "input";
  return { source, root, steps, isReference };
}

function stepOf([, descend, wild, name, all, index, from, to, single, double]: RegExpExecArray): Step {
  if (descend !== undefined) return { kind: "descend" };
  if (wild !== undefined || all !== undefined) return { kind: "all" };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  if (from !== undefined || to !== undefined) {
    return { kind: "slice", from: boundOf(from), to: boundOf(to) };
  }
  return { kind: "member", name: name ?? (single ?? double ?? "").replace(/\\(.)/g, "$1") };
}

function boundOf(text: string | undefined): number | undefined {
  return text === undefined || text === "" ? undefined : Number(text);
}

/** What a path finds: one value for a path to one place, else the list of all. @returns nothing where there is none */
export function select(path: Path, root: Json): Json | undefined {
  let found: readonly Json[] = [root];
  for (const step of path.steps) found = found.flatMap((value) => follow(step, value));
  return path.isReference ? found[0] : found;
}

function follow(step: Step, value: Json): readonly Json[] {
  switch (step.kind) {
    case "member":
      return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name] ?? null] : [];
    case "index": {
      const item = Array.isArray(value) ? (value as readonly Json[]).at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case "slice":
      return Array.isArray(value) ? (value as readonly Json[]).slice(step.from, step.to) : [];
    case "all":
      return membersOf(value);
    case "descend":
      return [value, ...membersOf(value).flatMap((inner) => follow(step, inner))];
  }
}

function membersOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  return isObject(value) ? Object.values(value) : [];
}

/** A copy of a document with a value at a place; objects on the way are made. @throws PathError where the way is blocked */
export function place(path: Path, document: Json, value: Json): Json {
  return put(path, path.steps, document, value);
}

function put(path: Path, [step, ...rest]: readonly Step[], document: Json, value: Json): Json {
  if (step === undefined) return value;
  if (step.kind === "member" && isObject(document)) {
    const inner = Object.hasOwn(document, step.name) ? document[step.name] : undefined;
    return { ...document, [step.name]: put(path, rest, inner ?? {}, value) };
  }
  if (step.kind === "index" && Array.isArray(document) && step.index >= 0 && step.index < document.length) {
    return (document as readonly Json[]).map((item, index) =>
      index === step.index ? put(path, rest, item, value) : item,
    );
  }
  throw new PathError(`${path.source} leads nowhere in the input`);
}
