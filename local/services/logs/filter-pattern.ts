/**
 * Filter patterns: terms of a plain text line (all of them, any of them with `?`, none of them with `-`) and one
 * comparison with a member of a JSON line. Source: CloudWatch Logs user guide, "Filter pattern syntax". What the stage
 * does not follow (several comparisons, columns, regular expressions) is refused.
 */
import { AwsError } from "../service";

export type LinePredicate = (message: string) => boolean;

/** @throws AwsError when the pattern is malformed or of a kind that the stage does not follow */
export function parseFilterPattern(pattern: string): LinePredicate {
  const text = pattern.trim();
  if (text === "") return () => true;
  if (text.startsWith("{")) return parseComparison(text);
  if (text.startsWith("[")) refuse(pattern, "columns of a line");
  if (/(^|\s)[-?]?%/.test(text)) refuse(pattern, "regular expressions");
  return parseTerms(text);
}

function parseTerms(text: string): LinePredicate {
  const terms = [...text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/g)].map(([, sign, quoted, bare]) => ({
    sign,
    term: quoted === undefined ? (bare ?? "") : quoted.replace(/\\(.)/g, "$1"),
  }));
  const signed = (wanted: string): string[] => terms.filter(({ sign }) => sign === wanted).map(({ term }) => term);
  const [all, any, none] = [signed(""), signed("?"), signed("-")];
  if (any.length > 0 && any.length < terms.length) refuse(text, "a mix of ? and other terms");
  return (line) =>
    all.every((term) => line.includes(term)) &&
    (any.length === 0 || any.some((term) => line.includes(term))) &&
    !none.some((term) => line.includes(term));
}

const COMPARISON = /^\{\s*\$((?:\.[\w-]+)+)\s*(=|!=|<=|>=|<|>)\s*(?:"([^"]*)"|([^\s"&|()]+))\s*\}$/;

function parseComparison(text: string): LinePredicate {
  const [, path = "", operator, quoted, bare = ""] = COMPARISON.exec(text) ?? [];
  if (operator === undefined) refuse(text, 'JSON patterns other than one comparison like { $.level = "ERROR" }');
  const keys = path.slice(1).split(".");
  const wanted = quoted ?? bare;
  const number = quoted === undefined && wanted !== "" ? Number(wanted) : NaN;
  const compare = Number.isNaN(number) ? comparingText(text, operator, wanted) : comparingNumbers(operator, number);
  return (line) => {
    const value = memberOf(line, keys);
    return value !== undefined && compare(value);
  };
}

function comparingNumbers(operator: string, wanted: number): (value: unknown) => boolean {
  return (value) => {
    if (typeof value !== "number") return operator === "!=";
    if (operator === "=") return value === wanted;
    if (operator === "!=") return value !== wanted;
    if (operator === "<") return value < wanted;
    if (operator === "<=") return value <= wanted;
    return operator === ">" ? value > wanted : value >= wanted;
  };
}

/** `*` stands for any run of characters. */
function comparingText(text: string, operator: string, wanted: string): (value: unknown) => boolean {
  if (operator !== "=" && operator !== "!=") refuse(text, `${operator} with a text`);
  const pattern = new RegExp(`^${wanted.split("*").map(escape).join(".*")}$`, "s");
  return (value) => pattern.test(String(value)) === (operator === "=");
}

function escape(text: string): string {
  return text.replace(/[\\^$.|?+()[\]{}]/g, "\\$&");
}

function memberOf(line: string, keys: readonly string[]): unknown {
  if (!line.startsWith("{")) return undefined;
  try {
    return keys.reduce<unknown>(
      (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      JSON.parse(line),
    );
  } catch {
    // A line that only looks like JSON has no members.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function refuse(pattern: string, what: string): never {
  throw new AwsError(
    "InvalidParameterException",
    `Invalid filter pattern: ${pattern}: the local stage does not follow ${what}`,
  );
}
