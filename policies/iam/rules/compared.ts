/** Rules that hold a document against something outside it; `compare.ts` applies them. */
import { type Rule, userGuide } from "../rule";

export const NEW_ACCESS: Rule = {
  id: "new-access",
  severity: "high",
  catches: "access that the reference document does not grant",
  why: "Rights only grow by being looked at.",
  documentation: userGuide("access-analyzer-custom-policy-checks"),
};

export const FORBIDDEN_ACCESS: Rule = {
  id: "forbidden-access",
  severity: "critical",
  catches: "access to what was named as never to be granted",
  why: "Somebody decided that nobody gets it this way.",
  documentation: userGuide("access-analyzer-custom-policy-checks"),
};

export const COMPARED_RULES: readonly Rule[] = [NEW_ACCESS, FORBIDDEN_ACCESS];
