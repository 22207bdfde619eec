/** The resources of a graph as a tree of components, and one of them in full. Secrets are named and never shown. */
import { renderSource } from "../../local/diagnostics";
import { optionalText, type Graph, type Resource } from "../../local/graph/graph";
import { Asset, isRecord, unknown, type PropertyPath, type Value } from "../../local/graph/value";
import type { ResourceDetail, TreeNode } from "./wire";

export function growTree(graph: Graph): TreeNode[] {
  const children = Map.groupBy(graph.resources, ({ parent }) => parent ?? "");
  const grow = (resource: Resource): TreeNode => ({
    urn: resource.urn,
    name: resource.name,
    type: resource.type,
    kind: resource.kind,
    source: sourceOf(resource),
    children: (children.get(resource.urn) ?? []).map(grow).sort(inReadingOrder),
  });
  return (children.get("") ?? []).map(grow);
}

/** @returns nothing when the graph has no such resource */
export function describeResource(graph: Graph, urn: string): ResourceDetail | undefined {
  if (!graph.has(urn)) return undefined;
  const resource = graph.get(urn);
  const { name, type, id, options, inputs, outputs, secrets, wiring } = resource;
  return {
    urn,
    name,
    type,
    source: sourceOf(resource),
    id: secrets.includes("id") ? SECRET : id,
    arn: typeof outputs["arn"] === "string" ? (optionalText(outputs, "arn") ?? null) : null,
    protect: options.protect,
    retainOnDelete: options.retainOnDelete,
    inputs: showValue(inputs, "", new Set(secrets)),
    roles: rolesOf(graph, resource),
    wiring: Object.entries(wiring).flatMap(([input, urns]) =>
      urns.map((wired) => ({ input, urn: wired, name: graph.has(wired) ? graph.get(wired).name : wired })),
    ),
  };
}

export const SECRET = "[secret]";

/** JSON of a value; what lies at a secret path is replaced, with all that is under it. */
export function showValue(value: Value, path: PropertyPath, secrets: ReadonlySet<PropertyPath>): unknown {
  if (secrets.has(path)) return SECRET;
  if (value === unknown) return "[unknown until it is deployed]";
  if (value instanceof Asset) return showAsset(value);
  if (Array.isArray(value)) {
    return (value as readonly Value[]).map((item, index) => showValue(item, `${path}[${index}]`, secrets));
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, showValue(item, path === "" ? key : `${path}.${key}`, secrets)]),
  );
}

function showAsset({ kind, content, entries }: Asset): string {
  if (kind === "text") return `[text of ${content.length} characters]`;
  const names = Object.keys(entries);
  return names.length > 0 ? `[archive of ${names.join(", ")}]` : `[${kind}]`;
}

/** The roles inside a component, or those that a resource was wired to. */
function rolesOf(graph: Graph, { urn, wiring }: Resource): ResourceDetail["roles"] {
  const inside = graph.ofType("clickstream:iam:Role").filter((role) => isWithin(graph, role, urn));
  const wired = Object.values(wiring)
    .flat()
    .filter((each) => graph.has(each) && graph.get(each).type === "aws:iam/role:Role")
    .map((each) => graph.get(graph.get(each).parent ?? each));
  return [...new Map([...inside, ...wired].map((role) => [role.urn, { name: role.name, urn: role.urn }])).values()];
}

function isWithin(graph: Graph, resource: Resource, urn: string): boolean {
  for (let at: Resource | undefined = resource; at !== undefined;) {
    if (at.urn === urn) return true;
    at = at.parent === undefined ? undefined : graph.get(at.parent);
  }
  return false;
}

function sourceOf({ source }: Resource): string | null {
  return source === undefined ? null : renderSource(source);
}

/** Components first, then by name. */
function inReadingOrder(a: TreeNode, b: TreeNode): number {
  const rank = ({ kind }: TreeNode): number => (kind === "component" ? 0 : 1);
  return rank(a) - rank(b) || a.name.localeCompare(b.name) || a.type.localeCompare(b.type);
}
