/**
 * Names of delivered objects: a prefix with expressions, and a suffix that tells deliveries apart. Source: Firehose
 * developer guide, "Custom prefixes for Amazon S3 objects" and "Amazon S3 object name format".
 */
import { createHash } from "node:crypto";
import { StageError } from "../../diagnostics";
import { compileDatePattern, type WriteTime } from "./date-pattern";

/** What a prefix is evaluated for. */
export interface Delivery {
  /** Arrival of the oldest record in the object, milliseconds since the epoch. */
  readonly oldest: number;
  /** The same for the same records, however often they are delivered. */
  readonly id: string;
  /** Why the records are not where they belong. */
  readonly errorType?: string;
}

export type Prefix = (delivery: Delivery) => string;

/** What Firehose puts behind a prefix that says nothing of time. */
const DEFAULT_TIME = compileDatePattern("yyyy/MM/dd/HH/");

const EXPRESSION = /!\{([^:{}]*):([^{}]*)\}/g;

/** The prefix of deliveries. @throws StageError for an expression that is not understood or has no place there */
export function compilePrefix(text: string): Prefix {
  if (/!\{firehose:error-output-type\}/.test(text)) {
    throw new StageError("!{firehose:error-output-type} has no place in prefix: put it into errorOutputPrefix");
  }
  return compile(text);
}

/**
 * The prefix of what could not be delivered.
 * @param prefix of deliveries: where it has expressions, failures must have a prefix of their own
 * @throws StageError
 */
export function compileErrorPrefix(text: string | undefined, prefix: string): Prefix {
  if (text === undefined && hasExpressions(prefix)) {
    throw new StageError("errorOutputPrefix must be given where prefix has expressions");
  }
  const meant = text ?? `${prefix}!{firehose:error-output-type}/`;
  if (hasExpressions(meant) && !meant.includes("!{firehose:error-output-type}")) {
    throw new StageError("errorOutputPrefix has expressions, so it must have !{firehose:error-output-type} among them");
  }
  return compile(meant);
}

function hasExpressions(text: string): boolean {
  return text.search(EXPRESSION) >= 0;
}

type Part = (delivery: Delivery, index: number) => string;

function compile(text: string): Prefix {
  const parts: Part[] = [];
  let position = 0;
  for (const match of text.matchAll(EXPRESSION)) {
    const [whole, namespace = "", value = ""] = match;
    parts.push(literal(text.slice(position, match.index)), expression(namespace, value));
    position = match.index + whole.length;
  }
  parts.push(literal(text.slice(position)));
  const timed = /!\{timestamp:/.test(text);
  return (delivery) => {
    const prefix = parts.map((part, index) => part(delivery, index)).join("");
    return timed ? prefix : prefix + DEFAULT_TIME(new Date(delivery.oldest));
  };
}

function literal(text: string): Part {
  if (text.includes("!{"))
    throw new StageError(`"${text}" has an expression that does not end: write !{namespace:value}`);
  return () => text;
}

function expression(namespace: string, value: string): Part {
  if (namespace === "timestamp") {
    const write: WriteTime = compileDatePattern(value);
    return ({ oldest }) => write(new Date(oldest));
  }
  if (namespace === "firehose" && value === "error-output-type") return ({ errorType }) => errorType ?? "";
  if (namespace === "firehose" && value === "random-string")
    return ({ id }, index) => digest(`${id}/${index}`).slice(0, 11);
  throw new StageError(
    `!{${namespace}:${value}} is not understood: the local stage knows !{timestamp:...}, !{firehose:random-string} and, for failures, !{firehose:error-output-type}`,
  );
}

const SUFFIX_TIME = compileDatePattern("yyyy-MM-dd-HH-mm-ss");

/** The first version of a delivery stream, which the stage never changes. */
export const STREAM_VERSION = 1;

/** `raw-1-2026-01-05-10-00-00-<uuid>`, with the extension behind it. */
export function suffixOf(stream: string, { oldest, id }: Delivery, extension: string): string {
  const uuid = digest(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
  return `${stream}-${STREAM_VERSION}-${SUFFIX_TIME(new Date(oldest))}-${uuid}${extension}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
