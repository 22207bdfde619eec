/** Conditions that do not say what they seem to say. */
import { type Action, catalogue, isKey } from "../catalogue/catalogue";
import { heldKeys, isVoid, namesCaller } from "../condition/constraint";
import { fits, isValue, type Operator, OPERATORS, readOperator } from "../condition/operator";
import { type Condition, idOf, type Statement } from "../document";
import type { Finding } from "../finding";
import { textOf } from "../leaf";
import { hasWildcard } from "../pattern/glob";
import { isProviderKey } from "../read/form";
import { type Detail, find, type Rule } from "../rule";
import {
  CONTRADICTORY,
  INAPPLICABLE,
  KEY,
  LITERAL,
  MFA,
  OPERATOR,
  SINGLE,
  TYPE,
  VACUOUS,
  VALUE,
  VOID,
} from "./condition-rules";
import { actionsOf, type Check, listed } from "./scene";

export const conditions: Check = (statement) => {
  const at = (condition: Condition): ((rule: Rule, what: string, fix: string) => Finding) => {
    const where: Pick<Detail, "place" | "statement"> = { place: condition.place, statement: idOf(statement) };
    return (broken, what, fix) => find(broken, { ...where, what, fix });
  };
  return statement.conditions.flatMap((condition) => {
    const report = at(condition);
    const operator = readOperator(condition.operator);
    if (operator === undefined) {
      return [
        report(OPERATOR, `${condition.operator} is no operator`, `use one of ${listed(OPERATORS, OPERATORS.length)}`),
      ];
    }
    return [
      ...keyProblems(condition, statement, report),
      ...valueProblems(condition, operator, report),
      ...meaningProblems(condition, operator, statement, report),
    ];
  });
};

type Report = (rule: Rule, what: string, fix: string) => Finding;

function keyProblems({ key }: Condition, statement: Statement, report: Report): readonly Finding[] {
  if (isProviderKey(key) && !/^sts:/i.test(key)) return [];
  const known = catalogue().conditionKey(key);
  if (known === undefined) {
    return [report(KEY, `${key} is no condition key`, "look the key up in the service's reference")];
  }
  if (/^(aws|sts):/i.test(key)) return [];
  const knows = (action: Action): boolean => action.keys.some((one) => isKey(one, key));
  const actions = actionsOf(statement);
  if (actions.length === 0 || actions.some(knows)) return [];
  // Keys that no action of their service lists tell of the caller, and come with calls to any service.
  if (
    !catalogue()
      .actionsOf(key.slice(0, key.indexOf(":")))
      .some(knows)
  ) {
    return [];
  }
  return [
    report(
      INAPPLICABLE,
      `${key} is never sent with ${listed(actions.map(({ id }) => id))}`,
      "use a key that these actions know, or move them apart",
    ),
  ];
}

function valueProblems(condition: Condition, operator: Operator, report: Report): readonly Finding[] {
  const known = catalogue().conditionKey(condition.key);
  if (known !== undefined && !fits(operator, known)) {
    return [
      report(
        TYPE,
        `${condition.operator} cannot compare ${known.name}, which is of type ${known.type}`,
        `use an operator for ${known.type}`,
      ),
    ];
  }
  return condition.values.flatMap(({ leaf }) => {
    const text = textOf(leaf);
    if (text === undefined) return [];
    if (!isValue(operator, text)) {
      return [
        report(VALUE, `${condition.operator} cannot read ${text}`, `write a value for ${operator.family} operators`),
      ];
    }
    const plain = text.replaceAll(/\$\{[^}]*\}/g, "");
    const literal = operator.family === "String" && !operator.wildcards && hasWildcard(plain);
    return literal
      ? [
          report(
            LITERAL,
            `${condition.operator} compares ${text} letter by letter`,
            `use ${operator.negated ? "StringNotLike" : "StringLike"}`,
          ),
        ]
      : [];
  });
}

function meaningProblems(
  condition: Condition,
  operator: Operator,
  statement: Statement,
  report: Report,
): readonly Finding[] {
  const key = condition.key.toLowerCase();
  const allows = statement.effect === "Allow";
  const values = condition.values.map(({ leaf }) => textOf(leaf)?.toLowerCase());
  if (key.startsWith("aws:multifactorauth")) return mfaProblems(operator, values, allows, report);
  const known = catalogue().conditionKey(condition.key);
  const found: Finding[] = [];
  if (allows && isVacuous(operator, key, statement)) {
    found.push(
      report(
        VACUOUS,
        `${condition.operator} on ${condition.key} holds when the key is absent`,
        `add {"Null": {"${condition.key}": "false"}}, or drop ${operator.set ?? "IfExists"}`,
      ),
    );
  } else if (operator.set === "ForAllValues" && known?.multivalued === false) {
    found.push(
      report(SINGLE, `${condition.key} has one value, ${operator.set} is for several`, `use ${operator.name}`),
    );
  }
  if (allows && !operator.negated && operator.name !== "Null" && namesCaller(key)) {
    const lets = condition.values.find(({ leaf }) => isVoid(key, textOf(leaf)));
    if (lets !== undefined) {
      found.push(
        report(
          VOID,
          `${textOf(lets.leaf) ?? ""} as ${condition.key} lets every caller through`,
          "name the accounts, resources or addresses that are meant",
        ),
      );
    }
  }
  if (operator.name === "Null" && values.every((value) => value === "true") && wantsValue(statement, condition)) {
    found.push(
      report(
        CONTRADICTORY,
        `${condition.key} must be absent here and have a value elsewhere in the statement`,
        "drop one of the two tests",
      ),
    );
  }
  return found;
}

/** Alone: as soon as another test holds the same statement, the absence of this key opens nothing by itself. */
function isVacuous(operator: Operator, key: string, statement: Statement): boolean {
  if (operator.set !== "ForAllValues" && !operator.ifExists) return false;
  if (operator.name === "Null" || operator.negated) return false;
  const held = heldKeys(statement);
  return !held.has(key) && held.size === 0;
}

function wantsValue({ conditions: all }: Statement, condition: Condition): boolean {
  return all.some((other) => {
    const operator = readOperator(other.operator);
    const needs =
      operator !== undefined &&
      operator.name !== "Null" &&
      !operator.negated &&
      !operator.ifExists &&
      operator.set !== "ForAllValues";
    return other.key.toLowerCase() === condition.key.toLowerCase() && needs;
  });
}

function mfaProblems(
  operator: Operator,
  values: readonly (string | undefined)[],
  allows: boolean,
  report: Report,
): readonly Finding[] {
  const says = (value: string): boolean => values.includes(value);
  if (operator.name === "Null" && allows && says("false")) {
    return [
      report(MFA, "the presence of the key is taken for MFA", 'use {"Bool": {"aws:MultiFactorAuthPresent": "true"}}'),
    ];
  }
  if (allows && operator.ifExists) {
    return [
      report(
        MFA,
        "IfExists lets requests without the key pass",
        'use {"Bool": {"aws:MultiFactorAuthPresent": "true"}} without IfExists',
      ),
    ];
  }
  if (allows && operator.name === "Bool" && says("false")) {
    return [report(MFA, "it is allowed without MFA", 'use {"Bool": {"aws:MultiFactorAuthPresent": "true"}}')];
  }
  if (!allows && operator.name === "Bool" && !operator.ifExists && says("false")) {
    const fix = 'use IfExists, as in {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}';
    return [report(MFA, "requests without the key are not denied", fix)];
  }
  return [];
}
