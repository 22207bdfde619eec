/** Every rule there is, in the order of `docs/iam-rules.md`, and what looks at each statement. */
import type { Rule } from "../rule";
import { broadActions, broadResources, BROAD_RULES } from "./broad";
import { COMPARED_RULES } from "./compared";
import { CONDITION_RULES } from "./condition-rules";
import { conditions } from "./conditions";
import { ESCALATION } from "./escalation";
import { exposure, EXPOSURE_RULES } from "./exposure";
import { GRAMMAR_RULES } from "./grammar";
import { JOINED_RULES } from "./joined";
import { knownActions, UNKNOWN_ACTION } from "./known";
import { MANAGED } from "./managed";
import { MISMATCH, resourceForms } from "./mismatch";
import type { Check } from "./scene";
import { resourceScope, SCOPE_RULES } from "./scope";
import { notPrincipal, trust, trustActions } from "./trust";
import { TRUST_RULES } from "./trust-rules";

export interface Chapter {
  readonly title: string;
  readonly rules: readonly Rule[];
}

export const CHAPTERS: readonly Chapter[] = [
  { title: "What is granted", rules: [...BROAD_RULES, ...Object.values(SCOPE_RULES), ESCALATION, MANAGED] },
  { title: "Who is trusted", rules: [...TRUST_RULES, ...EXPOSURE_RULES] },
  { title: "The whole of a role", rules: JOINED_RULES },
  { title: "Compared with what was agreed", rules: COMPARED_RULES },
  { title: "Conditions", rules: CONDITION_RULES },
  { title: "Names and forms", rules: [UNKNOWN_ACTION, MISMATCH] },
  { title: "Grammar", rules: GRAMMAR_RULES },
];

/** Those that look at what a boundary says: its breadth is its purpose. */
export const FORM_CHECKS: readonly Check[] = [knownActions, resourceForms, conditions];

/** In the order in which findings of one statement are shown. */
export const CHECKS: readonly Check[] = [
  notPrincipal,
  trust,
  trustActions,
  exposure,
  broadActions,
  broadResources,
  resourceScope,
  knownActions,
  resourceForms,
  conditions,
];
