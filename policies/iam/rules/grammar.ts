/** Rules of the policy language itself: what breaks them is refused by AWS, or means something else than it says. */
import { type Rule, userGuide } from "../rule";

const grammar = userGuide("reference_policies_grammar");

function rule(id: string, severity: Rule["severity"], catches: string, why: string, documentation = grammar): Rule {
  return { id, severity, catches, why, documentation };
}

export const UNREADABLE = rule(
  "document-unreadable",
  "high",
  "a document that is empty, no JSON, or no object",
  "Nobody can say what it grants, and AWS refuses it.",
);
export const DUPLICATE_KEY = rule(
  "duplicate-key",
  "high",
  "a key that stands twice in one object",
  "Only the last one counts, so what is granted is not what is read.",
);
export const UNKNOWN_ELEMENT = rule(
  "element-unknown",
  "high",
  "an element that does not exist, or not in this kind of policy",
  "AWS refuses the document, or never applies what the element was meant to say.",
);
export const MISSING_ELEMENT = rule(
  "element-missing",
  "high",
  "an element that the grammar requires",
  "Without it the statement grants nothing, or AWS refuses the document.",
);
export const MALFORMED_ELEMENT = rule(
  "element-malformed",
  "high",
  "an element of the wrong type or form",
  "AWS refuses the document, so what it should guard or grant is not in force.",
);
export const REPEATED_SID = rule(
  "sid-repeated",
  "medium",
  "two statements of one Sid",
  "A Sid names one statement: IAM refuses the document, and a waiver could not tell them apart.",
  userGuide("reference_policies_elements_sid"),
);
export const REPEATED_VALUE = rule(
  "value-repeated",
  "low",
  "a value that stands twice in one list, or a statement that stands twice",
  "It grants nothing more, and whoever removes one of them believes to have taken the grant away.",
  userGuide("access-analyzer-reference-policy-checks"),
);
export const OVERSIZED = rule(
  "document-oversized",
  "high",
  "a document longer than AWS takes",
  "AWS refuses it.",
  userGuide("reference_iam-quotas"),
);
export const VARIABLE = rule(
  "variable-broken",
  "high",
  "a policy variable that is malformed, unknown, or stands where none is read",
  "It is compared as plain text or never has a value, so the statement does not match what it names.",
  userGuide("reference_policies_variables"),
);
export const UNPROVEN = rule(
  "unproven",
  "high",
  "a value that is not known yet and has no declared pattern",
  "What the statement grants cannot be judged before it is deployed.",
  userGuide("access_policies"),
);
export const VERSIONLESS = rule(
  "version-missing",
  "low",
  "a document without a version",
  "It is read by the language of 2008, in which a policy variable is plain text.",
  userGuide("reference_policies_elements_version"),
);
export const ON_USER = rule(
  "policy-on-user",
  "low",
  "a policy on a user",
  "Long-lived users with rights of their own are missed when rights are reviewed.",
  userGuide("best-practices"),
);

export const GRAMMAR_RULES: readonly Rule[] = [
  UNREADABLE,
  DUPLICATE_KEY,
  UNKNOWN_ELEMENT,
  MISSING_ELEMENT,
  MALFORMED_ELEMENT,
  REPEATED_SID,
  REPEATED_VALUE,
  OVERSIZED,
  VARIABLE,
  VERSIONLESS,
  UNPROVEN,
  ON_USER,
];
