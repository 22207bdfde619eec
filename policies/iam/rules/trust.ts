/** Who may become a role. */
import { CALLS_FOR_OTHERS } from "../catalogue/services";
import { subjectOf } from "../catalogue/subjects";
import { narrowingKeys } from "../condition/narrowed";
import { heldKeys } from "../condition/constraint";
import { idOf, type Principal, type Statement } from "../document";
import type { Finding } from "../finding";
import { nameOf, textOf } from "../leaf";
import { find, type Rule } from "../rule";
import { actionsOf, type Check, listed, type Scene } from "./scene";
import { ANYONE, DEAD, DEPUTY, FOREIGN_ACCOUNT, NOT_PRINCIPAL, SUBJECT, WHOLE_ACCOUNT } from "./trust-rules";

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

/** How each kind of principal takes a role on; what only shapes a session may be granted to all of them. */
export const trustActions: Check = (statement, { document }) => {
  const { effect, principals, actions } = statement;
  if (effect !== "Allow" || document.kind !== "trust" || principals === undefined || actions.not) return [];
  const taking = actionsOf(statement).filter(({ name }) => name.startsWith("Assume"));
  if (taking.length === 0) return [];
  return principals.values.flatMap((principal) => {
    const wanted = takesRoleBy(principal);
    if (taking.some(({ name }) => name === wanted)) return [];
    const what = `${nameOf(principal.leaf)} cannot call ${listed(taking.map(({ id }) => id))}`;
    return [report(DEAD, statement, principal, what, `allow sts:${wanted}`)];
  });
};

function takesRoleBy({ type, leaf }: Principal): string {
  if (type !== "Federated") return "AssumeRole";
  return textOf(leaf)?.includes(":saml-provider/") === true ? "AssumeRoleWithSAML" : "AssumeRoleWithWebIdentity";
}

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
