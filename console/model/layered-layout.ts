/**
 * Lays a directed graph out in columns, from where things come to where they go: each node right of those that lead to
 * it, few crossings, straight lines where possible. After Sugiyama, Tagawa and Toda (1981): break cycles, assign layers,
 * order within layers, assign rows.
 */

import { spreadRows } from "./row-spread";

export interface Edge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export interface Place {
  readonly column: number;
  /** May be a fraction. */
  readonly row: number;
}

/** Places that an edge runs through, from its beginning to its end. */
export type Route = readonly Place[];

export interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly columns: number;
  readonly rows: number;
}

/** Rows between the parts of a graph that nothing links. */
const GAP = 0.35;
const SWEEPS = 12;

/** An edge that passes a column takes less room than a node. */
const WAYPOINT_HEIGHT = 0.4;
const WAYPOINT = "waypoint of ";
const isWaypoint = (node: string): boolean => node.startsWith(WAYPOINT);

export function layOut(nodes: readonly string[], edges: readonly Edge[]): Layout {
  const known = new Set(nodes);
  const own = edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
  const places = new Map<string, Place>();
  const routes = new Map<string, Route>();
  let [top, columns] = [0, 0];
  for (const part of partsOf(nodes, own)) {
    const inside = own.filter(({ from }) => part.has(from));
    const drawn = layOutPart([...part], inside);
    for (const [node, { column, row }] of drawn.places) places.set(node, { column, row: row + top });
    for (const [edge, route] of drawn.routes)
      routes.set(
        edge,
        route.map(({ column, row }) => ({ column, row: row + top })),
      );
    top += drawn.rows + GAP;
    columns = Math.max(columns, drawn.columns);
  }
  return { places, routes, columns, rows: Math.max(0, top - GAP) };
}

/** What is linked with each other, the largest first. */
function partsOf(nodes: readonly string[], edges: readonly Edge[]): Set<string>[] {
  const part = new Map(nodes.map((node) => [node, new Set([node])]));
  for (const { from, to } of edges) {
    const [left, right] = [part.get(from) as Set<string>, part.get(to) as Set<string>];
    if (left === right) continue;
    for (const node of right) part.set(node, left.add(node));
  }
  return [...new Set(part.values())].sort((a, b) => b.size - a.size);
}

function layOutPart(nodes: readonly string[], edges: readonly Edge[]): Layout {
  const forward = withoutCycles(nodes, edges);
  const layerOf = assignLayers(nodes, forward);
  const { layers, chains } = withWaypoints(nodes, forward, layerOf);
  const links = linksOf(chains);
  orderLayers(layers, links);
  const rowOf = assignRows(layers, links);
  const lowest = Math.min(...rowOf.values());
  const place = (node: string, column: number): Place => ({ column, row: (rowOf.get(node) ?? 0) - lowest });
  const places = new Map(nodes.map((node) => [node, place(node, layerOf.get(node) ?? 0)]));
  const routes = new Map<string, Route>();
  for (const { id, reversed, chain } of chains) {
    const first = layerOf.get(chain[0] as string) ?? 0;
    const route = chain.map((node, step) => place(node, first + step));
    routes.set(id, reversed ? route.reverse() : route);
  }
  return { places, routes, columns: layers.length, rows: Math.max(...rowOf.values()) - lowest + 1 };
}

type ForwardEdge = Edge & { readonly reversed: boolean };

/** Turns round the edges that lead back to where a walk has come from. */
function withoutCycles(nodes: readonly string[], edges: readonly Edge[]): ForwardEdge[] {
  const outgoing = Map.groupBy(edges, ({ from }) => from);
  const state = new Map<string, "open" | "done">();
  const backward = new Set<Edge>();
  const visit = (node: string): void => {
    state.set(node, "open");
    for (const edge of outgoing.get(node) ?? []) {
      if (state.get(edge.to) === "open") backward.add(edge);
      else if (state.get(edge.to) === undefined) visit(edge.to);
    }
    state.set(node, "done");
  };
  const sources = nodes.filter((node) => !edges.some(({ to }) => to === node));
  for (const node of [...sources, ...nodes]) if (state.get(node) === undefined) visit(node);
  return edges.map((edge) => {
    const reversed = backward.has(edge);
    return reversed ? { ...edge, from: edge.to, to: edge.from, reversed } : { ...edge, reversed };
  });
}

/** The longest way to each node; what nothing leads to stands right before what it leads to. */
function assignLayers(nodes: readonly string[], edges: readonly ForwardEdge[]): Map<string, number> {
  const layers = new Map<string, number>();
  const incoming = Map.groupBy(edges, ({ to }) => to);
  const outgoing = Map.groupBy(edges, ({ from }) => from);
  const layerOf = (node: string): number => {
    const known = layers.get(node);
    if (known !== undefined) return known;
    const layer = Math.max(-1, ...(incoming.get(node) ?? []).map(({ from }) => layerOf(from))) + 1;
    layers.set(node, layer);
    return layer;
  };
  nodes.forEach(layerOf);
  for (const node of nodes) {
    const next = (outgoing.get(node) ?? []).map(({ to }) => layers.get(to) ?? 0);
    if (!incoming.has(node) && next.length > 0) layers.set(node, Math.min(...next) - 1);
  }
  return layers;
}

interface Chain {
  readonly id: string;
  readonly reversed: boolean;
  readonly chain: readonly string[];
}

/** Edges over several layers get a waypoint in each of them. */
function withWaypoints(
  nodes: readonly string[],
  edges: readonly ForwardEdge[],
  layerOf: ReadonlyMap<string, number>,
): { layers: string[][]; chains: Chain[] } {
  const layers: string[][] = Array.from({ length: Math.max(0, ...layerOf.values()) + 1 }, () => []);
  for (const node of nodes) layers[layerOf.get(node) ?? 0]?.push(node);
  const chains = edges.map(({ id, from, to, reversed }) => {
    const chain = [from];
    for (let layer = (layerOf.get(from) ?? 0) + 1; layer < (layerOf.get(to) ?? 0); layer++) {
      const waypoint = `${WAYPOINT}${id}@${layer}`;
      layers[layer]?.push(waypoint);
      chain.push(waypoint);
    }
    return { id, reversed, chain: [...chain, to] };
  });
  return { layers, chains };
}

interface Links {
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly after: ReadonlyMap<string, readonly string[]>;
}

function linksOf(chains: readonly Chain[]): Links {
  const [before, after] = [new Map<string, string[]>(), new Map<string, string[]>()];
  const add = (map: Map<string, string[]>, node: string, other: string): void =>
    void map.set(node, [...(map.get(node) ?? []), other]);
  for (const { chain } of chains) {
    chain.slice(1).forEach((node, index) => {
      add(before, node, chain[index] as string);
      add(after, chain[index] as string, node);
    });
  }
  return { before, after };
}

/** Puts each node at the mean place of its neighbours, there and back. */
function orderLayers(layers: string[][], { before, after }: Links): void {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const ahead = sweep % 2 === 0;
    for (const layer of ahead ? layers : [...layers].reverse()) {
      const place = new Map(layers.flatMap((each) => each.map((node, index) => [node, index] as const)));
      const mean = (node: string): number => {
        const near = (ahead ? before : after).get(node) ?? [];
        return near.length === 0 ? (place.get(node) ?? 0) : meanOf(near.map((other) => place.get(other) ?? 0));
      };
      const wanted = new Map(layer.map((node) => [node, mean(node)]));
      layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    }
  }
}

/** Rows in the order of each layer, as near to the neighbours' as their heights allow. */
function assignRows(layers: readonly (readonly string[])[], { before, after }: Links): Map<string, number> {
  const rows = new Map(
    layers.flatMap((layer) => layer.map((node, index) => [node, index - layer.length / 2] as const)),
  );
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      const standing = layer.map((node) => {
        const near = [...(before.get(node) ?? []), ...(after.get(node) ?? [])];
        const wanted = near.length === 0 ? (rows.get(node) ?? 0) : meanOf(near.map((other) => rows.get(other) ?? 0));
        return { wanted, height: isWaypoint(node) ? WAYPOINT_HEIGHT : 1 };
      });
      spreadRows(standing).forEach((row, index) => rows.set(layer[index] as string, row));
    }
  }
  return rows;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
