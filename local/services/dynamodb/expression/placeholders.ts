/**
 * What `#name` and `:value` stand for in the expressions of one request. Each must be of the right form and must be
 * used; the names of attributes that expressions speak of are gathered on the way.
 */
import { readValue, type AttributeValue } from "../value/attribute-value";
import { AwsError } from "../../service";
import { invalidRequest, unreadable } from "../refusal";

type Kind = "ExpressionAttributeNames" | "ExpressionAttributeValues";

export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #unusedNames: Set<string>;
  readonly #unusedValues: Set<string>;

  /** @throws AwsError when a placeholder is not of the form `#name` or `:value`, or its value is none */
  constructor(names: unknown, values: unknown) {
    this.#names = readPlaceholders("ExpressionAttributeNames", /^#[A-Za-z0-9_]+$/, names, readName);
    this.#values = readPlaceholders("ExpressionAttributeValues", /^:[A-Za-z0-9_]+$/, values, readValue);
    this.#unusedNames = new Set(this.#names.keys());
    this.#unusedValues = new Set(this.#values.keys());
  }

  /** The attribute's name that `#name` stands for, or nothing. */
  name(placeholder: string): string | undefined {
    this.#unusedNames.delete(placeholder);
    return this.#names.get(placeholder);
  }

  /** The value that `:value` stands for, or nothing. */
  value(placeholder: string): AttributeValue | undefined {
    this.#unusedValues.delete(placeholder);
    return this.#values.get(placeholder);
  }

  get areNamesGiven(): boolean {
    return this.#names.size > 0;
  }

  get areValuesGiven(): boolean {
    return this.#values.size > 0;
  }

  /** @throws AwsError when a placeholder was defined for nothing */
  refuseUnused(): void {
    refuseLeft("ExpressionAttributeNames", this.#unusedNames);
    refuseLeft("ExpressionAttributeValues", this.#unusedValues);
  }
}

function readPlaceholders<Meaning>(
  kind: Kind,
  form: RegExp,
  wire: unknown,
  read: (wire: unknown) => Meaning,
): ReadonlyMap<string, Meaning> {
  if (wire === undefined || wire === null) return new Map();
  if (typeof wire !== "object" || Array.isArray(wire)) throw unreadable(`${kind}: Expected map or null`);
  const entries = Object.entries(wire);
  if (entries.length === 0) throw invalidRequest(`${kind} must not be empty`);
  return new Map(
    entries.map(([key, meaning]) => {
      if (!form.test(key)) throw invalidRequest(`${kind} contains invalid key: Syntax error; key: "${key}"`);
      return [key, readMeaning(kind, key, () => read(meaning))];
    }),
  );
}

function readMeaning<Meaning>(kind: Kind, key: string, read: () => Meaning): Meaning {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ValidationException") throw error;
    throw invalidRequest(`${kind} contains invalid value: ${error.message} for key ${key}`);
  }
}

function readName(wire: unknown): string {
  if (typeof wire !== "string") throw unreadable("ExpressionAttributeNames: Expected a string");
  if (wire === "") throw invalidRequest("An attribute name may not be empty");
  return wire;
}

function refuseLeft(kind: Kind, unused: ReadonlySet<string>): void {
  if (unused.size === 0) return;
  throw invalidRequest(`Value provided in ${kind} unused in expressions: keys: {${[...unused].join(", ")}}`);
}
