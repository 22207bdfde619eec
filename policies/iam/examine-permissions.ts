/** What is wrong with the joined whole of one role: its identity statements under its boundary, its trust, its users. */
import { examineDocument } from "./examine-document";
import type { Permissions } from "./effective/permissions";
import type { Finding } from "./finding";
import { readDocument } from "./read/document";
import { CHECKS, FORM_CHECKS } from "./rules";
import { escalations } from "./rules/escalation";
import { passedRoles, permissionsOf, usersOf } from "./rules/joined";
import { managedPolicies } from "./rules/managed";
import type { Check } from "./rules/scene";
import type { Attached, RoleSubject } from "./subject";

/**
 * Findings of each document, named by its source, then those that only the whole shows. A Deny in one document holds
 * for all, and what the boundary leaves out is not granted.
 */
export function examinePermissions(role: RoleSubject): readonly Finding[] {
  const { identity, boundary, trust, arn, roles = [], managedPolicies: managed = [] } = role;
  const permissions = permissionsOf(role);
  return [
    ...identity.flatMap((attached) => examine(attached, role, permissions, CHECKS)),
    ...(boundary === undefined ? [] : examine(boundary, role, permissions, FORM_CHECKS)),
    ...(trust === undefined ? [] : named(trust, examineDocument(trust.document, { ...role, kind: "trust" }))),
    ...managedPolicies(managed),
    ...escalations(permissions, arn),
    ...passedRoles(permissions, roles),
    ...usersOf(role),
  ];
}

function examine(
  attached: Attached,
  role: RoleSubject,
  permissions: Permissions,
  checks: readonly Check[],
): readonly Finding[] {
  const subject = { ...role, kind: "identity", attachment: "role-inline" } as const;
  const { findings, document } = readDocument(attached.document, subject);
  if (document === undefined) return named(attached, findings);
  const scene = { document, subject, permissions };
  const judged = document.statements.flatMap((statement) => checks.flatMap((check) => check(statement, scene)));
  return named(attached, [...findings, ...judged]);
}

function named({ source }: Attached, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, source }));
}
