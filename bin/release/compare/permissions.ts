/** What roles may do in one graph and could not in another: principal, action, resource. */
import type { Graph } from "../../../local/graph/graph";

export interface Permission {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
}

interface ShownStatement {
  readonly actions: readonly string[];
  readonly targets: readonly { readonly pattern: string }[];
}

export function newPermissions(before: Graph, after: Graph): Permission[] {
  const had = new Set(permissionsOf(before).map(keyOf));
  return permissionsOf(after).filter((permission) => !had.has(keyOf(permission)));
}

function permissionsOf(graph: Graph): Permission[] {
  const all = graph
    .ofType("clickstream:iam:Role")
    .flatMap(({ name: principal, inputs }) =>
      ((inputs["statements"] ?? []) as unknown as readonly ShownStatement[]).flatMap(({ actions, targets }) =>
        actions.flatMap((action) => targets.map(({ pattern: resource }) => ({ principal, action, resource }))),
      ),
    );
  const unique = new Map(all.map((permission) => [keyOf(permission), permission]));
  return [...unique].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, permission]) => permission);
}

function keyOf({ principal, action, resource }: Permission): string {
  return `${principal} ${action} ${resource}`;
}
