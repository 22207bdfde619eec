/** Rules about conditions, as data; `conditions.ts` applies them. */
import { type Rule, userGuide } from "../rule";

const operators = userGuide("reference_policies_elements_condition_operators");
const keys = userGuide("reference_policies_condition-keys");
const multivalued = userGuide("reference_policies_condition-single-vs-multi-valued-context-keys");

function rule(id: string, severity: Rule["severity"], catches: string, why: string, documentation = operators): Rule {
  return { id, severity, catches, why, documentation };
}

export const OPERATOR = rule(
  "condition-operator-unknown",
  "high",
  "a condition operator AWS does not have",
  "AWS refuses the document.",
);
export const KEY = rule(
  "condition-key-unknown",
  "high",
  "a condition key no service has",
  "The key is never in a request, so the statement never or always applies.",
  keys,
);
export const INAPPLICABLE = rule(
  "condition-key-inapplicable",
  "medium",
  "a condition key that none of the statement's actions knows",
  "The key is never in such a request, so the statement never or always applies.",
  keys,
);
export const TYPE = rule(
  "condition-type-mismatch",
  "medium",
  "an operator that cannot compare values of its key",
  "Both sides are read as different things, and the test fails or passes by accident.",
);
export const VALUE = rule(
  "condition-value-invalid",
  "high",
  "a value its operator cannot read",
  "AWS refuses the document, or the test never holds.",
);
export const LITERAL = rule(
  "condition-literal-wildcard",
  "medium",
  "a wildcard in a value that is compared letter by letter",
  "Only a star matches a star there: the test never holds, or its negation always does.",
);
export const VACUOUS = rule(
  "condition-vacuous",
  "high",
  "ForAllValues, or a test with IfExists, alone in an Allow",
  "It holds whenever the key is absent, so leaving the key out is enough.",
  multivalued,
);
export const SINGLE = rule(
  "condition-set-single-valued",
  "low",
  "ForAllValues on a key that has one value",
  "The set operator adds nothing but doubt about absent keys.",
  multivalued,
);
export const MFA = rule(
  "condition-mfa-broken",
  "high",
  "a test for MFA that sessions without MFA pass",
  "The key is absent from requests that long-lived access keys sign, and its mere presence proves nothing.",
  userGuide("reference_policies_condition-keys"),
);
export const VOID = rule(
  "condition-void",
  "medium",
  "a value that lets every caller through",
  "It reads as a restriction and is none.",
  keys,
);
export const CONTRADICTORY = rule(
  "condition-contradictory",
  "medium",
  "a key that must be absent and must have a value",
  "No request can meet both, so the statement never applies.",
);

export const CONDITION_RULES: readonly Rule[] = [
  OPERATOR,
  KEY,
  INAPPLICABLE,
  TYPE,
  VALUE,
  LITERAL,
  VACUOUS,
  SINGLE,
  MFA,
  VOID,
  CONTRADICTORY,
];
