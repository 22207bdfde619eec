/** A graph with some of its resources changed or left out, for whoever asks what would happen without them. */
import { Graph, type Resource } from "./graph";

/** @param change answers what stands in a resource's place; undefined leaves it out */
export function altered(graph: Graph, change: (resource: Resource) => Resource | undefined): Graph {
  const result = new Graph(graph.project, graph.stack);
  for (const resource of graph.resources) {
    const changed = change(resource);
    if (changed !== undefined) result.set(changed);
  }
  return result;
}
