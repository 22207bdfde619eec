/** Rules about who may become a role, as data; `trust.ts` applies them. */
import { type Rule, userGuide } from "../rule";

const confused = userGuide("confused-deputy");

export const ANYONE: Rule = {
  id: "trust-anyone",
  severity: "critical",
  catches: "a role that anybody may take on",
  why: "Every account of AWS can act with its rights.",
  documentation: userGuide("reference_policies_elements_principal"),
};
export const WHOLE_ACCOUNT: Rule = {
  id: "trust-whole-account",
  severity: "medium",
  catches: "a role that a whole account may take on, without external id, organisation or other condition",
  why: "Everybody who can write policies there decides who becomes the role.",
  documentation: userGuide("id_roles_common-scenarios_third-party"),
};
export const FOREIGN_ACCOUNT: Rule = {
  id: "trust-foreign-account",
  severity: "high",
  catches: "a role that an account may take on which is not among the known ones",
  why: "Nobody here decides who signs in there.",
  documentation: userGuide("id_roles_common-scenarios_third-party"),
};
export const DEPUTY: Rule = {
  id: "trust-confused-deputy",
  severity: "medium",
  catches: "a service that works for many accounts and says for which, unasked",
  why: "Somebody else's resource can make the service act with this role.",
  documentation: confused,
};
export const SUBJECT: Rule = {
  id: "oidc-subject-loose",
  severity: "critical",
  catches: "a web identity provider trusted without a subject, or with one that others can match",
  why: "Everybody with a token of the provider can take the role on.",
  documentation: userGuide("id_roles_create_for-idp_oidc"),
};
export const DEAD: Rule = {
  id: "trust-action-mismatch",
  severity: "medium",
  catches: "a principal that is trusted with an action it cannot call",
  why: "Nobody can take the role on this way, so the trust is widened blindly.",
  documentation: userGuide("id_credentials_temp_request"),
};
export const NOT_PRINCIPAL: Rule = {
  id: "not-principal-allow",
  severity: "critical",
  catches: "Allow with NotPrincipal",
  why: "It opens the door to everybody else in the world, strangers included.",
  documentation: userGuide("reference_policies_elements_notprincipal"),
};

export const TRUST_RULES: readonly Rule[] = [
  ANYONE,
  WHOLE_ACCOUNT,
  FOREIGN_ACCOUNT,
  DEPUTY,
  SUBJECT,
  DEAD,
  NOT_PRINCIPAL,
];
