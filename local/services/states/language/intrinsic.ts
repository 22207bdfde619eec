/** Intrinsic functions of JSONPath states, `States.Format('{}', $.name)`: read once, called with each scope. */
import { PathError } from "./path";
import { INTRINSICS } from "./intrinsic-functions";
import type { Json } from "./json";

/** An argument: a value, a path, or a call. */
export type Argument =
  { readonly kind: "value"; readonly value: Json } | { readonly kind: "path"; readonly source: string } | Call;

export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Argument[];
}

const DEEPEST = 10;
const NAME = /^\s*(States\.[A-Za-z0-9]+)\(/;
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?/;
const WORD = /^(null|true|false)(?=\s*[,)])/;
const TEXT = /^'((?:[^'\\]|\\[\s\S])*)'/;
const PATH = /^\$(?:\[[^\]]*\]|[^,)\s[])*/;

export function isCall(source: string): boolean {
  return NAME.test(source);
}

/** @throws PathError that says where the expression is not understood */
export function parseCall(source: string): Call {
  const { call, rest } = readCall(source, source, 1);
  if (rest.trim() !== "") throw new PathError(`${source} goes on after its end: ${rest}`);
  return call;
}

function readCall(text: string, source: string, depth: number): { call: Call; rest: string } {
  const [head, name = ""] = NAME.exec(text) ?? [];
  if (head === undefined) throw new PathError(`${source} is no call of an intrinsic function`);
  if (!Object.hasOwn(INTRINSICS, name)) {
    throw new PathError(`${name} is no intrinsic function; there are ${Object.keys(INTRINSICS).join(", ")}`);
  }
  if (depth > DEEPEST) throw new PathError(`${source} has more than ${DEEPEST} calls inside each other`);
  const args: Argument[] = [];
  let rest = text.slice(head.length).trimStart();
  while (!rest.startsWith(")")) {
    if (args.length > 0) rest = afterComma(rest, source);
    const read = readArgument(rest, source, depth);
    args.push(read.argument);
    rest = read.rest.trimStart();
  }
  return { call: { kind: "call", name, args }, rest: rest.slice(1) };
}

function afterComma(rest: string, source: string): string {
  if (!rest.startsWith(","))
    throw new PathError(`${source} is not understood at ${rest || "its end"}: expected , or )`);
  return rest.slice(1).trimStart();
}

function readArgument(rest: string, source: string, depth: number): { argument: Argument; rest: string } {
  if (NAME.test(rest)) {
    const inner = readCall(rest, source, depth + 1);
    return { argument: inner.call, rest: inner.rest };
  }
  const readers: readonly [RegExp, (match: RegExpExecArray) => Argument][] = [
    [TEXT, ([, text = ""]) => ({ kind: "value", value: text.replace(/\\(['\\{}])/g, keepBraces) })],
    [PATH, ([path]) => ({ kind: "path", source: path })],
    [WORD, ([word]) => ({ kind: "value", value: JSON.parse(word) as Json })],
    [NUMBER, ([digits]) => ({ kind: "value", value: Number(digits) })],
  ];
  for (const [pattern, read] of readers) {
    const match = pattern.exec(rest);
    if (match !== null) return { argument: read(match), rest: rest.slice(match[0].length) };
  }
  throw new PathError(
    `${source} is not understood at ${rest || "its end"}: expected a path, a 'text', a number or a call`,
  );
}

/** Escaped braces stay escaped, for Format to tell them from its own. */
function keepBraces(whole: string, escaped: string): string {
  return escaped === "{" || escaped === "}" ? whole : escaped;
}
