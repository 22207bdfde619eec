/** `clickstream graph`: the resources of a stage, without cloud or CLI. */
import { Command } from "commander";
import { renderSource } from "../../local/diagnostics";
import type { Graph, Resource } from "../../local/graph/graph";

export function graphCommand(): Command {
  return new Command("graph")
    .description("Lists every resource of a stage with the line that declares it")
    .requiredOption("--stage <name>", "stage whose graph to list: local, dev, prod or your own")
    .option("--json", "one JSON document for machines")
    .action(async ({ stage, json }: { stage: string; json?: boolean }) => {
      const { loadStage } = await import("../project");
      const { graph } = await loadStage(stage);
      console.log(json === true ? JSON.stringify({ resources: graph.resources.map(describe) }) : renderTree(graph));
    });
}

function describe({ urn, type, name, parent, source }: Resource): object {
  return { urn, type, name, parent, source: source === undefined ? undefined : renderSource(source) };
}

/** Components as branches, in the order in which the program declares them. */
function renderTree(graph: Graph): string {
  const lines: string[] = [];
  const grow = (resource: Resource, depth: number): void => {
    const { type, name, source } = resource;
    const label = `${"  ".repeat(depth)}${type.split(":").at(-1) ?? type} ${name}`;
    lines.push(source === undefined ? label : `${label.padEnd(64)} ${renderSource(source)}`);
    graph.childrenOf(resource.urn).forEach((child) => grow(child, depth + 1));
  };
  graph.resources.filter(({ parent }) => parent === undefined).forEach((root) => grow(root, 0));
  return `${lines.join("\n")}\n${graph.resources.length} resources`;
}
