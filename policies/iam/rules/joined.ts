/** What only the whole of a role shows: whom it may pass on, and whether those who trust it are those who use it. */
import { readDocument } from "../read/document";
import { Permissions, type Sourced } from "../effective/permissions";
import type { Grant } from "../effective/permissions";
import { idOf, type Document } from "../document";
import type { Finding } from "../finding";
import { textOf } from "../leaf";
import { matchesGlob } from "../pattern/glob";
import { arnsMeet } from "../pattern/arn";
import { find, type Rule, userGuide } from "../rule";
import type { Attached, PassableRole, RoleSubject } from "../subject";
import { escalations, isAdministrator } from "./escalation";
import { isEverything, listed } from "./scene";

const STRONGER: Rule = {
  id: "pass-role-stronger",
  severity: "critical",
  catches: "iam:PassRole on a role of the same stack that can do everything, or get there",
  why: "Whoever starts something with that role takes its rights on.",
  documentation: userGuide("id_roles_use_passrole"),
};
const DEAD: Rule = {
  id: "pass-role-untrusting",
  severity: "low",
  catches: "iam:PassRole for a service that the passed role does not trust",
  why: "The call fails, and the grant is widened blindly.",
  documentation: userGuide("id_roles_use_passrole"),
};
const USERS: Rule = {
  id: "trust-differs-from-use",
  severity: "medium",
  catches: "a role that trusts a service which does not use it, or is used by one it does not trust",
  why: "Each service that may take a role on is one more way to its rights.",
  documentation: userGuide("id_roles_terms-and-concepts"),
};

export const JOINED_RULES: readonly Rule[] = [STRONGER, DEAD, USERS];

export function sourced({ source, document }: Attached): readonly Sourced[] {
  const { document: read } = readDocument(document, { kind: "identity" });
  return read === undefined ? [] : [{ source, document: read }];
}

export function permissionsOf({ identity, boundary }: Pick<PassableRole, "identity" | "boundary">): Permissions {
  return new Permissions(identity.flatMap(sourced), boundary && sourced(boundary)[0]);
}

/** Named roles only: a star has a finding of its own. */
export function passedRoles(permissions: Permissions, roles: readonly PassableRole[]): readonly Finding[] {
  const grants = permissions.grantsOf("iam:PassRole").filter(({ breadth }) => breadth === "named");
  return grants.flatMap((grant) =>
    roles.filter(({ arn }) => arnsMeet(grant.resource, arn)).flatMap((role) => judgePass(grant, role)),
  );
}

function judgePass(grant: Grant, role: PassableRole): readonly Finding[] {
  const where = {
    place: grant.by.place,
    statement: idOf(grant.statement),
    actions: ["iam:PassRole"],
    resource: grant.resource,
  };
  const passed = permissionsOf(role);
  const path = escalations(passed, role.arn)[0];
  if (isAdministrator(passed) || path !== undefined) {
    const how = path === undefined ? "may do everything" : `can get everything with ${listed(path.actions ?? [])}`;
    return [
      withSource(
        grant,
        find(STRONGER, {
          ...where,
          what: `${role.name} may be passed on and ${how}`,
          fix: "take those rights from it, or do not pass it",
        }),
      ),
    ];
  }
  const services = servicesOf(role);
  const wanted = grant.statement.conditions
    .filter(({ key }) => key.toLowerCase() === "iam:passedtoservice")
    .flatMap(({ values }) => values.map(({ leaf }) => textOf(leaf) ?? "*"));
  const trusted =
    wanted.length === 0 ||
    services === undefined ||
    wanted.some((one) => services.some((name) => matchesGlob(one, name)));
  if (trusted) return [];
  return [
    withSource(
      grant,
      find(DEAD, {
        ...where,
        what: `${role.name} is passed to ${listed(wanted)} but trusts ${listed(services)}`,
        fix: "pass it to the service it trusts, or let it trust that one",
      }),
    ),
  ];
}

function withSource({ source }: Sourced, finding: Finding): Finding {
  return source === undefined ? finding : { ...finding, source };
}

/** Services that a role's trust allows; undefined when it has none to read. */
function servicesOf({ trust }: Pick<RoleSubject, "trust">): readonly string[] | undefined {
  const document = trust && readDocument(trust.document, { kind: "trust" }).document;
  return document && trustedServices(document);
}

function trustedServices({ statements }: Document): readonly string[] {
  return statements
    .filter(({ effect, principals }) => effect === "Allow" && principals?.not === false)
    .flatMap(({ principals }) => principals?.values ?? [])
    .filter(({ type }) => type === "Service" || type === "everyone")
    .map(({ leaf }) => textOf(leaf) ?? "*");
}

export function usersOf({ trust, usedBy }: RoleSubject): readonly Finding[] {
  const services = servicesOf({ ...(trust === undefined ? {} : { trust }) });
  if (trust === undefined || usedBy === undefined || services === undefined || services.some(isEverything)) return [];
  const idle = services.filter((name) => !usedBy.includes(name));
  const locked = usedBy.filter((name) => !services.includes(name));
  const report = (what: string, fix: string): Finding => ({
    ...find(USERS, { place: "Statement", what, fix }),
    source: trust.source,
  });
  return [
    ...idle.map((name) => report(`${name} is trusted but does not use the role`, "take it out of the trust policy")),
    ...locked.map((name) => report(`${name} uses the role but is not trusted`, "add it to the trust policy")),
  ];
}
