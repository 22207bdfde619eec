/** Who may become a role. */
import { CALLS_FOR_OTHERS } from "../catalogue/services";
import { subjectOf } from "../catalogue/subjects";
import { narrowingKeys } from "../condition/narrowed";
import { heldKeys } from "../condition/constraint";
import { idOf, type Principal, type Statement } from "../document";
import type { Finding } from "../finding";
import { nameOf, textOf } from "../leaf";
import { find, type Rule, userGuide } from "../rule";
import type { Check, Scene } from "./scene";

const confused = userGuide("confused-deputy");

const ANYONE: Rule = {
  id: "trust-anyone",
  severity: "critical",
  catches: "a role that anybody may take on",
  why: "Every account of AWS can act with its rights.",
  documentation: userGuide("reference_policies_elements_principal"),
};
const WHOLE_ACCOUNT: Rule = {
  id: "trust-whole-account",
  severity: "medium",
  catches: "a role that a whole account may take on, without external id, organisation or other condition",
  why: "Everybody who can write policies there decides who becomes the role.",
  documentation: userGuide("id_roles_common-scenarios_third-party"),
};
const FOREIGN_ACCOUNT: Rule = {
  id: "trust-foreign-account",
  severity: "high",
  catches: "a role that an account may take on which is not among the known ones",
  why: "Nobody here decides who signs in there.",
  documentation: userGuide("id_roles_common-scenarios_third-party"),
};
const DEPUTY: Rule = {
  id: "trust-confused-deputy",
  severity: "medium",
  catches: "a service that works for many accounts and says for which, unasked",
  why: "Somebody else's resource can make the service act with this role.",
  documentation: confused,
};
const SUBJECT: Rule = {
  id: "oidc-subject-loose",
  severity: "critical",
  catches: "a web identity provider trusted without a subject, or with one that others can match",
  why: "Everybody with a token of the provider can take the role on.",
  documentation: userGuide("id_roles_create_for-idp_oidc"),
};
const NOT_PRINCIPAL: Rule = {
  id: "not-principal-allow",
  severity: "critical",
  catches: "Allow with NotPrincipal",
  why: "It opens the door to everybody else in the world, strangers included.",
  documentation: userGuide("reference_policies_elements_notprincipal"),
};

export const TRUST_RULES: readonly Rule[] = [ANYONE, WHOLE_ACCOUNT, FOREIGN_ACCOUNT, DEPUTY, SUBJECT, NOT_PRINCIPAL];

export const notPrincipal: Check = (statement) => {
  const { effect, principals } = statement;
  if (effect !== "Allow" || principals?.not !== true) return [];
  return [
    find(NOT_PRINCIPAL, {
      place: principals.place,
      statement: idOf(statement),
      what: "everybody but those listed is allowed",
      fix: 'name who may in "Principal"',
    }),
  ];
};

export const trust: Check = (statement, scene) => {
  const { effect, principals } = statement;
  if (effect !== "Allow" || scene.document.kind !== "trust" || principals === undefined || principals.not) return [];
  return principals.values.flatMap((principal) => {
    switch (principal.type) {
      case "everyone":
        return anyone(statement, principal, scene);
      case "AWS":
        return textOf(principal.leaf) === "*"
          ? anyone(statement, principal, scene)
          : account(statement, principal, scene);
      case "Service":
        return deputy(statement, principal, scene);
      case "Federated":
        return federated(statement, principal);
      case "CanonicalUser":
        return [];
    }
  });
};

function anyone(statement: Statement, principal: Principal, { document }: Scene): readonly Finding[] {
  if (narrowingKeys(statement, document).size > 0) return [];
  return [
    report(ANYONE, statement, principal, "anybody may take the role on", "name the roles or services that need it"),
  ];
}

function account(statement: Statement, principal: Principal, scene: Scene): readonly Finding[] {
  const text = textOf(principal.leaf) ?? "";
  const id = /^\d{12}$/.exec(text)?.[0] ?? /::(\d{12}):/.exec(text)?.[1];
  const { account: own, knownAccounts = [] } = scene.subject;
  const held = narrowingKeys(statement, scene.document, (key) => !HOW_IT_COMES.test(key));
  if (id === undefined || held.size > 0) return [];
  const foreign = own !== undefined && id !== own && !knownAccounts.includes(id);
  if (foreign) {
    return [
      report(
        FOREIGN_ACCOUNT,
        statement,
        principal,
        `account ${id} is not known and may take the role on`,
        'require an external id: {"StringEquals": {"sts:ExternalId": "..."}}, or add it to the known accounts',
      ),
    ];
  }
  const whole = !/:(role|user|assumed-role|federated-user)\//.test(text);
  if (!whole || id === own || knownAccounts.includes(id)) return [];
  return [
    report(
      WHOLE_ACCOUNT,
      statement,
      principal,
      `all of account ${id} may take the role on`,
      "name the role in it, or require an external id, an organisation or MFA",
    ),
  ];
}

/** These say how a request travels, not who sends it. */
const HOW_IT_COMES = /^aws:(securetransport|requestedregion|useragent|referer|currenttime|epochtime)$/;

function deputy(statement: Statement, principal: Principal, { document, subject }: Scene): readonly Finding[] {
  const name = textOf(principal.leaf);
  if (name === undefined || !CALLS_FOR_OTHERS.has(name.replace(/\.amazonaws\.com(\.cn)?$/, ""))) return [];
  const names = (key: string): boolean =>
    /^aws:source(arn|account|orgid|orgpaths)$/.test(key) || key === "sts:externalid";
  if (narrowingKeys(statement, document, names).size > 0) return [];
  const own = subject.account ?? "123456789012";
  return [
    report(
      DEPUTY,
      statement,
      principal,
      `${name} may take the role on for any account`,
      `add {"StringEquals": {"aws:SourceAccount": "${own}"}}, or the ARN in aws:SourceArn`,
    ),
  ];
}

function federated(statement: Statement, principal: Principal): readonly Finding[] {
  const name = textOf(principal.leaf) ?? "";
  if (name.includes(":saml-provider/")) return [];
  const { claims, firm } = subjectOf(name);
  const held = heldKeys(statement);
  const tested = statement.conditions.filter(
    ({ key }) => claims.test(key.toLowerCase()) && held.has(key.toLowerCase()),
  );
  const accuse = (what: string): readonly Finding[] => {
    const fix = "name the owner before any wildcard, e.g. repo:organisation/repository:ref:refs/heads/main";
    return [report(SUBJECT, statement, principal, what, fix)];
  };
  if (tested.length === 0) return accuse(`every token of ${name} is good enough`);
  const names = tested.some(({ key, values }) =>
    values.every(({ leaf }) => (key.toLowerCase().endsWith(":sub") ? firm : /^[^*?]/).test(textOf(leaf) ?? "unknown")),
  );
  return names ? [] : accuse(`the subject of ${name} leaves open whose token it is`);
}

function report(rule: Rule, statement: Statement, { place, leaf }: Principal, what: string, fix: string): Finding {
  return find(rule, { place, statement: idOf(statement), resource: nameOf(leaf), what, fix });
}
