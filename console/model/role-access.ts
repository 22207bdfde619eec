/** Who may do what to what, whether it was used, and why it is there: the ledger beside the reasons that the program states. */
import { renderSource } from "../../local/diagnostics";
import type { Graph, Resource } from "../../local/graph/graph";
import { isRecord, type Value } from "../../local/graph/value";
import type { LedgerReport, ReportedGrant, RoleReport } from "../../local/iam/ledger";
import type { RoleAccess, StatementAccess } from "./wire";

interface Declared {
  readonly reason: string | null;
  readonly idle: string | null;
}

export function describeAccess(graph: Graph, { roles }: LedgerReport): RoleAccess[] {
  return roles
    .map((report) => describeRole(graph, report))
    .sort((a, b) => a.component.localeCompare(b.component) || a.role.localeCompare(b.role));
}

function describeRole(graph: Graph, { role: urn, granted, used, denied }: RoleReport): RoleAccess {
  const role = graph.has(urn) ? graph.get(urn) : undefined;
  const holder = role?.parent === undefined ? undefined : graph.get(role.parent);
  const declared = declaredBySid(holder);
  const wasUsed = new Set(used.map(keyOf));
  const statements = [...Map.groupBy(granted, sidOf)].map(([sid, grants]): StatementAccess => ({
    sid,
    reason: declared.get(sid)?.reason ?? null,
    idle: declared.get(sid)?.idle ?? null,
    grants: grants.map((grant) => ({
      action: grant.action,
      resource: grant.resource,
      used: wasUsed.has(keyOf(grant)),
    })),
  }));
  return {
    urn,
    role: role?.name ?? urn,
    component: componentOf(graph, holder),
    source: holder?.source === undefined ? null : renderSource(holder.source),
    granted: granted.length,
    used: used.length,
    unexplained: statements
      .filter(({ idle }) => idle === null)
      .reduce((sum, { grants }) => sum + grants.filter((grant) => !grant.used).length, 0),
    statements,
    denied,
  };
}

/** The path of components around a role, outermost first: `ctr / detect`. */
function componentOf(graph: Graph, holder: Resource | undefined): string {
  const names: string[] = [];
  for (let at = parentOf(graph, holder); at?.parent !== undefined; at = parentOf(graph, at)) {
    if (names[0] !== at.name) names.unshift(at.name);
  }
  return names.join(" / ");
}

function parentOf(graph: Graph, resource: Resource | undefined): Resource | undefined {
  return resource?.parent === undefined ? undefined : graph.get(resource.parent);
}

function declaredBySid(holder: Resource | undefined): ReadonlyMap<string, Declared> {
  const statements = holder?.inputs["statements"];
  const records = Array.isArray(statements) ? (statements as readonly Value[]).filter(isRecord) : [];
  const text = (value: Value | undefined): string | null => (typeof value === "string" ? value : null);
  return new Map(
    records.map(({ sid, reason, idle }) => [text(sid) ?? "", { reason: text(reason), idle: text(idle) }] as const),
  );
}

/** The ledger names a statement by its document and sid. */
function sidOf({ statement }: ReportedGrant): string {
  return statement.slice(statement.lastIndexOf(": ") + 2);
}

function keyOf({ action, resource, statement }: ReportedGrant): string {
  return `${action} ${resource} ${statement}`;
}
