/**
 * Reads Velocity with velocityjs's parser, and refuses what that parser reads otherwise than Apache's: a template must
 * mean on AWS what it means here.
 */
import { parse } from "velocityjs";
import { TemplateError } from "./value";

/** Largest mapping template. Source: API Gateway quotas, "Mapping template size". */
const LARGEST_TEMPLATE = 300 * 1024;

export interface Reference {
  readonly type: "references";
  readonly id: string;
  readonly path?: readonly Step[];
  /** Only there when the reference is a call: `$x()`. */
  readonly args?: unknown;
}

/** What follows a reference's name. */
export type Step =
  | { readonly type: "property"; readonly id: string }
  | { readonly type: "method"; readonly id: string; readonly args: readonly Operand[] | false }
  | { readonly type: "index"; readonly id: Operand };

export type Operand =
  | Reference
  | { readonly type: "string"; readonly value: string; readonly isEval?: boolean }
  | { readonly type: "integer" | "decimal"; readonly value: string | number }
  | { readonly type: "bool"; readonly value: "true" | "false" | "null" }
  | { readonly type: "array"; readonly value: readonly Operand[]; readonly isRange?: false }
  | { readonly type: "array"; readonly value: readonly [RangeEnd, RangeEnd]; readonly isRange: true }
  | { readonly type: "map"; readonly value?: Readonly<Record<string, Operand>> }
  | { readonly type: "math"; readonly operator: string; readonly expression: readonly Operand[] };

export type RangeEnd = string | number | Reference;

export type Directive =
  | { readonly type: "set"; readonly equal: readonly [Reference, Operand] }
  | { readonly type: "if" | "elseif"; readonly condition: Operand }
  | { readonly type: "else" | "break" | "comment" }
  | { readonly type: "foreach"; readonly to: string; readonly from: Operand }
  | { readonly type: "raw"; readonly value: string }
  | { readonly type: "macro" | "macro_call" | "macro_body" | "define" | "noescape"; readonly id?: string };

/** A text, a reference, a directive, or a block: its opening directive and what it holds. */
export type Parsed = string | Reference | Directive | Block;
export type Block = readonly [Directive, ...Parsed[]];

/** Stands behind the template while it is parsed: where it comes out tells whether every block was closed. */
const END_MARK = "\u{e000}";

/** Directives that velocityjs takes for text, in the braced form or because it does not know them. */
const DIRECTIVE_AS_TEXT = /#\{?(?:set|if|elseif|else|end|foreach|break|stop|include|parse|evaluate|macro|define)\b/;

/** @throws TemplateError */
export function parseTemplate(text: string): readonly Parsed[] {
  if (text.length > LARGEST_TEMPLATE) throw new TemplateError(`a template has at most ${LARGEST_TEMPLATE} characters`);
  if (/\\[$#]/.test(text)) {
    throw new TemplateError(`a backslash before $ or # depends on what is defined: write '$' in single quotes`);
  }
  if (text.includes(END_MARK)) throw new TemplateError("the character U+E000 is the parser's own");
  const parsed = joinTexts(read(`${text}\n${END_MARK}`));
  checkTexts(parsed);
  return withoutEnd(parsed);
}

function read(text: string): readonly Parsed[] {
  try {
    return parse(text) as readonly unknown[] as readonly Parsed[];
  } catch (error) {
    throw new TemplateError(error instanceof Error ? error.message.split("\n").slice(0, 3).join("\n") : String(error));
  }
}

function withoutEnd(parsed: readonly Parsed[]): readonly Parsed[] {
  const last = parsed.at(-1);
  const ends = parsed.filter((part) => holdsEnd(part)).length;
  if (typeof last !== "string" || !last.endsWith(END_MARK) || ends !== 1) {
    throw new TemplateError("a #if or #foreach without its #end, or an #end too many");
  }
  const rest = last.slice(0, -END_MARK.length).replace(/\n$/, "");
  return rest === "" ? parsed.slice(0, -1) : [...parsed.slice(0, -1), rest];
}

function holdsEnd(part: Parsed): boolean {
  if (isBlock(part)) return part.some(holdsEnd);
  return typeof part === "string" && part.includes(END_MARK);
}

/** velocityjs cuts texts at every sign that might have begun something. */
function joinTexts(parsed: readonly Parsed[]): Parsed[] {
  const joined: Parsed[] = [];
  for (const part of parsed) {
    const last = joined.at(-1);
    if (typeof part === "string" && typeof last === "string") joined[joined.length - 1] = last + part;
    else joined.push(isBlock(part) ? ([part[0], ...joinTexts(part.slice(1))] as const) : part);
  }
  return joined.filter((part) => part !== "");
}

function checkTexts(parsed: readonly Parsed[]): void {
  for (const part of parsed) {
    if (isBlock(part)) checkTexts(part);
    else if (typeof part === "string") {
      const found = DIRECTIVE_AS_TEXT.exec(part)?.[0];
      if (found !== undefined) throw new TemplateError(`${found} is no directive that the local stage models`);
    }
  }
}

export function isBlock(part: Parsed): part is Block {
  return Array.isArray(part);
}

/** `$input.path(...).x`: how messages speak of a reference. */
export function describeReference({ id, path = [] }: Reference): string {
  const steps = path.map((step) => {
    if (step.type === "property") return `.${step.id}`;
    return step.type === "method" ? `.${step.id}(${step.args === false ? "" : "..."})` : "[...]";
  });
  return `$${id}${steps.join("")}`;
}
