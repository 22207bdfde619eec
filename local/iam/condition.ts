/**
 * The `Condition` element, compiled to one question about a request. All its tests must hold; each test compares one
 * context key with a list of values.
 *
 * Facts: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued context
 * keys". An absent key fails a test, but passes a negated one, `IfExists` and `ForAllValues`. What the guide leaves
 * open (a multivalued key without a set operator, a value of the wrong type, a variable without value in a negated
 * test, `ForAnyValue` with `IfExists` and no key) is read to the caller's disadvantage: an Allow does not apply, a Deny
 * does.
 */
import { type Comparison, type Operator, OPERATORS, readBoolean } from "./comparison";
import type { RequestContext } from "./context";
import { refuse } from "./refusal";

/** One line of a `Condition` element, e.g. `"ForAllValues:StringLike": {"aws:TagKeys": ["a*", "b"]}`. */
export interface Condition {
  /** As written, with set operator and suffix. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Whether the statement's conditions hold for a request. */
export type ConditionTest = (context: RequestContext) => boolean;

/** A test's answer; undefined when the request cannot be judged. */
type Verdict = boolean | undefined;

type SetOperator = "ForAllValues" | "ForAnyValue";

/**
 * @param whenUnclear what counts when a request cannot be judged: false in an Allow, true in a Deny
 * @throws PolicyError for an unknown operator, or a value that is not of the operator's type
 */
export function compileConditions(
  conditions: readonly Condition[],
  { variables, whenUnclear, place }: { variables: boolean; whenUnclear: boolean; place: string },
): ConditionTest {
  const tests = conditions.map((condition) => compileCondition(condition, variables, place));
  return (context) => tests.every((test) => test(context) ?? whenUnclear);
}

function compileCondition(
  condition: Condition,
  variables: boolean,
  place: string,
): (context: RequestContext) => Verdict {
  const key = condition.key.toLowerCase();
  const here = `${place}.${condition.operator}.${condition.key}`;
  if (condition.operator === "Null") return compileNull(key, condition.values, here);
  const { set, operator, ifExists } = readOperator(condition.operator, place);
  const comparisons = condition.values.map((value) => operator.read(value, variables, here));
  const judge = (given: string, context: RequestContext): Verdict =>
    compareAny(given, comparisons, operator.negated, context);

  switch (set) {
    case undefined:
      return (context) => {
        const value = context.valueOf(key);
        if (value === undefined) return ifExists || operator.negated;
        if (typeof value === "string") return judge(value, context);
        const [only, ...others] = value;
        return only === undefined || others.length > 0 ? undefined : judge(only, context);
      };
    case "ForAllValues":
      return (context) => {
        const values = valuesOf(context, key);
        return values === undefined || everyVerdict(values.map((value) => judge(value, context)));
      };
    case "ForAnyValue":
      return (context) => {
        const values = valuesOf(context, key);
        if (values === undefined) return ifExists ? undefined : false;
        return someVerdict(values.map((value) => judge(value, context)));
      };
  }
}

/** `true` asks for the absence of the key, `false` for its presence. */
function compileNull(key: string, values: readonly string[], place: string): (context: RequestContext) => Verdict {
  const wanted = values.map((value) => readBoolean(value) ?? refuse(place, value, '"true" or "false"'));
  return (context) => wanted.includes(context.valueOf(key) === undefined);
}

/** One value of the request against all values of the policy: any of them will do, or, when negated, none may. */
function compareAny(
  given: string,
  comparisons: readonly Comparison[],
  negated: boolean,
  context: RequestContext,
): Verdict {
  let unclear = false;
  for (const compare of comparisons) {
    const same = compare(given, context.lookup);
    if (same === true) return !negated;
    unclear ||= same === undefined;
  }
  return unclear ? undefined : negated;
}

/** A set operator takes empty text for no value. */
function valuesOf(context: RequestContext, key: string): readonly string[] | undefined {
  const value = context.valueOf(key);
  const values = typeof value === "string" ? [value] : (value ?? []);
  return values.every((text) => text === "") ? undefined : values;
}

function everyVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

function someVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

function readOperator(
  text: string,
  place: string,
): { set: SetOperator | undefined; operator: Operator; ifExists: boolean } {
  const [, set, name = "", suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  const operator =
    OPERATORS.get(name) ??
    refuse(place, text, `Null, or ${[...OPERATORS.keys()].join(", ")}, with ForAllValues:, ForAnyValue: or IfExists`);
  return {
    set: set === "ForAllValues" || set === "ForAnyValue" ? set : undefined,
    operator,
    ifExists: suffix !== undefined,
  };
}
