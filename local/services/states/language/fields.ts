/** Reads the fields of one object of a definition; what does not fit is refused with its place, what is unknown too. */
import { isObject, kindOf, type Json, type JsonObject } from "./json";
import type { Place } from "./place";

export class Fields {
  private constructor(
    private readonly raw: JsonObject,
    readonly place: Place,
  ) {}

  static of(raw: unknown, place: Place): Fields {
    if (isObject(raw)) return new Fields(raw, place);
    place.refuse(`must be an object, got ${kindOf(raw)}`);
    return new Fields({}, place);
  }

  get names(): readonly string[] {
    return Object.keys(this.raw);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.raw, name);
  }

  value(name: string): Json | undefined {
    return this.has(name) ? this.raw[name] : undefined;
  }

  at(name: string | number): Place {
    return this.place.at(name);
  }

  /** @param what whose fields these are, for the message */
  expectOnly(allowed: readonly string[], what: string): void {
    for (const name of this.names.filter((each) => !allowed.includes(each))) {
      this.at(name).refuse(`${what} has no such field here; it may have ${allowed.join(", ")}`);
    }
  }

  atMostOneOf(...names: readonly string[]): void {
    const given = names.filter((name) => this.has(name));
    if (given.length > 1) this.place.refuse(`has ${given.join(" and ")}: keep one of them`);
  }

  text(name: string): string {
    return this.optionalText(name, true) ?? "";
  }

  optionalText(name: string, isNeeded = false): string | undefined {
    return this.#read(name, isNeeded, "text", (value) => (typeof value === "string" ? value : undefined));
  }

  flag(name: string): boolean {
    return (
      this.#read(name, false, "true or false", (value) => (typeof value === "boolean" ? value : undefined)) ?? false
    );
  }

  /** @param bounds both included */
  number(name: string, fallback: number, { least, most, isWhole = true }: NumberBounds): number {
    const noun = `a ${isWhole ? "whole " : ""}number from ${least}${most === undefined ? "" : ` to ${most}`}`;
    const read = this.#read(name, false, noun, (value) => {
      const isFit = typeof value === "number" && value >= least && value <= (most ?? Infinity);
      return isFit && (!isWhole || Number.isInteger(value)) ? value : undefined;
    });
    return read ?? fallback;
  }

  list(name: string): readonly Json[] {
    return (
      this.#read(name, true, "a list with at least one entry", (value) =>
        Array.isArray(value) && value.length > 0 ? (value as readonly Json[]) : undefined,
      ) ?? []
    );
  }

  optionalList(name: string): readonly Json[] {
    return this.has(name) ? this.list(name) : [];
  }

  object(name: string): Fields {
    return Fields.of(this.value(name), this.at(name));
  }

  #read<Value>(
    name: string,
    isNeeded: boolean,
    noun: string,
    read: (value: Json) => Value | undefined,
  ): Value | undefined {
    const value = this.value(name);
    if (value === undefined) {
      if (isNeeded) this.at(name).refuse(`is needed: ${noun}`);
      return undefined;
    }
    const found = read(value);
    if (found === undefined) this.at(name).refuse(`must be ${noun}, got ${JSON.stringify(value)}`);
    return found;
  }
}

export interface NumberBounds {
  readonly least: number;
  readonly most?: number;
  readonly isWhole?: boolean;
}
