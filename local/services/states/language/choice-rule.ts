/** Rules of a Choice in JSONPath: a comparison of what a path finds, or And, Or and Not of such. */
import { Fields } from "./fields";
import { EvaluationFailure, RUNTIME } from "./failure";
import { kindOf, type Json } from "./json";
import { find, ofInput } from "./jsonpath-expression";
import { parsePath, PathError, type Path } from "./path";
import type { Expression, Scope } from "./scope";
import { readTimestamp } from "./timestamp";

type Compare = (value: Json, wanted: Json) => boolean;

/** Values of one kind, brought to what can be compared; nothing for those of another kind. */
const KINDS: Readonly<Record<string, (value: Json) => string | number | boolean | undefined>> = {
  String: (value) => (typeof value === "string" ? value : undefined),
  Numeric: (value) => (typeof value === "number" ? value : undefined),
  Boolean: (value) => (typeof value === "boolean" ? value : undefined),
  Timestamp: (value) => readTimestamp(value),
};

const ORDERS: Readonly<Record<string, (order: number) => boolean>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

const COMPARISONS = new Map<string, Compare>(
  Object.entries(KINDS).flatMap(([kind, read]) =>
    Object.entries(ORDERS)
      .filter(([order]) => kind !== "Boolean" || order === "Equals")
      .map(([order, holds]) => [
        `${kind}${order}`,
        (value: Json, wanted: Json) => {
          const [left, right] = [read(value), read(wanted)];
          return left !== undefined && right !== undefined && holds(left < right ? -1 : left > right ? 1 : 0);
        },
      ]),
  ),
);

/** Whether what is found, or that nothing is, has a property. */
const PROPERTIES = new Map<string, (value: Json | undefined) => boolean>([
  ["IsPresent", (value) => value !== undefined],
  ["IsNull", (value) => value === null],
  ["IsBoolean", (value) => typeof value === "boolean"],
  ["IsNumeric", (value) => typeof value === "number"],
  ["IsString", (value) => typeof value === "string"],
  ["IsTimestamp", (value) => readTimestamp(value) !== undefined],
]);

const PATHS = [...COMPARISONS.keys()].map((name) => `${name}Path`);
const NAMES = [...COMPARISONS.keys(), ...PATHS, "StringMatches", ...PROPERTIES.keys()];
const LOGIC = ["And", "Or", "Not"];

/** @param fields a rule, whose Next and Assign are read elsewhere */
export function compileRule(fields: Fields): Expression<boolean> {
  const [operator, ...others] = fields.names.filter((name) => NAMES.includes(name) || LOGIC.includes(name));
  if (operator === undefined || others.length > 0) {
    fields.place.refuse(
      `needs one comparison, or one of And, Or and Not; got ${[operator, ...others].join(", ") || "none"}`,
    );
    return async () => false;
  }
  return LOGIC.includes(operator) ? compileLogic(fields, operator) : compileComparison(fields, operator);
}

/** Every comparison there is. */
compileRule.comparisons = NAMES;

function compileLogic(fields: Fields, operator: string): Expression<boolean> {
  const inner = (raw: Json, index?: number): Expression<boolean> => {
    const rule = Fields.of(raw, index === undefined ? fields.at(operator) : fields.at(operator).at(index));
    rule.expectOnly(["Variable", "Comment", ...NAMES, ...LOGIC], "a rule inside of another");
    return compileRule(rule);
  };
  if (operator === "Not") {
    const rule = inner(fields.value("Not") ?? null);
    return async (scope) => !(await rule(scope));
  }
  const rules = fields.list(operator).map(inner);
  return async (scope) => {
    for (const rule of rules) if ((await rule(scope)) === (operator === "Or")) return operator === "Or";
    return operator === "And";
  };
}

function compileComparison(fields: Fields, operator: string): Expression<boolean> {
  const variable = pathOf(fields, "Variable");
  const property = PROPERTIES.get(operator);
  if (property !== undefined) {
    const isWanted = fields.flag(operator);
    return async (scope) => property(find(variable, scope, ofInput)) === isWanted;
  }
  if (operator === "StringMatches") {
    const pattern = compilePattern(fields.text(operator));
    return async (scope) => {
      const value = present(variable, scope, fields);
      return typeof value === "string" && pattern.test(value);
    };
  }
  const compare = COMPARISONS.get(operator) ?? COMPARISONS.get(operator.slice(0, -"Path".length));
  if (operator.endsWith("Path")) {
    const other = pathOf(fields, operator);
    return async (scope) => compare?.(present(variable, scope, fields), present(other, scope, fields)) ?? false;
  }
  const wanted = fields.value(operator) ?? null;
  const [kind = ""] = Object.keys(KINDS).filter((each) => operator.startsWith(each));
  if (KINDS[kind]?.(wanted) === undefined) fields.at(operator).refuse(`cannot compare with ${kindOf(wanted)}`);
  return async (scope) => compare?.(present(variable, scope, fields), wanted) ?? false;
}

function present(path: Path, scope: Scope, fields: Fields): Json {
  const value = find(path, scope, ofInput);
  if (value !== undefined) return value;
  const { field } = fields.place;
  throw new EvaluationFailure(
    RUNTIME,
    `Invalid path '${path.source}': the choice state's condition path references an invalid value.`,
    field,
  );
}

function pathOf(fields: Fields, name: string): Path {
  try {
    const path = parsePath(fields.text(name));
    if (!path.isReference) fields.at(name).refuse(`must name one place, got ${path.source}`);
    return path;
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    if (fields.has(name)) fields.at(name).refuse(error.message);
    return parsePath("$");
  }
}

/** `*` stands for any characters, `\*` for itself. */
function compilePattern(glob: string): RegExp {
  const source = glob.replace(
    /\\([\\*])|(\*+)|([.+?^${}()|[\]\\])/g,
    (_, escaped?: string, any?: string, special?: string) => {
      if (any !== undefined) return "[^]*";
      return `\\${escaped ?? special ?? ""}`;
    },
  );
  return new RegExp(`^${source}$`);
}
