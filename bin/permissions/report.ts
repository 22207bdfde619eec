/** What every role was granted, what of it the last full run used, and what it was denied. */
import { grantKey, type Grant } from "./matrix";
import type { RecordedRun } from "./recorded";

interface Place {
  readonly action: string;
  readonly resource: string;
  /** Sid of the statement in the role's policy. */
  readonly statement: string;
}

export interface RoleReport {
  readonly role: string;
  readonly granted: readonly Place[];
  readonly used: readonly Place[];
  readonly unused: readonly (Place & { readonly reason?: string })[];
  readonly denied: readonly (Omit<Place, "statement"> & { readonly message: string; readonly count: number })[];
}

export function reportRoles(grants: readonly Grant[], run: Pick<RecordedRun, "used" | "denied">): RoleReport[] {
  const used = new Set(run.used);
  const names = [...new Set([...grants.map(({ role }) => role), ...run.denied.map(({ role }) => role)])].sort();
  return names.map((role) => {
    const own = grants.filter((grant) => grant.role === role);
    const isUsed = (grant: Grant): boolean => used.has(grantKey(grant));
    return {
      role,
      granted: own.map(placeOf),
      used: own.filter(isUsed).map(placeOf),
      unused: own
        .filter((grant) => !isUsed(grant))
        .map((grant) => ({ ...placeOf(grant), ...(grant.idle === undefined ? {} : { reason: grant.idle }) })),
      denied: run.denied
        .filter((denial) => denial.role === role)
        .map(({ action, resource, message, count }) => ({ action, resource, message, count })),
    };
  });
}

/** A denied call is a missing grant; an unused grant without a reason is one too many. */
export function faultsOf(roles: readonly RoleReport[]): string[] {
  return roles.flatMap(({ role, unused, denied }) => [
    ...denied.map(({ message, count }) => `${role} was denied ${count} times: ${message}`),
    ...unused
      .filter(({ reason }) => reason === undefined)
      .map(({ action, resource }) => `${role} never used ${action} on ${resource}, and nothing says why it should not`),
  ]);
}

function placeOf({ action, resource, sid }: Grant): Place {
  return { action, resource, statement: sid };
}

export function renderRole({ role, used, unused, denied }: RoleReport): string {
  const line = (mark: string, { action, resource, statement }: Place): string =>
    `  ${mark.padEnd(8)}${action.padEnd(34)} ${statement.padEnd(30)} ${resource}`;
  return [
    role,
    ...used.map((place) => line("used", place)),
    ...unused.flatMap((place) => [line("unused", place), `          ${place.reason ?? "WITHOUT A REASON"}`]),
    ...denied.map(({ action, resource, count }) => `  DENIED  ${action.padEnd(34)} ${resource} (${count} times)`),
  ].join("\n");
}
