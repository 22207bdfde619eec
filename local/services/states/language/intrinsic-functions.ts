/**
 * What the intrinsic functions do. Source: Step Functions developer guide, "Intrinsic functions for JSONPath states".
 * Each throws an Error that says what it was given.
 */
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { isObject, kindOf, type Json } from "./json";
import { hash, partition, range, seededRandom } from "./jsonata-expression";

type Intrinsic = (args: readonly Json[], random: () => number) => Json;

const LONGEST_ENCODED = 10_000;

export const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  "States.Array": (args) => args,
  "States.ArrayPartition": ([list, size]) => partition(listOf(list), numberOf(size)),
  "States.ArrayContains": ([list, wanted]) => listOf(list).some((item) => isDeepStrictEqual(item, wanted)),
  "States.ArrayRange": ([first, last, step]) => range(numberOf(first), numberOf(last), numberOf(step)),
  "States.ArrayGetItem": ([list, index]) => {
    const item = listOf(list)[numberOf(index)];
    if (item === undefined) throw new Error(`the list has no item ${numberOf(index)}`);
    return item;
  },
  "States.ArrayLength": ([list]) => listOf(list).length,
  "States.ArrayUnique": ([list]) =>
    listOf(list).filter((item, index, all) => all.findIndex((other) => isDeepStrictEqual(item, other)) === index),
  "States.Base64Encode": ([text]) => Buffer.from(shortOf(text)).toString("base64"),
  "States.Base64Decode": ([text]) => Buffer.from(shortOf(text), "base64").toString("utf8"),
  "States.Format": ([template, ...values]) => format(textOf(template), values),
  "States.Hash": ([value, algorithm]) =>
    hash(typeof value === "string" ? value : JSON.stringify(value ?? null), textOf(algorithm)),
  "States.JsonMerge": ([first, second, isDeep]) => {
    if (isDeep !== false) throw new Error("only the shallow merge is supported: the third argument must be false");
    if (!isObject(first) || !isObject(second)) throw new Error("expected two objects");
    return { ...first, ...second };
  },
  "States.JsonToString": ([value]) => JSON.stringify(value ?? null),
  "States.MathAdd": ([first, second]) => Math.round(numberOf(first)) + Math.round(numberOf(second)),
  "States.MathRandom": ([first, last, seed], random) => {
    const [low, high] = [Math.round(numberOf(first)), Math.round(numberOf(last))];
    const share = seed === undefined ? random() : seededRandom(numberOf(seed));
    return low + Math.floor(share * (high - low));
  },
  "States.StringSplit": ([text, delimiters]) => {
    const parts = new Set(textOf(delimiters));
    return [...textOf(text)]
      .reduce<string[]>(
        (words, letter) =>
          parts.has(letter) ? [...words, ""] : [...words.slice(0, -1), (words.at(-1) ?? "") + letter],
        [""],
      )
      .filter((word) => word !== "");
  },
  "States.StringToJson": ([text]) => JSON.parse(textOf(text)) as Json,
  "States.UUID": () => randomUUID(),
};

/** `{}` stands for the next value; `\{` and `\}` are braces. */
function format(template: string, values: readonly Json[]): string {
  const left = [...values];
  const text = template.replace(/\\([{}\\])|\{\}/g, (_, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = left.shift();
    if (value === undefined) throw new Error("there are more {} than values");
    if (Array.isArray(value) || isObject(value)) throw new Error(`${kindOf(value)} cannot stand for {}`);
    return typeof value === "string" ? value : JSON.stringify(value);
  });
  if (left.length > 0) throw new Error("there are more values than {}");
  return text;
}

function listOf(value: Json | undefined): readonly Json[] {
  if (!Array.isArray(value)) throw new Error(`expected a list, got ${kindOf(value)}`);
  return value as readonly Json[];
}

function textOf(value: Json | undefined): string {
  if (typeof value !== "string") throw new Error(`expected text, got ${kindOf(value)}`);
  return value;
}

function shortOf(value: Json | undefined): string {
  const text = textOf(value);
  if (text.length > LONGEST_ENCODED) throw new Error(`a text has at most ${LONGEST_ENCODED} characters here`);
  return text;
}

function numberOf(value: Json | undefined): number {
  if (typeof value !== "number") throw new Error(`expected a number, got ${kindOf(value)}`);
  return value;
}
