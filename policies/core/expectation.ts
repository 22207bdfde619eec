/** What a property must be: said once, judged the same way everywhere, and unproven while the value is not known. */
import { refersTo, type Resource, type Stack } from "./resource";
import { show, UNKNOWN, type Value } from "./value";

export interface Place {
  readonly resource: Resource;
  readonly path: string;
}

export interface Expectation {
  /** Completes "must be". */
  readonly allowed: string;
  judge(value: Value | undefined, place: Place): "holds" | "violated" | "unproven";
}

type Known = Exclude<Value, typeof UNKNOWN>;

/** Judges known values by a test. */
export function satisfying(allowed: string, test: (value: Known | undefined) => boolean): Expectation {
  return {
    allowed,
    judge: (value) => (value === UNKNOWN ? "unproven" : test(value) ? "holds" : "violated"),
  };
}

export function is(...values: readonly (string | number | boolean)[]): Expectation {
  return satisfying(values.map((each) => show(each)).join(" or "), (value) => values.some((each) => each === value));
}

export const TRUE = is(true);

/** False, or not said. */
export const NOT_TRUE = satisfying("false", (value) => value !== true);

export function between(least: number, most: number, unit: string): Expectation {
  return satisfying(
    `${least}..${most} ${unit}`,
    (value) => typeof value === "number" && value >= least && value <= most,
  );
}

export function atLeast(least: number, unit: string): Expectation {
  return satisfying(`at least ${least} ${unit}`, (value) => typeof value === "number" && value >= least);
}

export function matching(allowed: string, form: RegExp): Expectation {
  return satisfying(allowed, (value) => typeof value === "string" && form.test(value));
}

/** Something, whatever it will be: a value that is not known yet is there all the same. */
export function present(allowed: string): Expectation {
  return {
    allowed,
    judge: (value) => (value === undefined || value === "" ? "violated" : "holds"),
  };
}

export function absent(allowed = "left out"): Expectation {
  return { allowed, judge: (value) => (value === undefined ? "holds" : "violated") };
}

export const KEY = "aws:kms/key:Key";

/** A key of this stack: by its ARN or id where that is known, by wiring before. */
export function ourKey(stack: Stack): Expectation {
  return {
    allowed: "the ARN of a key of this stack",
    judge: (value, { resource, path }) => {
      if (stack.ofType(KEY).some((key) => refersTo(resource, path, key))) return "holds";
      return value === UNKNOWN ? "unproven" : "violated";
    },
  };
}
